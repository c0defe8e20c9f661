import assert from 'node:assert/strict';
import { nibabelProblems } from '../../../src/core/volume/headerChecks';
import { wordedMeanings } from '../../../src/core/volume/headerCodes';
import { ownProblems } from '../../../src/core/volume/headerConcerns';
import { extensionProblems } from '../../../src/core/volume/headerExtensions';
import { readJson } from './sourceStrings';

describe('Simplified Chinese of the header page', () => {
  const bundle = readJson('l10n/bundle.l10n.zh-cn.json') as Record<string, string>;
  const missing = (texts: readonly string[]): string[] => texts.filter((text) => !(text in bundle));

  it('has every message and remedy of the checks', () => {
    // The remedy of a refusal is that of the error, which is told as it is.
    const ofErrors = ownProblems.refused.remedy;
    const problems = [
      ...Object.values(nibabelProblems),
      ...Object.values(ownProblems),
      ...extensionProblems,
    ];
    const texts = problems.flatMap(({ template, remedy }): string[] => [template, remedy]);
    assert.deepEqual(missing(texts.filter((text) => text !== ofErrors)), []);
  });

  it('has what codes mean, where that is no name', () => {
    assert.ok(wordedMeanings.length > 10);
    assert.deepEqual(missing(wordedMeanings), []);
  });
});
