import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  Candidates,
  TextSimilarity,
  VectorSimilarity,
  counterfactualsOf,
  dealOptionSets,
} from '../../../src/core/dataset/distractors';
import type { Candidate, CandidateRules } from '../../../src/core/dataset/distractors';
import { donorSentencesOf, edited, editsOf } from '../../../src/core/dataset/distractors/edits';
import { labelsOf } from '../../../src/core/dataset/keywords';
import { NearDuplicates } from '../../../src/core/dataset/distractors/nearDuplicates';
import { result } from './fixtures';
import { Random } from '../../../src/core/random';
import { normaliseReport } from '../../../src/core/text/normalise';

const word = fc.constantFrom('nodule', 'lobe', 'effusion', 'left', 'right', 'heart', 'x', 'y', 'z');
const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));

describe('TextSimilarity', () => {
  it('finds the nearest that a comparison with every text finds', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 2, maxLength: 25 }), (texts) => {
        const similarity = result(TextSimilarity.of(texts));
        texts.forEach((_, index) => {
          const others = texts.map((_, other) => other).filter((other) => other !== index);
          const nearest = similarity.nearest(index, 5, () => true);
          const values = nearest.map((other) => similarity.between(index, other));
          const best = others
            .map((other) => similarity.between(index, other))
            .sort((a, b) => b - a);
          values.forEach((value, place) => {
            assert.ok(Math.abs(value - best[place]) < 1e-9);
          });
          const missing = best[nearest.length] ?? 0;
          assert.ok(nearest.length === 5 || missing === 0);
        });
      }),
    );
  });

  it('is 1 for the same words in any order, 0 for no word in common, more for rarer words', () => {
    const common = Array.from({ length: 8 }, (_, n) => `lungs clear case${n}`);
    const texts = ['a b c', 'C, b a!', 'd e', 'lungs rare', 'rare finding', ...common];
    const similarity = result(TextSimilarity.of(texts));
    assert.ok(Math.abs(similarity.between(0, 1) - 1) < 1e-12);
    assert.equal(similarity.between(0, 2), 0);
    assert.ok(similarity.between(3, 4) > similarity.between(3, 5));
    assert.deepEqual(
      similarity.nearest(3, 1, () => true),
      [4],
    );
    assert.ok(!similarity.nearest(3, 9, (other) => other !== 4).includes(4));
  });
});

describe('VectorSimilarity', () => {
  const vector = fc
    .array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 })
    .map((numbers) => Float32Array.from(numbers));

  it('is the cosine from 0 up, and finds the nearest that a comparison with every vector finds', () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 2, maxLength: 20 }), (vectors) => {
        const cosine = (some: number, other: number): number => {
          const [a, b] = [[...vectors[some]], [...vectors[other]]];
          const product = a.reduce((sum, value, i) => sum + value * b[i], 0);
          return product / (Math.hypot(...a) * Math.hypot(...b) || 1);
        };
        const similarity = result(VectorSimilarity.of(vectors));
        const all = [...vectors.keys()];
        for (const some of all) {
          const best = all.filter((other) => other !== some).map((other) => cosine(some, other));
          best.sort((a, b) => b - a);
          const nearest = similarity.nearest(some, 4, () => true);
          assert.equal(nearest.length, Math.min(4, best.length));
          nearest.forEach((other, place) => {
            assert.ok(Math.abs(cosine(some, other) - best[place]) < 1e-6);
            assert.ok(Math.abs(similarity.between(some, other) - Math.max(0, best[place])) < 1e-6);
          });
        }
      }),
    );
  });
});

describe('NearDuplicates', () => {
  const alike = (some: string, other: string): boolean =>
    new NearDuplicates((index) => [some, other][index]).areAlike(0, 1);
  const sentences = (count: number): string =>
    Array.from({ length: count }, (_, n) => `finding number ${n} was seen today`).join('. ');

  it('are texts that differ in few words only', () => {
    assert.ok(alike(sentences(20), `${sentences(20)}. One more`));
    assert.ok(alike('Normal.', 'normal'));
    assert.ok(!alike(sentences(20), sentences(10)));
    assert.ok(!alike('Nodule on the left.', 'Nodule on the right.'));
  });
});

