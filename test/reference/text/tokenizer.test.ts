import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { loadTokenizer } from '../../../src/core/text/tokenizer';
import { needShared } from '../../shared';

interface UpstreamCases {
  config: Record<string, Record<string, { text: string; ids: number[]; text_pair?: string }>>;
}
interface ReportCases {
  rows: { id: string; text: string; ids: number[] }[];
}

describe('bert-base-uncased tokenizer against Hugging Face', () => {
  it("equals the upstream test suite's ids", async function () {
    const folder = needShared(this, 'data', 'tokenizers', 'bert-base-uncased');
    const cases = await readJson<UpstreamCases>(
      needShared(this, 'fixtures', 'tokenizer-bert.json'),
    );
    const tokenizer = await loadTokenizer(folder);
    const single = Object.entries(cases.config['Xenova/bert-base-uncased']).filter(
      ([, example]) => example.text_pair === undefined,
    );
    assert.ok(single.length > 20);
    for (const [name, { text, ids }] of single) {
      const encoding = tokenizer.encode(text, 512);
      assert.deepEqual([...encoding.ids.subarray(0, encoding.length)], ids, name);
    }
  });

  it('equals the ids of real reports, and cuts long ones before [SEP]', async function () {
    const folder = needShared(this, 'data', 'tokenizers', 'bert-base-uncased');
    const { rows } = await readJson<ReportCases>(
      needShared(this, 'fixtures', 'tokenizer-bert-reports.json'),
    );
    const tokenizer = await loadTokenizer(folder);
    for (const { id, text, ids } of rows) {
      const whole = tokenizer.encode(text, 4096);
      assert.deepEqual([...whole.ids.subarray(0, whole.length)], ids, id);
      const cut = tokenizer.encode(text, 64);
      assert.equal(cut.truncated, ids.length > 64, id);
      if (cut.truncated) {
        assert.deepEqual([...cut.ids], [...ids.slice(0, 63), 102], id);
      }
    }
  });
});

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
