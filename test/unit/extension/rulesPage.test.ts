import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintRules } from '../../../src/core/dataset/lintRules';

const page = readFileSync(join(import.meta.dirname, '../../../docs/lint.md'), 'utf8');

describe('docs/lint.md', () => {
  it('has a heading for the code of every rule, and no other', () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(
      headings,
      lintRules.map(({ code }) => code),
    );
  });

  it('explains each rule as the table does', () => {
    const words = (text: string): string => text.replaceAll(/[\s\\*_]+/g, '');
    for (const { title, severity, explain } of lintRules) {
      assert.ok(words(page).includes(words(`${title} (${severity}). ${explain}`)), title);
    }
  });
});
