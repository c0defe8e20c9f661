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

  describe('leaves out what a report denies', () => {
    const denials = [
      'The heart is not enlarged.',
      'Heart size is not increased.',
      'Cardiothoracic index is not increased.',
      'Heart size is normal, the trachea is enlarged.',
      'Bronchial walls are not thickened.',
      'There was no increase in bronchial wall thickness.',
      'Calcification is not seen in the coronary arteries.',
      'Calcification is not seen in the aorta and coronary arteries.',
      "Calcification isn't seen in the aorta.",
      'The aorta is not aneurysmatic.',
      'Pneumonia is unlikely.',
      'The finding is unlikely to represent metastasis.',
      'PE was ruled out.',
      'Pulmonary embolism could be excluded.',
      'The pleural effusion has resolved.',
      'The nodule has disappeared.',
      'The nodule in the left lung disappeared.',
      'Consolidation has regressed completely.',
      'Consolidation in the lingula shows complete regression.',
      'Complete resolution of the left pleural effusion.',
      'Resolved pneumonia on the right.',
      'The mass was resected.',
      'The port was removed.',
      'Consolidation is no longer visible.',
      'There is no longer a pneumothorax.',
      'The nodule, which was seen in the previous examination, was not detected.',
      'The lungs do not show a mass or nodule.',
      'No lesion was detected that could suggest metastasis.',
      'Appearances are not typical for pneumonia.',
      'Pleural effusion - no thickening was detected.',
    ];
    for (const text of denials) {
      it(text, () => {
        assert.deepEqual(keywordsOf(text), ['no significant finding']);
      });
    }
  });

  describe('keeps what a denial beside it does not reach', () => {
    const cases: readonly [text: string, keywords: readonly string[]][] = [
      ['Pneumonia cannot be excluded.', ['possible pneumonia']],
      ['Pneumonia could not be ruled out.', ['possible pneumonia']],
      ['Pneumonia should be excluded.', ['possible pneumonia']],
      ['Pneumonia is less likely.', ['possible pneumonia']],
      ['The left pleural effusion has not resolved.', ['pleural effusion (left)']],
      ['The left pleural effusion has almost completely resolved.', ['pleural effusion (left)']],
      ['The consolidation has partially regressed.', ['consolidation']],
      ['A nodule that was not seen in the previous examination.', ['lung nodule']],
      ['The nodule does not show significant change.', ['lung nodule']],
      ['A mass that cannot be distinguished from the atelectasis.', ['atelectasis', 'mass']],
      ['Non-calcified nodule on the right.', ['lung nodule (right)']],
      [
        'There is left pleural effusion and the pneumothorax has resolved.',
        ['pleural effusion (left)'],
      ],
      ['Consolidation is seen and embolism is unlikely.', ['consolidation']],
      ['The aorta is not dilated, the aortic arch is calcified.', ['arterial wall calcification']],
      ['No nodule on the right, a nodule on the left.', ['lung nodule (left)']],
      ['The gallbladder was not observed.', ['cholecystectomy']],
    ];
    for (const [text, keywords] of cases) {
      it(text, () => {
        assert.deepEqual(keywordsOf(text), keywords);
      });
    }
  });

  describe('gives each finding its own place', () => {
    const cases: readonly [text: string, keywords: readonly string[]][] = [
      [
        'Nodule in the right upper lobe and emphysema in the left lower lobe.',
        ['emphysema (left lower lobe)', 'lung nodule (right upper lobe)'],
      ],
      [
        'In the right lung a nodule, in the left lung emphysema.',
        ['emphysema (left)', 'lung nodule (right)'],
      ],
      [
        'Right pleural effusion and left lower lobe consolidation.',
        ['pleural effusion (right)', 'consolidation (left lower lobe)'],
      ],
      [
        'Nodule in the right upper lobe and right and left pleural effusion.',
        ['lung nodule (right upper lobe)', 'pleural effusion (bilateral)'],
      ],
      [
        'Nodule in the right upper lobe, no effusion in the left pleural space.',
        ['lung nodule (right upper lobe)'],
      ],
      ['Nodules in the right upper and left lower lobes.', ['lung nodule (bilateral)']],
      ['Nodules in the right upper lobe and left lower lobe.', ['lung nodule (bilateral)']],
      [
        'Emphysema and a nodule in the right lower lobe.',
        ['emphysema (right lower lobe)', 'lung nodule (right lower lobe)'],
      ],
      [
        'In the left lower lobe, consolidation and atelectasis are seen.',
        ['atelectasis (left lower lobe)', 'consolidation (left lower lobe)'],
      ],
      [
        'Consolidation in the left lower lobe with air bronchograms.',
        ['consolidation (left lower lobe)', 'air bronchogram (left lower lobe)'],
      ],
      [
        'Consolidation in the right upper lobe and atelectasis in the middle lobe.',
        ['atelectasis (right middle lobe)', 'consolidation (right upper lobe)'],
      ],
    ];
    for (const [text, keywords] of cases) {
      it(text, () => {
        assert.deepEqual(keywordsOf(text), keywords);
      });
    }
  });

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

  it('names no label for what lies elsewhere', () => {
    const elsewhere = [
      'The gallbladder is operated.',
      'Nodular lesion in the left kidney.',
      'Nodular consolidation.',
      'Minimal effusion in the pericardial space.',
      'No abnormality at the lymph node stations.',
    ];
    assert.deepEqual(elsewhere.map(labelsOf), [
      [],
      [],
      ['Consolidation'],
      ['Pericardial effusion'],
      [],
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
