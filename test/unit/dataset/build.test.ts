import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { buildDataset } from '../../../src/core/dataset/build';
import { usualTemplate } from '../../../src/core/dataset/metadataPrompt';
import type { BuildOptions } from '../../../src/core/dataset/build';
import { lintFile } from '../../../src/core/dataset/lint';
import { Candidates, dealOptionSets } from '../../../src/core/dataset/distractors';
import { splitPatients } from '../../../src/core/dataset/patientSplit';
import type { DatasetSideFile } from '../../../src/core/dataset/record';
import { planQuestions } from '../../../src/core/dataset/planQuestions';
import type { PlanSettings, QuestionPlan, Source } from '../../../src/core/dataset/planQuestions';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { sideFilePath } from '../../../src/core/dataset/sideFile';
import { Random } from '../../../src/core/random';
import { normaliseReport } from '../../../src/core/text/normalise';
import { result, temporaryFolder } from './fixtures';

/** Reports as they come: patients with several scans, texts that several patients share, sections missing. */
const sources: fc.Arbitrary<Source[]> = fc
  .array(
    fc.record({
      patient: fc.integer({ min: 1, max: 12 }),
      scan: fc.constantFrom('a', 'b'),
      reconstruction: fc.integer({ min: 1, max: 2 }),
      findings: fc.constantFrom(
        '',
        'Nodule.',
        'nodule',
        'No nodule.',
        'Effusion.',
        'Emphysema.',
        'Mass.',
        'Clear.',
      ),
      impression: fc.constantFrom('', 'Normal.', 'NORMAL', 'One.', 'Two.', 'Three.', ' ; '),
    }),
    { maxLength: 30 },
  )
  .map((rows) =>
    rows.map(({ patient, scan, reconstruction, findings, impression }): Source => {
      const volume = `train_${patient}_${scan}_${reconstruction}`;
      const report = { volume, clinicalInformation: '', technique: '', findings, impression };
      return {
        report,
        patient: `train_${patient}`,
        imagePath: `${volume}.nii.gz`,
        labels: undefined,
      };
    }),
  );

const settings: fc.Arbitrary<PlanSettings> = fc.record({
  mode: fc.constantFrom('full_report', 'impression', 'keywords', 'mixed'),
  options: fc.integer({ min: 2, max: 5 }),
  questionsPerVolume: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
});

/** The plan, or undefined where no question can be made. */
function planned(from: readonly Source[], how: PlanSettings): QuestionPlan | undefined {
  try {
    return result(planQuestions(from, how));
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'build-no-questions');
    return undefined;
  }
}

