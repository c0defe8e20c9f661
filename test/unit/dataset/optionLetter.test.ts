import assert from 'node:assert/strict';
import { optionLetter, optionOfLetter } from '../../../src/core/dataset/optionLetter';

describe('the letter of an option', () => {
  it('is read back, in either case', () => {
    for (const index of [0, 1, 25, 26, 99]) {
      assert.equal(optionOfLetter(optionLetter(index)), index);
      assert.equal(optionOfLetter(optionLetter(index).toLowerCase()), index);
    }
  });

  it('is nothing else', () => {
    for (const text of ['', 'AB', '1', '26', '-1', '027', '@', '[', 'ä', '1.5']) {
      assert.equal(optionOfLetter(text), undefined, text);
    }
  });
});
