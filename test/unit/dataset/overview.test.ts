import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { buildDataset } from '../../../src/core/dataset/build';
import { describeDatasets } from '../../../src/core/dataset/overview';
import type {
  DatasetOverview,
  DistributionName,
  FactName,
  OverviewFact,
} from '../../../src/core/dataset/overviewResult';
import { binned, ChanceCount, Tally } from '../../../src/core/dataset/tally';
import { CancelledError } from '../../../src/core/errors';
import { questionLine, temporaryFolder } from './fixtures';

const long = 'A nodule of 8 mm lies in the left upper lobe.';

/** Options of which the one at `truth` is true. */
function options(truth: number, texts: readonly string[], fields: object = {}): object[] {
  return texts.map((text, i) => ({ text, label: Number(i === truth), ...fields }));
}

function factOf({ facts }: DatasetOverview, name: FactName): OverviewFact | undefined {
  return facts.find((fact) => fact.name === name);
}

/** Rows as `[name, ...counts]`; what stands for no value in brackets. */
function rowsOf({ distributions }: DatasetOverview, name: DistributionName): unknown[][] {
  const rows = distributions.find((distribution) => distribution.name === name)?.rows ?? [];
  return rows.map((row) => [row.special ? `(${row.special})` : row.name, ...row.counts]);
}