describe('planQuestions', () => {
  it('keeps every promise of a question, whatever the reports', () => {
    fc.assert(
      fc.property(sources, settings, (from, how) => {
        for (const { questions } of planned(from, how)?.parts ?? []) {
          for (const { source, options, mode } of questions) {
            assert.equal(options.length, how.options);
            const truths = options.filter(({ isTrue }) => isTrue);
            assert.deepEqual(
              truths.map(({ volume }) => volume),
              [source.report.volume],
            );
            const patients = options.map(({ volume }) => volume!.split('_')[1]);
            assert.equal(new Set(patients).size, options.length, 'a patient stands twice');
            const texts = options.map(({ text }) => normaliseReport(text));
            assert.equal(new Set(texts).size, options.length, 'a text stands twice');
            assert.ok(!texts.includes(''));
            assert.ok(how.mode === 'mixed' || mode === how.mode);
          }
          const ids = questions.map(({ id }) => id);
          assert.equal(new Set(ids).size, ids.length);
        }
      }),
    );
  });

  it('accounts for every volume', () => {
    fc.assert(
      fc.property(sources, settings, (from, how) => {
        const plan = planned(from, { ...how, mode: 'full_report', questionsPerVolume: 1 });
        if (plan !== undefined) {
          const made = plan.parts.flatMap(({ questions }) => questions).length;
          const skipped = plan.skipped.reduce((sum, { count }) => sum + count, 0);
          assert.equal(made + skipped, from.length);
        }
      }),
    );
  });

  it('stands the true option at each place equally often', () => {
    fc.assert(
      fc.property(sources, settings, (from, how) => {
        for (const { questions } of planned(from, how)?.parts ?? []) {
          const counts = new Array<number>(how.options).fill(0);
          for (const { options } of questions) {
            counts[options.findIndex(({ isTrue }) => isTrue)]++;
          }
          assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
        }
      }),
    );
  });

  it('never shows a text of one part in another', () => {
    fc.assert(
      fc.property(sources, settings, (from, how) => {
        const plan = planned(from, { ...how, split: { train: 0.5, valid: 0.5 } });
        const patientsOf = plan?.parts.map(
          ({ questions }) =>
            new Set(
              questions.flatMap(({ options }) =>
                options.map(({ volume }) => volume!.split('_')[1]),
              ),
            ),
        );
        const [train, valid] = patientsOf ?? [new Set(), new Set()];
        assert.deepEqual(
          [...train].filter((patient) => valid.has(patient)),
          [],
        );
      }),
    );
  });

  it('repeats itself for a seed, and does not for another', () => {
    const from = Array.from({ length: 40 }, (_, index): Source => {
      const volume = `train_${index + 1}_a_1`;
      const report = {
        volume,
        clinicalInformation: '',
        technique: '',
        findings: `Text ${index}`,
        impression: '',
      };
      return { report, patient: `train_${index + 1}`, imagePath: volume, labels: undefined };
    });
    const how = { mode: 'full_report', options: 4, questionsPerVolume: 2, seed: 3 } as const;
    assert.deepEqual(result(planQuestions(from, how)), result(planQuestions(from, how)));
    assert.notDeepEqual(
      result(planQuestions(from, how)),
      result(planQuestions(from, { ...how, seed: 4 })),
    );
  });
});

/** The distractors of candidates that are known by patient and text only. */
function dealt(
  candidates: readonly { readonly patient: string; readonly textKey: string }[],
  size: number,
  random: Random,
): (readonly number[] | undefined)[] {
  const texts = candidates.map((each) => ({ ...each, text: each.textKey }));
  return result(dealOptionSets(new Candidates(texts), size, random)).map((hand) => hand?.others);
}

describe('dealOptionSets', () => {
  it('offers each text as the truth exactly as often as chance has it', () => {
    const candidates = Array.from({ length: 40 }, (_, index) => ({
      patient: `p${index}`,
      // A quarter of the reports say the same, as normal scans do: the most that fits one a set.
      textKey: index % 4 === 0 ? 'normal' : `t${index}`,
    }));
    const hands = dealt(candidates, 4, Random.fromSeed(1));
    const offered = new Map<string, number>();
    hands.forEach((others, index) => {
      for (const each of [index, ...(others ?? [])]) {
        const key = candidates[each].textKey;
        offered.set(key, (offered.get(key) ?? 0) + 1);
      }
    });
    assert.equal(offered.get('normal'), 4 * 10);
    assert.ok([...offered].every(([key, count]) => key === 'normal' || count === 4));
  });

  it('gives the rest distractors at random, and none where there are too few', () => {
    const candidates = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ patient: name, textKey: name }));
    const hands = dealt(candidates, 4, Random.fromSeed(2));
    assert.ok(hands.every((others) => new Set(others).size === 3));
    assert.deepEqual(dealt(candidates.slice(0, 3), 4, Random.fromSeed(2)), [
      undefined,
      undefined,
      undefined,
    ]);
    const same = candidates.map(({ patient }) => ({ patient, textKey: 'same' }));
    assert.ok(dealt(same, 2, Random.fromSeed(2)).every((others) => others === undefined));
  });
});

describe('dealOptionSets for many candidates', () => {
  it('takes no quadratic time where nearly all say the same', () => {
    const candidates = Array.from({ length: 50_000 }, (_, index) => ({
      patient: `p${index}`,
      textKey: index < 3 ? `t${index}` : 'normal',
    }));
    const hands = dealt(candidates, 4, Random.fromSeed(3));
    assert.ok(hands.every((others) => others?.length === 3));
    const alike = candidates.slice(3);
    assert.ok(dealt(alike, 4, Random.fromSeed(3)).every((others) => others === undefined));
  });
});

