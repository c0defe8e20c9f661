import assert from 'node:assert/strict';
import { runCommandLine } from '../../../src/cli/program';
import type { OverviewResult } from '../../../src/core/dataset/overviewResult';
import { questionLine, temporaryFolder } from '../dataset/fixtures';

describe('ct-mcqa describe', () => {
  const folder = temporaryFolder();

  async function run(...argv: string[]): Promise<{ exitCode: number; out: string }> {
    let out = '';
    const exitCode = await runCommandLine(argv, {
      terminal: {
        out: { write: (text) => (out += text) },
        err: { write: () => undefined },
      },
      modelsFolder: 'models',
      onInterrupt: () => undefined,
    });
    return { exitCode, out };
  }

  it('prints facts and tables, with the first line of what stands out', async () => {
    const lines = [questionLine({ id: 'a' }), questionLine({ id: 'a', mode: 'impression' })];
    const path = await folder.write('a.mcqa.jsonl', lines.join('\n'));
    const { exitCode, out } = await run('describe', path);
    assert.equal(exitCode, 0);
    assert.match(out, /^questions +2$/m);
    assert.match(out, /^repeated ids +1, first in line 2$/m);
    assert.match(
      out,
      /^position of the true option +true +by chance\n─[^]*?\n1 +2 +0\.0 to 2\.8 by chance\n/m,
    );
    assert.match(out, /^mode +questions\n─[^]*?\nimpression +1\n\(not given\) +1\n/m);
    assert.doesNotMatch(out, /in common/);
  });

  it('prints JSON, and what files have in common', async () => {
    const paths = [
      await folder.write('a.mcqa.jsonl', questionLine()),
      await folder.write('b.mcqa.jsonl', questionLine()),
    ];
    const { out } = await run('describe', ...paths, '--format', 'json');
    const { files, overlaps } = JSON.parse(out) as OverviewResult;
    assert.deepEqual(
      files.map(({ path }) => path),
      paths,
    );
    assert.deepEqual(overlaps, [{ files: [0, 1], volumes: 1, patients: 1, texts: 2 }]);
    assert.match(
      (await run('describe', ...paths)).out,
      /^a\.mcqa\.jsonl and b\.mcqa\.jsonl +1 +1 +2$/m,
    );
  });

  it('ends with 2 where there is no such file', async () => {
    assert.equal((await run('describe', 'nowhere.mcqa.jsonl')).exitCode, 2);
  });
});
