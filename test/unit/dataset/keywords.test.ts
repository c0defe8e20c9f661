import assert from 'node:assert/strict';
import fc from 'fast-check';
import { keywordsOf, labelsOf } from '../../../src/core/dataset/keywords';
import { metadataPrompt } from '../../../src/core/dataset/metadataPrompt';
import { promptedText, reportText, textKey } from '../../../src/core/dataset/optionText';

describe('keywordsOf', () => {
  const cases: readonly [text: string, keywords: readonly string[]][] = [
    ['A nodule of 3.5 mm is seen in the right upper lobe.', ['lung nodule (right upper lobe)']],
    ['No pleural effusion.', ['no significant finding']],
    ['Pleural effusion was not detected.', ['no significant finding']],
    ['No mass, nodule or consolidation was observed.', ['no significant finding']],
    ['There is left pleural effusion, pneumothorax was not detected.', ['pleural effusion (left)']],
    [
      'No pleural effusion but consolidation in the left lower lobe.',
      ['consolidation (left lower lobe)'],
    ],
    [
      'Bilateral pleural effusion; the heart is enlarged, cardiomegaly.',
      ['cardiomegaly', 'pleural effusion (bilateral)'],
    ],
    ['Heart size is increased.', ['cardiomegaly']],
    ['Heart size is normal.', ['no significant finding']],
    ['Pericardial effusion was not seen. Thyroid nodule on the left.', ['thyroid nodule']],
    ['No change in the nodule of the right lung.', ['lung nodule (right)']],
    ['Emphysema without consolidation.', ['emphysema']],
    [
      'Atheromatous calcification of the coronary arteries.',
      ['arterial wall calcification', 'coronary artery calcification'],
    ],
    ['Suspicious for pneumonia on the left.', ['possible pneumonia (left)']],
    ['A mass cannot be excluded.', ['possible mass']],
    ['Pneumonia is likely. Pneumonia in the right lung.', ['pneumonia (right)']],
    ['The bronchi are open and no occlusion is seen.', ['no significant finding']],
    ['No finding suggestive of pneumonia.', ['no significant finding']],
    [
      'Aortic dilatation; lytic focus; liver cyst.',
      ['aortic dilatation', 'lytic bone lesion', 'liver lesion'],
    ],
    ['', ['no significant finding']],
  ];
  for (const [text, keywords] of cases) {
    it(`finds ${keywords.join(', ')} in "${text}"`, () => {
      assert.deepEqual(keywordsOf(text), keywords);
    });
  }

  it('lets labels decide over labelled findings, and the text over the rest and over places', () => {
    const text = 'Nodule in the left lower lobe. Emphysema. Rib fracture on the right.';
    assert.deepEqual(keywordsOf(text, ['Lung nodule', 'Cardiomegaly']), [
      'cardiomegaly',
      'lung nodule (left lower lobe)',
      'rib fracture (right)',
    ]);
    assert.deepEqual(keywordsOf('Nodule.', []), ['no significant finding']);
    assert.deepEqual(keywordsOf('Emphysema is possible.', ['Emphysema']), ['emphysema']);
  });

  it('names labels as CT-RATE does', () => {
    assert.deepEqual(labelsOf('Mosaic attenuation and bronchiectasis, no emphysema.'), [
      'Mosaic attenuation pattern',
      'Bronchiectasis',
    ]);
  });

  it('is never empty and always the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.ok(keywordsOf(text).length > 0);
        assert.deepEqual(keywordsOf(text), keywordsOf(text));
      }),
    );
  });
});

describe('option texts', () => {
  const report = {
    volume: 'train_1_a_1',
    clinicalInformation: 'Cough.',
    technique: '',
    findings: 'A nodule.',
    impression: 'Nodule.',
  };

  it('show what the mode says', () => {
    assert.equal(reportText(report, 'full_report'), 'A nodule. Nodule.');
    assert.equal(reportText(report, 'impression'), 'Nodule.');
    assert.equal(reportText(report, 'keywords'), 'lung nodule');
    assert.equal(reportText({ ...report, impression: '' }, 'full_report'), 'A nodule.');
    assert.equal(reportText({ ...report, impression: '' }, 'impression'), '');
    assert.equal(reportText({ ...report, findings: '', impression: '' }, 'keywords'), '');
  });

  it('start with what is known of the patient', () => {
    assert.equal(
      promptedText('x', 'impression', { age: 67, sex: 'M' }),
      'Age: 67, Sex: M. Impression: x',
    );
    assert.equal(metadataPrompt({ sex: 'F', manufacturer: 'SIEMENS' }), 'Sex: F.');
    assert.equal(metadataPrompt({ age: 0 }), 'Age: 0.');
    assert.equal(promptedText('x', 'keywords', undefined), 'Keywords: x');
  });

  it('have equal keys where they say the same', () => {
    assert.equal(textKey('A  nodule!'), textKey('a nodule'));
    assert.notEqual(textKey('a nodule'), textKey('nodule'));
    assert.equal(textKey(' . '), undefined);
  });
});
