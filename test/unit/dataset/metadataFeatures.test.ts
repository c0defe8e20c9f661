import assert from 'node:assert/strict';
import { metadataPrompt, templateOf } from '../../../src/core/dataset/metadataPrompt';
import { metadataFeatureNames, metadataVector } from '../../../src/core/dataset/metadataFeatures';
import type { ScanMetadata } from '../../../src/core/dataset/record';
import { metadataFields } from '../../../src/core/preset';

const known: ScanMetadata = {
  age: 67,
  sex: 'F',
  manufacturer: 'Siemens',
  kernel: 'Br40f/3',
  spacing_mm: [0.5, 1, 2],
};

describe('metadata as numbers', () => {
  it('say age, sex and spacing, and where a value is missing', () => {
    assert.deepEqual(metadataVector(known, ['age', 'sex']), [0.67, 0, 0, 1, 0, 0]);
    assert.deepEqual(metadataVector({ age: 67 }, ['age', 'sex']), [0.67, 0, 0, 0, 0, 1]);
    assert.deepEqual(metadataVector(known, ['spacing']), [Math.log(0.5), 0, Math.log(2), 0]);
    assert.deepEqual(metadataVector(undefined, ['spacing']), [0, 0, 0, 1]);
  });

  it('put a word in one place, whatever its case, and other words elsewhere', () => {
    const place = (manufacturer: string): number =>
      metadataVector({ manufacturer }, ['manufacturer']).indexOf(1);
    assert.equal(place('Siemens'), place(' SIEMENS '));
    assert.ok(new Set(['Siemens', 'GE', 'Philips', 'Canon', 'Toshiba'].map(place)).size > 2);
    assert.equal(metadataVector(known, ['kernel']).filter((number) => number === 1).length, 1);
  });

  it('have a name each, and all missing where values are of the wrong type', () => {
    const names = metadataFeatureNames(metadataFields);
    assert.equal(metadataVector(known, metadataFields).length, names.length);
    const odd = { age: '67', sex: 'x', manufacturer: 5, kernel: ' ', spacing_mm: 'thin' };
    const vector = metadataVector(odd as unknown as ScanMetadata, metadataFields);
    assert.deepEqual(
      names.filter((_, i) => vector[i] !== 0),
      metadataFields.map((field) => `${field} missing`),
    );
  });
});

describe('metadata as a sentence', () => {
  it('says the fields asked for that are known', () => {
    assert.equal(metadataPrompt(known), 'Age: 67, Sex: F.');
    assert.equal(
      metadataPrompt(known, templateOf(metadataFields)),
      'Age: 67, Sex: F, Manufacturer: Siemens, Kernel: Br40f/3, Spacing: 0.5 x 1 x 2 mm.',
    );
    assert.equal(metadataPrompt({ kernel: 'B30' }, templateOf(['age', 'kernel'])), 'Kernel: B30.');
    assert.equal(metadataPrompt(undefined), '');
  });

  it('leaves out the clauses of a template whose fields are not known', () => {
    const template = 'CT, {manufacturer} {kernel}, of a {age}-year-old {sex_word}!';
    const all = { age: 67, sex: 'F', manufacturer: 'A, B', kernel: 'B30' } as const;
    assert.equal(metadataPrompt(all, template), 'CT, A, B B30, of a 67-year-old female!');
    assert.equal(
      metadataPrompt({ age: 67, sex: 'F', manufacturer: 'A' }, template),
      'CT, of a 67-year-old female!',
    );
    assert.equal(metadataPrompt({ age: 67 }, template), '');
    assert.equal(metadataPrompt({ age: 67 }, '年龄{age}，性别{sex}。'), '年龄67。');
  });
});