/** Scans of which some share patient, text and findings. */
const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(fc.record({ patient: fc.nat(9), text, findings: fc.nat(15) }), {
    minLength: 4,
    maxLength: 40,
  })
  .map((rows) =>
    rows.map((row) => {
      const names = ['A', 'B', 'C', 'D'];
      const isThere = (_: string, bit: number): boolean => Boolean((row.findings >> bit) & 1);
      return {
        patient: `p${row.patient}`,
        text: row.text,
        textKey: normaliseReport(row.text),
        labels: {
          positive: names.filter(isThere),
          negative: names.filter((name, bit) => !isThere(name, bit)),
        },
      };
    }),
  );
const rules: fc.Arbitrary<CandidateRules> = fc.record(
  {
    undecidable: fc.constantFrom('avoid', 'flag'),
    labelDifference: fc.record({ least: fc.nat(2), most: fc.integer({ min: 2, max: 4 }) }),
  },
  { requiredKeys: ['undecidable'] },
);
const shares = fc.constantFrom(
  { random: 1 },
  { hard: 1 },
  { easy: 1 },
  { hard: 2, easy: 1, random: 1 },
);

describe('dealOptionSets', () => {
  it('keeps the rules between every two options, whatever the kinds', () => {
    fc.assert(
      fc.property(
        candidates,
        rules,
        shares,
        fc.integer({ min: 2, max: 4 }),
        fc.nat(),
        (...given) => {
          const [list, how, kinds, size, seed] = given;
          const hands = result(
            dealOptionSets(new Candidates(list, how), size, Random.fromSeed(seed), {
              shares: kinds,
            }),
          );
          hands.forEach((hand, index) => {
            if (hand === undefined) {
              return;
            }
            assert.ok(Object.keys(kinds).includes(hand.kind));
            const options = [index, ...hand.others].map((each) => list[each]);
            assert.equal(options.length, size);
            assert.equal(new Set(options.map(({ patient }) => patient)).size, size);
            assert.equal(new Set(options.map(({ textKey }) => textKey)).size, size);
            for (const [place, a] of options.entries()) {
              for (const b of options.slice(place + 1)) {
                const differing = a.labels!.positive.filter((name) =>
                  b.labels!.negative.includes(name),
                );
                const missing = b.labels!.positive.filter((name) =>
                  a.labels!.negative.includes(name),
                );
                const count = differing.length + missing.length;
                assert.ok(how.undecidable === 'flag' || count > 0);
                const { least, most = Infinity } = how.labelDifference ?? { least: 0 };
                assert.ok(count >= least && count <= most, `${count}`);
              }
            }
          });
        },
      ),
    );
  });

  it('makes the members of a set each other’s distractors, so that texts alone tell nothing', () => {
    const list = Array.from({ length: 400 }, (_, n) => ({
      patient: `p${n}`,
      text: `finding ${n % 20} of kind ${n % 7} in place ${n % 11} case ${n}`,
      textKey: `t${n}`,
    }));
    for (const kinds of [{ hard: 1 }, { easy: 1 }, { hard: 1, easy: 1, random: 1 }]) {
      const hands = result(
        dealOptionSets(new Candidates(list), 4, Random.fromSeed(1), { shares: kinds }),
      );
      hands.forEach((hand, index) => {
        for (const other of hand!.others) {
          const set = new Set([index, ...hand!.others]);
          assert.deepEqual(new Set([other, ...hands[other]!.others]), set);
        }
      });
    }
  });

  it('chooses hard ones more alike than random ones, and easy ones less', () => {
    const list = Array.from({ length: 300 }, (_, n) => ({
      patient: `p${n}`,
      text: `topic${n % 30} word${n % 13} thing${n % 17} case${n}`,
      textKey: `t${n}`,
    }));
    const pool = new Candidates(list);
    const similarity = result(TextSimilarity.of(list.map((each) => each.text)));
    const mean = (kind: 'hard' | 'easy' | 'random'): number => {
      const hands = result(dealOptionSets(pool, 4, Random.fromSeed(3), { shares: { [kind]: 1 } }));
      const values = hands.flatMap((hand, index) =>
        hand!.others.map((other) => similarity.between(index, other)),
      );
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    assert.ok(mean('hard') > 3 * mean('random'));
    assert.ok(mean('easy') < mean('random') / 3);
  });

  it('gives the kinds in the ratio that was asked for', () => {
    const list = Array.from({ length: 240 }, (_, n) => ({
      patient: `p${n}`,
      text: `a${n % 12} b${n}`,
      textKey: `${n}`,
    }));
    const hands = result(
      dealOptionSets(new Candidates(list), 3, Random.fromSeed(5), {
        shares: { random: 1, hard: 2, easy: 1 },
      }),
    );
    const count = (kind: string): number => hands.filter((hand) => hand?.kind === kind).length;
    assert.deepEqual([count('hard'), count('easy'), count('random')], [120, 60, 60]);
  });
});

const report =
  'There is a 6 mm nodule in the right upper lobe. No pleural effusion was observed. ' +
  'Mild emphysema is present in both lungs. A lesion of 12 x 8 mm is seen in the left lower lobe.';

describe('editsOf', () => {
  const results = (given: string): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (let seed = 0; seed < 100; seed++) {
      for (const edit of editsOf(given, Random.fromSeed(seed), [])) {
        found.set(edit.name, [...(found.get(edit.name) ?? []), edited(given, [edit])]);
      }
    }
    return found;
  };
  const cases: [string, string, string[]][] = [
    ['side swapped', 'Nodule in the Left lung.', ['Nodule in the Right lung.']],
    ['side swapped', 'Right middle lobe nodule.', []],
    ['side swapped', 'Left and right effusion.', []],
    ['side swapped', 'Effusion was not detected in the right hemithorax.', []],
    ['size changed', 'No lymph node larger than 10 mm was detected.', []],
    ['size changed', 'Lymph nodes smaller than 10 mm are seen.', []],
    ['degree changed', 'Without marked emphysema.', []],
    ['negation flipped', 'No pleural effusion was observed.', ['Pleural effusion was observed.']],
    ['negation flipped', 'Pericardial effusion was not seen.', ['Pericardial effusion was seen.']],
    ['negation flipped', 'No features were detected in the upper abdomen.', []],
    ['negation flipped', 'No significant pathology was seen in the oesophagus.', []],
    ['negation flipped', 'No pleural effusion. Effusion is seen around the heart and pleura.', []],
    ['negation flipped', 'A nodule is not seen. Lungs otherwise normal.', []],
    ['negation flipped', 'A 4 mm nodule is seen.', []],
    ['negation flipped', 'A nodule is seen.', ['A nodule is not seen.']],
    ['negation flipped', 'No effusion or mass.', []],
    ['negation flipped', 'It is seen without effusion.', []],
    ['side swapped', 'The left effusion has resolved.', []],
    [
      'side swapped',
      'Pneumonia on the left cannot be excluded.',
      ['Pneumonia on the right cannot be excluded.'],
    ],
    ['size changed', 'The 12 mm nodule has disappeared.', []],
    ['negation flipped', 'The mass that was seen has resolved.', []],
    ['negation flipped', 'A nodule was not seen in the previous scan.', []],
    [
      'negation flipped',
      'Calcification is seen in the aorta.',
      ['Calcification is not seen in the aorta.'],
    ],
    ['size changed', 'A 1.5 cm mass.', ['A 0.9 cm mass.', 'A 2.4 cm mass.']],
    ['size changed', 'An 8 mm nodule.', ['A 16 mm nodule.', 'A 4 mm nodule.']],
    ['size changed', 'A 60 mm mass.', ['A 45 mm mass.', 'An 80 mm mass.']],
    ['size changed', 'The ascending aorta measures 45 mm and is dilated.', []],
    ['size changed', 'A 9 mm nodule. It is a millimetric one.', []],
    ['size changed', 'A 9 mm nodule. Stable 9 mm nodule.', []],
    ['size changed', 'A 12 x 8 mm mass.', []],
    ['size changed', 'Slices of 1.25 and so on.', []],
    ['degree changed', 'Mild emphysema.', ['Severe emphysema.']],
    ['degree changed', 'Air trapping (large airway disease).', []],
    ['degree changed', 'Large cell carcinoma.', []],
    ['degree changed', 'Extensive emphysema. Severe emphysema.', []],
    [
      'degree changed',
      'Extensive emphysema is seen. Heart is normal. Extensive emphysema',
      ['Minimal emphysema is seen. Heart is normal. Minimal emphysema'],
    ],
    ['side swapped', 'Calcification in the left main coronary artery.', []],
    ['side swapped', 'Mass beside the right atrium.', []],
    [
      'side swapped',
      'A nodule in the left lower lobe. Bones are normal. Nodule on the left',
      ['A nodule in the right lower lobe. Bones are normal. Nodule on the right'],
    ],
    ['side swapped', 'A nodule in the left lower lobe. A nodule in the right lung.', []],
  ];
  for (const [name, given, expected] of cases) {
    it(`${name}: ${given}`, () => {
      assert.deepEqual([...new Set(results(given).get(name))].sort(), expected);
    });
  }

  it('removes what a sentence alone says, and adds what the report has not', () => {
    const given = 'Nodule on the left. Heart is normal, no bronchiectasis. Emphysema is seen.';
    assert.ok(
      results(given)
        .get('finding removed')
        ?.includes('Heart is normal, no bronchiectasis. Emphysema is seen.'),
    );
    const donors = [
      { label: 'Hiatal hernia', text: 'Hiatal hernia is present.' },
      { label: 'Lung nodule', text: 'A nodule is present.' },
      { label: 'Bronchiectasis', text: 'Bronchiectasis is present.' },
    ];
    const added = Array.from({ length: 30 }, (_, seed) =>
      editsOf(given, Random.fromSeed(seed), donors).filter(({ name }) => name === 'finding added'),
    ).flat();
    assert.ok(added.length > 0);
    assert.ok(
      added.every(
        ({ replacements }) =>
          replacements.length === 1 && replacements[0].replacement === ' Hiatal hernia is present.',
      ),
    );
  });

  it('removes a finding wherever it is named, or not at all', () => {
    const removed = (given: string): string[] => [
      ...new Set(results(given).get('finding removed')),
    ];
    const twice = 'Heart is normal. Emphysema is seen. Bones are normal. Emphysema of both lungs';
    assert.deepEqual(removed(twice), ['Heart is normal. Bones are normal.']);
    assert.deepEqual(removed('Emphysema is seen. It is the largest. Emphysema, nodules.'), []);
    assert.deepEqual(removed('• Emphysema is seen. • Hiatal hernia.').sort(), [
      '• Emphysema is seen.',
      '• Hiatal hernia.',
    ]);
  });

  it('leaves no word that all is normal where a finding comes', () => {
    const donors = [{ label: 'Hiatal hernia', text: 'Hiatal hernia is present.' }];
    const withFinding = (given: string): string[] =>
      Array.from({ length: 20 }, (_, seed) =>
        editsOf(given, Random.fromSeed(seed), donors)
          .filter(({ name }) => name === 'finding added')
          .map((edit) => edited(given, [edit])),
      ).flat();
    const allClear = 'Trachea is open. Chest CT examination within normal limits';
    assert.deepEqual(
      new Set(withFinding(allClear)),
      new Set(['Trachea is open.  Hiatal hernia is present']),
    );
    assert.deepEqual(
      new Set(withFinding('No pathology was detected.')),
      new Set(['Hiatal hernia is present.']),
    );
    assert.deepEqual(withFinding('Examination normal except for a nodule.'), []);
    assert.deepEqual(
      new Set(results('No pleural effusion. Normal chest CT.').get('negation flipped')),
      new Set(['Pleural effusion.']),
    );
  });

  it('takes into other reports only what makes sense there', () => {
    const labels = (given: string): (string | undefined)[] =>
      donorSentencesOf(given).map(({ label }) => label);
    for (const tied of [
      'Stable emphysema',
      'Again emphysema',
      'Emphysema, as before',
      'Emphysema was seen previously',
      'Emphysema (follow-up)',
      'The largest bulla is on the left',
    ]) {
      assert.deepEqual(labels(`${tied}.`), [], tied);
    }
    assert.deepEqual(
      donorSentencesOf('In the lung window; emphysema is seen. 1. Emphysema of both lungs.'),
      [{ label: 'Emphysema', text: 'Emphysema is seen.', summary: 'Emphysema of both lungs.' }],
    );
    assert.deepEqual(labels('Chest CT within normal limits.'), [undefined]);
    assert.deepEqual(labels('Emphysema and a nodule.'), []);
  });

  it('flips what the text asserts together with its words', () => {
    const flips: [string, string[], string[]][] = [
      ['Calcification is seen in the aorta.', ['Arterial wall calcification'], []],
      ['No lung nodule was detected.', [], ['Lung nodule']],
      ['Thickening of the bronchial walls was not observed.', [], ['Peribronchial thickening']],
    ];
    for (const [given, before, after] of flips) {
      const flipped = new Set(results(given).get('negation flipped'));
      assert.deepEqual(labelsOf(given), before);
      assert.deepEqual([...flipped].map(labelsOf), [after]);
    }
  });

  it('never touches a sentence twice', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const edits = editsOf(report, Random.fromSeed(seed), []);
        const points = edits.flatMap(({ sentences }) => sentences);
        assert.ok(edits.length > 1);
        assert.equal(new Set(points).size, points.length);
      }),
    );
  });
});

