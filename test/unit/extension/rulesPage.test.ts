import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { lintRules } from '../../../src/core/dataset/lint/rules';
import { rulesPage } from '../../../src/core/dataset/lint/rulesPage';

const path = join(import.meta.dirname, '../../../docs/rules.md');
const page = readFileSync(path, 'utf8');

describe('docs/rules.md', () => {
  it('is what the table of rules makes (npm run rules-page)', async () => {
    const style = await prettier.resolveConfig(path);
    assert.equal(page, await prettier.format(rulesPage(), { ...style, filepath: path }));
  });

  it('has one heading for every code, which findings link to', () => {
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings, [...lintRules.map(({ code }) => code), 'MCQ000']);
  });
});