describe('The overview of a question file', () => {
  const folder = temporaryFolder();

  async function describeLines(
    lines: readonly string[],
    sideFile?: object,
  ): Promise<DatasetOverview> {
    const path = await folder.write('set.mcqa.jsonl', lines.join('\n'));
    if (sideFile !== undefined) {
      await folder.write('set.mcqa.json', JSON.stringify({ version: 1, ...sideFile }));
    }
    return (await describeDatasets([path])).files[0];
  }

  it('counts questions, options, volumes, patients and texts', async () => {
    const overview = await describeLines([
      questionLine({ id: 'a', image_path: 'D:\\ct\\train_1_a_1.nii.gz' }),
      questionLine({ id: 'b', image_path: 'train_1_a_2.nii.gz' }),
      '',
      questionLine({ id: 'c', image_path: 'elsewhere/train_1_a_1.nii.gz' }),
      questionLine({
        id: 'd',
        image_path: 'scan.nii.gz',
        options: options(0, ['x', 'y', 'CLEAR  lungs']),
      }),
    ]);
    const value = (name: FactName): number | undefined => factOf(overview, name)?.value;
    assert.deepEqual(
      [value('questions'), value('options'), value('volumes'), value('patients')],
      [4, 9, 3, 1],
    );
    assert.equal(value('distinctTexts'), 4);
    assert.deepEqual(rowsOf(overview, 'optionCount'), [
      ['2', 3],
      ['3', 1],
    ]);
    assert.deepEqual(rowsOf(overview, 'questionsPerVolume'), [
      ['1', 2],
      ['2', 1],
    ]);
    assert.deepEqual(rowsOf(overview, 'split'), [
      ['train', 3, 2, 1],
      ['(missing)', 1, 1, 0],
    ]);
  });

  it('finds what stands out, with the first line of each', async () => {
    const overview = await describeLines([
      questionLine({ id: 'a' }),
      '{"id":',
      questionLine({ id: 'a', image_path: 'b.nii' }),
      questionLine({
        id: 'c',
        options: options(1, ['Clear lungs.', 'Nodule in the RIGHT upper lobe']),
      }),
      questionLine({ id: 'd', options: options(0, ['same', 'Same.', ' ']) }),
      questionLine({ id: 'e', options: options(2, ['one', 'two']) }),
      questionLine({ id: 'f', options: options(0, ['three', 'four'], { source: 'valid_3_a_1' }) }),
      questionLine({
        id: 'g',
        image_path: 'valid_3_a_1.nii',
        options: [
          { ref: 'train_9_a_1', label: 1 },
          { text: 'z', label: 0 },
        ],
      }),
    ]);
    const found = (name: FactName): unknown[] => {
      const fact = factOf(overview, name);
      return [fact?.value, fact?.line];
    };
    assert.deepEqual(found('unusableLines'), [1, 2]);
    assert.deepEqual(found('repeatedIds'), [1, 3]);
    assert.deepEqual(found('repeatedQuestions'), [1, 4]);
    assert.deepEqual(found('equalOptions'), [1, 5]);
    assert.deepEqual(found('withoutOneTruth'), [1, 6]);
    assert.deepEqual(found('textsOfOtherSplit'), [3, 7]);
    assert.deepEqual(found('unresolvedTexts'), [2, 5]);
  });

  it('says where the true option stands, beside what chance would give', async () => {
    const texts = ['a', 'b', 'c', 'd'];
    const overview = await describeLines([
      ...[0, 0, 0, 1].map((truth, i) =>
        questionLine({ id: `q${i}`, options: options(truth, texts) }),
      ),
      questionLine({ id: 'two', options: options(1, ['a', 'b']) }),
    ]);
    assert.deepEqual(rowsOf(overview, 'position'), [
      ['1', 3],
      ['2', 2],
      ['3', 0],
      ['4', 0],
    ]);
    const rows = overview.distributions.find(({ name }) => name === 'position')!.rows;
    assert.deepEqual(
      rows.map(({ expected }) => expected?.value),
      [1.5, 1.5, 1, 1],
    );
    // Variance 4 · ¼ · ¾ + ½ · ½ = 1.
    assert.ok(Math.abs(rows[0].expected!.high - (1.5 + 2.576)) < 1e-9);
    assert.equal(rows[2].expected?.low, 0);
  });

  it('says how often the true option is the longest or the shortest', async () => {
    const overview = await describeLines([
      questionLine({ id: '1', options: options(0, [long, 'short', 'shor']) }),
      questionLine({ id: '2', options: options(1, ['short', long, 'shor']) }),
      questionLine({ id: '3', options: options(0, ['ab', 'cd', 'a']) }),
      questionLine({ id: '4', options: options(0, ['ab', 'cd']) }),
    ]);
    const longest = factOf(overview, 'trueLongest')!;
    assert.deepEqual([longest.value, longest.of], [3, 3]);
    assert.ok(Math.abs(longest.expected!.value - (1 / 3 + 1 / 3 + 2 / 3)) < 1e-9);
    assert.equal(factOf(overview, 'trueShortest')?.value, 0);
    const lengths = overview.distributions.find(({ name }) => name === 'length')!;
    assert.deepEqual(lengths.series, ['true', 'distractors']);
    const sums = lengths.rows.reduce(
      ([a, b], { counts }) => [a + counts[0], b + counts[1]],
      [0, 0],
    );
    assert.deepEqual(sums, [4, 7]);
  });

  it('counts kinds, modes and metadata; what was not given comes last', async () => {
    const kinds = ['true', 'hard', 'hard', 'random'];
    const overview = await describeLines([
      questionLine({
        id: 'a',
        mode: 'impression',
        metadata: { age: 67, sex: 'F', manufacturer: 'Maker' },
        options: kinds.map((kind, i) => ({
          text: `t${i}`,
          kind,
          label: Number(i === 0),
        })),
      }),
      questionLine({ id: 'b', metadata: { age: 6700, sex: 'F' } }),
    ]);
    assert.deepEqual(rowsOf(overview, 'kind'), [
      ['hard', 2],
      ['random', 1],
      ['(missing)', 1],
    ]);
    assert.deepEqual(rowsOf(overview, 'mode'), [
      ['impression', 1],
      ['(missing)', 1],
    ]);
    assert.deepEqual(rowsOf(overview, 'age'), [
      ['67', 1],
      ['(missing)', 1],
    ]);
    assert.deepEqual(rowsOf(overview, 'sex'), [['F', 2]]);
    assert.deepEqual(rowsOf(overview, 'manufacturer'), [
      ['Maker', 1],
      ['(missing)', 1],
    ]);
  });

  it('says how alike distractors and the true option are, by kind', async () => {
    const alike = (kind: string | undefined, similarity?: number): object => ({
      text: `${kind} ${similarity}`,
      label: 0,
      kind,
      similarity,
    });
    const truth = { text: long, label: 1, kind: 'true' };
    const overview = await describeLines([
      questionLine({
        id: 'a',
        options: [truth, alike('hard', 0.3), alike('hard', 0.29), alike('easy', 0)],
      }),
      questionLine({ id: 'b', options: [truth, alike('hard', 1), alike('hard'), alike('random')] }),
      questionLine({ id: 'c', options: [truth, alike(undefined, 0.7), alike('easy', 7)] }),
    ]);
    const { series, rows } = overview.distributions.find(({ name }) => name === 'difficulty')!;
    assert.deepEqual(series, ['hard', 'easy', 'distractors']);
    assert.equal(rows.length, 11);
    assert.deepEqual(
      rowsOf(overview, 'difficulty').filter(([, ...counts]) => counts.some((count) => count !== 0)),
      [
        ['0.0–0.1', 0, 1, 0],
        ['0.2–0.3', 1, 0, 0],
        ['0.3–0.4', 1, 0, 0],
        ['0.7–0.8', 0, 0, 1],
        ['0.9–1.0', 1, 0, 0],
        ['(missing)', 1, 1, 0],
      ],
    );
  });

  it('shows how hard the distractors are that the builder chose', async () => {
    const findings = ['a nodule', 'an effusion', 'emphysema', 'a fracture'];
    const rows = Array.from(
      { length: 12 },
      (_, n) =>
        `train_${n + 1}_a_1,There is ${findings[n % 4]} and ${findings[n % 3]} in lobe ${n}.`,
    );
    const { files } = await buildDataset({
      reports: await folder.write('r.csv', `VolumeName,Findings_EN\n${rows.join('\n')}\n`),
      images: folder.path,
      out: join(folder.path, 'built.mcqa.jsonl'),
      negatives: { hard: 1, easy: 1 },
      options: 3,
    });
    const built = (await describeDatasets([files[0].path])).files[0];
    const difficulty = built.distributions.find(({ name }) => name === 'difficulty');
    assert.deepEqual(difficulty?.series, ['hard', 'easy']);
    const sums = difficulty.rows.reduce(
      ([a, b], { counts }) => [a + counts[0], b + counts[1]],
      [0, 0],
    );
    assert.deepEqual(sums, [12, 12]);
    assert.ok(difficulty.rows.every(({ special }) => special === undefined));
  });

  it('leaves out what the file says nothing about', async () => {
    const overview = await describeLines([questionLine()]);
    const names = overview.distributions.map(({ name }) => name);
    assert.ok(names.includes('position') && names.includes('split'));
    for (const name of ['kind', 'difficulty', 'age', 'sex', 'finding'] as const) {
      assert.ok(!names.includes(name), name);
    }
  });

  it('takes findings from the record, else from the labels table, and texts from the reports', async () => {
    await folder.write(
      'labels.csv',
      'VolumeName,Nodule,Effusion\ntrain_1_a_1.nii.gz,1,0\ntrain_2_a_1.nii.gz,,1\n',
    );
    await folder.write(
      'reports.csv',
      'VolumeName,Findings_EN,Impressions_EN\ntrain_1_a_1.nii.gz,F one,I one\ntrain_2_a_1.nii.gz,F two,I two is longer\n',
    );
    const refs = [
      { ref: 'train_1_a_1', label: 1 },
      { ref: 'train_2_a_1', label: 0 },
      { ref: 'train_7_a_1', label: 0 },
    ];
    const overview = await describeLines(
      [
        questionLine({ id: 'a', options: refs }),
        questionLine({ id: 'b', image_path: 'train_2_a_1.nii.gz', options: refs }),
        questionLine({ id: 'c', labels: { Effusion: 1 }, options: refs }),
      ],
      { labels: 'labels.csv', reports: 'reports.csv', mode: 'impression' },
    );
    assert.deepEqual(rowsOf(overview, 'finding'), [
      ['Effusion', 2, 1],
      ['Nodule', 1, 0],
    ]);
    assert.equal(factOf(overview, 'distinctTexts')?.value, 2);
    assert.equal(factOf(overview, 'unresolvedTexts')?.value, 3);
    const lengths = rowsOf(overview, 'length');
    assert.deepEqual(
      [lengths[0], lengths.at(-1)],
      [
        ['5', 3, 0],
        ['15', 0, 3],
      ],
    );
  });

  it('compares the files of a set', async () => {
    const write = (name: string, ids: readonly number[]): Promise<string> =>
      folder.write(
        name,
        ids
          .map((id) =>
            questionLine({
              id: `q${id}`,
              image_path: `train_${id}_a_1.nii.gz`,
              options: options(0, [`text ${id}`, 'clear']),
            }),
          )
          .join('\n'),
      );
    const paths = [
      await write('a.mcqa.jsonl', [1, 2, 3]),
      await write('b.mcqa.jsonl', [3, 4]),
      await write('c.mcqa.jsonl', [5]),
    ];
    const { overlaps, files } = await describeDatasets(paths);
    assert.deepEqual(
      files.map(({ path }) => path),
      paths,
    );
    assert.deepEqual(overlaps, [
      { files: [0, 1], volumes: 1, patients: 1, texts: 2 },
      { files: [0, 2], volumes: 0, patients: 0, texts: 1 },
      { files: [1, 2], volumes: 0, patients: 0, texts: 1 },
    ]);
  });

  it('tells how far it is, stops when told to, and says what it cannot read', async () => {
    const path = await folder.write('set.mcqa.jsonl', questionLine());
    const stages: string[] = [];
    await describeDatasets([path], {
      onProgress: ({ stage, done, total }) => stages.push(`${stage} ${done}/${total}`),
    });
    assert.match(stages.at(-1) ?? '', /^Reading questions (\d+)\/\1$/);
    await assert.rejects(describeDatasets([path], { signal: AbortSignal.abort() }), CancelledError);
    await assert.rejects(describeDatasets([`${path}.none`]), { code: 'file-unreadable' });
  });

  it('takes an empty file for a file without questions', async () => {
    const overview = await describeLines(['']);
    assert.equal(factOf(overview, 'questions')?.value, 0);
    assert.deepEqual(overview.distributions, []);
  });
});