describe('splitPatients', () => {
  const patients = Array.from({ length: 10 }, (_, index) => `p${index}`);

  it('gives shares of the patients, whatever their order', () => {
    const partOf = splitPatients(patients, { train: 0.7, valid: 0.2 }, Random.fromSeed(0));
    const counts = ['train', 'valid', undefined].map(
      (part) => patients.filter((patient) => partOf.get(patient) === part).length,
    );
    assert.deepEqual(counts, [7, 2, 1]);
    const reversed = splitPatients(
      [...patients].reverse(),
      { train: 0.7, valid: 0.2 },
      Random.fromSeed(0),
    );
    assert.deepEqual(new Map([...reversed].sort()), new Map([...partOf].sort()));
  });

  it('refuses shares that make no sense', () => {
    const senseless: Record<string, number>[] = [
      {},
      { a: 0.8, b: 0.3 },
      { a: 0 },
      { a: -1, b: 1 },
      { a: NaN },
      { '../x': 1 },
      { train: 0.5, Train: 0.5 },
    ];
    for (const shares of senseless) {
      assert.throws(() => splitPatients(patients, shares, Random.fromSeed(0)), {
        code: 'split-invalid',
      });
    }
  });
});

describe('buildDataset', () => {
  const folder = temporaryFolder();
  const names = Array.from({ length: 12 }, (_, index) => `train_${index + 1}_a_1`);

  /** Tables of twelve patients; volumes for those named. */
  async function corpus(volumes: readonly string[]): Promise<BuildOptions> {
    const rows = names.map(
      (name, index) => `${name}.nii.gz,"Finding ${index}.",Impression ${index}.`,
    );
    await folder.write(
      'reports.csv',
      ['VolumeName,Findings_EN,Impressions_EN', ...rows].join('\n'),
    );
    const scans = names.map(
      (name, index) => `${name}.nii.gz,${index % 2 ? 'M' : 'F'},0${40 + index}Y`,
    );
    await folder.write('metadata.csv', ['VolumeName,PatientSex,PatientAge', ...scans].join('\n'));
    for (const volume of volumes) {
      await folder.write(`images/some/${volume}.nii.gz`, '');
    }
    return {
      reports: join(folder.path, 'reports.csv'),
      metadata: join(folder.path, 'metadata.csv'),
      images: join(folder.path, 'images'),
      out: join(folder.path, 'a.mcqa.jsonl'),
    };
  }

  it('builds a file that lints clean and reads back', async () => {
    const result = await buildDataset(await corpus(names));
    assert.deepEqual(
      [result.questions, result.skipped, result.imagesFound, result.notes],
      [12, [], 12, []],
    );
    const [{ path }] = result.files;
    assert.deepEqual(await lintFile(path, {}, { levels: { 'image-unreadable': 'off' } }), []);
    const { questions, sideFile } = await readDataset(path);
    assert.ok(questions.every(({ imageFound, truth }) => imageFound && truth !== null));
    assert.equal(questions[0].record.image_path, 'images/some/train_1_a_1.nii.gz');
    assert.deepEqual(questions[0].record.metadata, { age: 40, sex: 'F' });
    assert.deepEqual(sideFile?.image_roots, ['images']);
    assert.equal(sideFile.reports, 'reports.csv');
  });

  it('finds volumes that are not below the folder of the file through the image root', async () => {
    const options = await corpus(names);
    const { files } = await buildDataset({
      ...options,
      out: join(folder.path, 'sets', 'a.mcqa.jsonl'),
    });
    const { questions } = await readDataset(files[0].path);
    assert.equal(questions[0].record.image_path, 'some/train_1_a_1.nii.gz');
    assert.ok(questions.every(({ imageFound }) => imageFound));
  });

  it('leaves out volumes without a file and counts them', async () => {
    const result = await buildDataset(await corpus(names.slice(0, 9)));
    assert.deepEqual(
      [result.questions, result.skipped],
      [9, [{ reason: 'no image file', count: 3 }]],
    );
  });

  it('builds with CT-RATE paths where there is no volume at all, and says so', async () => {
    const result = await buildDataset(await corpus([]));
    assert.deepEqual([result.questions, result.imagesFound, result.notes.length], [12, 0, 1]);
    const { questions } = await readDataset(result.files[0].path);
    assert.equal(
      questions[0].record.image_path,
      'images/train/train_1/train_1_a/train_1_a_1.nii.gz',
    );
    assert.ok(
      (await lintFile(result.files[0].path)).every(({ severity }) => severity === 'warning'),
    );
  });

  it('starts every option of a question with the metadata of its scan', async () => {
    const options = {
      ...(await corpus(names)),
      metadataPrompt: usualTemplate,
      mode: 'impression',
    } as const;
    const { questions } = await readDataset((await buildDataset(options)).files[0].path);
    questions.forEach(({ texts }, index) => {
      const start = `Age: ${40 + index}, Sex: ${index % 2 ? 'M' : 'F'}. Impression: Impression `;
      assert.ok(texts.every((text) => text.startsWith(start)));
    });
  });

  it('says the metadata as the template does, in texts and in references', async () => {
    const metadataPrompt = 'A {age}-year-old {sex_word}, kernel {kernel}.';
    const given = { ...(await corpus(names)), metadataPrompt, mode: 'impression' } as const;
    for (const texts of ['inline', 'ref'] as const) {
      const { files } = await buildDataset({ ...given, texts });
      const { questions } = await readDataset(files[0].path);
      questions.forEach((question, index) => {
        const start = `A ${40 + index}-year-old ${index % 2 ? 'male' : 'female'}. Impression: `;
        assert.ok(question.texts.every((text) => text.startsWith(start)));
      });
    }
  });

  it('refuses a template that names what no scan has', async () => {
    const given = await corpus(names);
    for (const metadataPrompt of ['Weight: {weight}.', 'no field']) {
      await assert.rejects(buildDataset({ ...given, metadataPrompt }), {
        code: 'build-metadata-template',
      });
    }
  });

  it('says of how many volumes the prompt knows nothing', async () => {
    const { reports, images, out } = await corpus(names);
    const { notes } = await buildDataset({ reports, images, out, metadataPrompt: usualTemplate });
    assert.match(notes.join(), /^12 of 12 volumes have nothing in a metadata table/);
  });

  it('writes one file a part with ids of its own, no patient in two', async () => {
    const options = { ...(await corpus(names)), split: { train: 0.5, valid: 0.5 } };
    const { files } = await buildDataset(options);
    assert.deepEqual(
      files.map(({ path, split, questions, patients }) => [
        basename(path),
        split,
        questions,
        patients,
      ]),
      [
        ['a.train.mcqa.jsonl', 'train', 6, 6],
        ['a.valid.mcqa.jsonl', 'valid', 6, 6],
      ],
    );
    const ids = await Promise.all(
      files.map(async ({ path }) => (await readDataset(path)).questions.map(({ id }) => id)),
    );
    assert.equal(new Set(ids.flat()).size, 12);
  });

  it('writes the same bytes for the same seed', async () => {
    const options = { ...(await corpus(names)), mode: 'mixed', seed: 7 } as const;
    const bytes = async (seed: number): Promise<string> => {
      const { files } = await buildDataset({ ...options, seed });
      return readFile(files[0].path, 'utf8');
    };
    const first = await bytes(7);
    assert.notEqual(await bytes(8), first);
    assert.equal(await bytes(7), first);
  });

  const refused: readonly [change: Partial<BuildOptions>, code: string][] = [
    [{ negatives: {} }, 'build-negatives'],
    [{ negatives: { hard: -1, easy: 2 } }, 'build-negatives'],
    [{ labelDifference: { least: 2 } }, 'build-labels-needed'],
    [{ labelDifference: { least: 1, most: 1 }, labels: 'l.csv' }, 'build-label-difference'],
    [{ labelDifference: { least: 2, most: 1 }, labels: 'l.csv' }, 'build-label-difference'],
    [{ out: 'a.jsonl' }, 'build-out-name'],
    [{ options: 1 }, 'build-option-count'],
    [{ options: 21 }, 'build-option-count'],
    [{ options: 2.5 }, 'build-option-count'],
    [{ options: 13 }, 'build-no-questions'],
    [{ questionsPerVolume: 0 }, 'build-questions-per-volume'],
    [{ seed: -1 }, 'build-seed'],
    [{ mode: 'odd' as 'mixed' }, 'build-mode-unknown'],
    [{ split: { train: 0.9, valid: 0.1 } }, 'build-no-questions'],
    [{ split: { train: 2 } }, 'split-invalid'],
    [{ reports: 'absent.csv' }, 'table-unreadable'],
  ];
  for (const [change, code] of refused) {
    it(`refuses ${JSON.stringify(change)} and writes nothing`, async () => {
      const options = { ...(await corpus(names)), ...change };
      await assert.rejects(buildDataset(options), { name: 'UserError', code });
      assert.deepEqual((await readdir(folder.path)).sort(), [
        'images',
        'metadata.csv',
        'reports.csv',
      ]);
    });
  }

  for (const last of ['Looking for volumes', 'Writing questions']) {
    it(`leaves nothing behind when it is stopped after "${last}"`, async () => {
      const options = { ...(await corpus(names)), questionsPerVolume: 100 };
      const stop = new AbortController();
      const onProgress = ({ stage }: { stage: string }): void => {
        if (stage === last) {
          stop.abort();
        }
      };
      await assert.rejects(buildDataset(options, { signal: stop.signal, onProgress }), {
        name: 'CancelledError',
      });
      assert.deepEqual((await readdir(folder.path)).sort(), [
        'images',
        'metadata.csv',
        'reports.csv',
      ]);
    });
  }

  it('writes no questions where it cannot write their side file', async () => {
    const options = await corpus(names);
    await mkdir(sideFilePath(options.out));
    await assert.rejects(buildDataset(options), { code: 'no-such-place' });
    await assert.rejects(readFile(options.out), { code: 'ENOENT' });
  });

  it('replaces what it built, but not what somebody changed since, unless told to', async () => {
    const options = await corpus(names);
    await buildDataset(options);
    await buildDataset({ ...options, seed: 1 });
    const built = await readFile(options.out, 'utf8');
    await writeFile(options.out, built.replace('"id":"', '"id":"mine-'));
    const sidePath = sideFilePath(options.out);
    const side = JSON.parse(await readFile(sidePath, 'utf8')) as DatasetSideFile;
    const lint = { rules: { MCQ205: 'off' } } as const;
    await writeFile(sidePath, JSON.stringify({ ...side, lint }));
    await assert.rejects(buildDataset(options), (error: Error) => {
      return (
        'code' in error && error.code === 'build-exists' && error.message.includes(options.out)
      );
    });
    assert.match(await readFile(options.out, 'utf8'), /"mine-/);
    await buildDataset({ ...options, seed: 1, replace: true });
    assert.equal(await readFile(options.out, 'utf8'), built);
    const renewed = JSON.parse(await readFile(sidePath, 'utf8')) as DatasetSideFile;
    assert.deepEqual(renewed, { ...side, lint });
  });

  it('asks no question twice, however many are wanted of a volume', async () => {
    const options = await corpus(names);
    const { questions, skipped, files } = await buildDataset({
      ...options,
      options: 2,
      questionsPerVolume: 40,
    });
    const read = await readDataset(files[0].path);
    const asked = read.questions.map(({ record }) =>
      [record.image_path, ...record.options.map(({ source }) => source).sort()].join(' '),
    );
    assert.equal(new Set(asked).size, questions);
    const repeats = skipped.find(
      ({ reason }) => reason === 'a question that its volume has already',
    );
    assert.equal(questions + (repeats?.count ?? 0), 40 * names.length);
  });

  it('writes all parts of a split or none: a patient of an old part may be in another new one', async () => {
    const options: BuildOptions = { ...(await corpus(names)), split: { train: 0.5, valid: 0.5 } };
    await buildDataset(options);
    const [train, valid] = ['train', 'valid'].map((part) =>
      options.out.replace('.mcqa', `.${part}.mcqa`),
    );
    const before = await readFile(train);
    await rm(valid);
    await mkdir(valid);
    await assert.rejects(buildDataset({ ...options, seed: 5 }), { code: 'no-such-place' });
    assert.deepEqual(await readFile(train), before);
  });
});
