import assert from 'node:assert/strict';
import { splitFrom } from '../../../src/core/dataset/buildWords';

import { InvalidArgumentError } from 'commander';

import {
  notNegative,
  positiveNumber,
  worded,
  volumeSize,
  wholeNumber,
} from '../../../src/cli/arguments';

const split = worded(splitFrom, 'Shares are needed.');

describe('command-line arguments', () => {
  it('reads what the help shows', () => {
    assert.deepEqual(volumeSize('48x96x96'), [48, 96, 96]);
    assert.deepEqual(split('train=0.8,valid=0.2'), { train: 0.8, valid: 0.2 });
    assert.equal(positiveNumber('3e-4'), 3e-4);
    assert.equal(notNegative('0.0'), 0);
    assert.equal(wholeNumber(0)('0'), 0);
  });

  const refused: [string, (text: string) => unknown, readonly string[]][] = [
    ['a size', volumeSize, ['', '48', '48x96', '48x96x8', '48x96x9999', '-48x96x96', '48.5x96x96']],
    ['shares', split, ['', 'train', 'train=', 'a=0.5,a=0.5', 'a=x']],
    ['a rate', positiveNumber, ['', '0', '-1', 'fast', 'Infinity', 'NaN']],
    ['nothing or more', notNegative, ['', '-1', 'much', 'Infinity']],
    ['a count', wholeNumber(1), ['', '0', '-1', '1.5', '1e3', '99999999999999999999']],
  ];
  for (const [name, parse, texts] of refused) {
    it(`refuses what is not ${name}`, () => {
      for (const text of texts) {
        assert.throws(() => parse(text), InvalidArgumentError, `"${text}"`);
      }
    });
  }
});