describe('Histograms', () => {
  it('hold every value once, in bins of one round width', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 100_000 }), { minLength: 1 }), (values) => {
        const tally = new Tally<number>();
        values.forEach((value) => {
          tally.add(value);
        });
        const rows = binned(tally, 1);
        assert.equal(
          rows.reduce((sum, { counts }) => sum + counts[0], 0),
          values.length,
        );
        assert.ok(rows.length <= 20, `${rows.length} bins`);
        const first = Number(/\d+/.exec(rows[0].name)?.[0]);
        assert.ok(first <= Math.min(...values));
      }),
    );
  });

  it('leave the last bin open where a few values are far out', () => {
    const tally = new Tally<number>();
    tally.add(3, 0, 500);
    tally.add(5, 0, 499);
    tally.add(90_000);
    assert.deepEqual(
      binned(tally, 1).map(({ name, counts }) => [name, counts[0]]),
      [
        ['3', 500],
        ['4', 0],
        ['≥ 5', 500],
      ],
    );
  });

  it('have an expectation as wide as chance makes it', () => {
    const chance = new ChanceCount();
    for (let flip = 0; flip < 400; flip++) {
      chance.add(0.5);
    }
    const { value, low, high } = chance.expectation();
    assert.deepEqual(
      [value, low, high].map((each) => Number(each.toFixed(6))),
      [200, 174.24, 225.76],
    );
  });
});
