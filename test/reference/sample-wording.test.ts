import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { plannedVolumes } from '../../src/core/sample/cohort';
import { writeReport } from '../../src/core/sample/report';
import { needShared } from '../shared';

const sequenceLength = 8;

/** Every run of eight words of a text; case and punctuation do not matter. */
function sequences(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words
    .slice(0, Math.max(0, words.length - sequenceLength + 1))
    .map((_, at) => words.slice(at, at + sequenceLength).join(' '));
}

describe('wording of the sample reports', () => {
  for (const table of ['ctrate_reports.csv', 'ctclip_reports_labels.csv']) {
    it(`shares no eight words in a row with the real reports of ${table}`, async function () {
      const path = needShared(this, 'data', 'reports', table);
      const real = new Set(sequences(await readFile(path, 'utf8')));
      assert.ok(real.size > 10_000);
      for (const { scan } of plannedVolumes(0, 1500)) {
        const text = Object.values(writeReport(scan)).join(' ');
        const shared = sequences(text).filter((sequence) => real.has(sequence));
        assert.deepEqual(shared, []);
      }
    });
  }
});
