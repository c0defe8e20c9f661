import assert from 'node:assert/strict';
import { fieldMatches } from '../../../src/webview/preview/headerFilter';

describe('The filter of header fields', () => {
  const fields = [
    { name: 'scl_slope', meaning: 'not scaled' },
    { name: 'sform_code', meaning: 'scanner' },
    { name: 'qform_code' },
  ];
  const found = (query: string): string[] =>
    fields.filter((field) => fieldMatches(field, query)).map(({ name }) => name);

  it('takes parts of names and meanings, all words, in any case', () => {
    assert.deepEqual(found('FORM'), ['sform_code', 'qform_code']);
    assert.deepEqual(found('form scan'), ['sform_code']);
    assert.deepEqual(found('slope form'), []);
    assert.deepEqual(found(' '), ['scl_slope', 'sform_code', 'qform_code']);
  });
});