describe('counterfactualsOf', () => {
  it('differ from the report and from each other', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 7 }), (seed, count) => {
        const versions = counterfactualsOf(report, count, Random.fromSeed(seed), []);
        assert.equal(versions?.length, count);
        const texts = [report, ...versions.map((version) => version.text)].map(normaliseReport);
        assert.equal(new Set(texts).size, count + 1);
        assert.ok(versions.every(({ edits }) => edits.length > 0));
      }),
    );
  });

  it('stand around the true report in no way that gives it away', () => {
    const distances = (some: readonly string[], other: readonly string[]): number =>
      new Set([...some, ...other]).size * 2 - some.length - other.length;
    let central = 0;
    for (let seed = 0; seed < 400; seed++) {
      const versions = counterfactualsOf(report, 2, Random.fromSeed(seed), [])!;
      const options = [[], ...versions.map(({ edits }) => edits)];
      const spread = options.map((option) =>
        options.reduce((sum, other) => sum + distances(option, other), 0),
      );
      central += spread[0] === Math.min(...spread) ? 1 : 0;
    }
    // Of three corners of a square one lies between the two others: the true one in a third of the questions.
    assert.ok(Math.abs(central - 400 / 3) < 35, `${central}`);
  });

  it('are not made of reports with too little to change', () => {
    assert.equal(counterfactualsOf('Normal.', 1, Random.fromSeed(1), []), undefined);
  });

  it('hold for any text without an error', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (any, seed) => {
        counterfactualsOf(any, 3, Random.fromSeed(seed), [{ label: 'X', text: 'X is seen.' }]);
      }),
    );
  });
});
