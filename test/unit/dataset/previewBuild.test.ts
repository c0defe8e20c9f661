import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import type { BuildOptions } from '../../../src/core/dataset/build';
import { BuildPreviewer } from '../../../src/core/dataset/previewBuild';
import { readDataset } from '../../../src/core/dataset/readDataset';
import type { FoundSources, SourceFiles } from '../../../src/core/dataset/sources';
import type { LongWork } from '../../../src/core/progress';
import { temporaryFolder } from './fixtures';

/** Lets timers that are due run, those of 0 ms among them. */
const timersRun = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('BuildPreviewer', () => {
  const folder = temporaryFolder();

  async function corpus(patients: number): Promise<BuildOptions> {
    const rows = Array.from({ length: patients }, (_, n) => `train_${n + 1}_a_1,Finding ${n}.`);
    await folder.write('r.csv', `VolumeName,Findings_EN\n${rows.join('\n')}\n`);
    await folder.write('m.csv', 'VolumeName,PatientAge\ntrain_1_a_1,060Y\n');
    return {
      reports: join(folder.path, 'r.csv'),
      metadata: join(folder.path, 'm.csv'),
      images: join(folder.path, 'images'),
      out: join(folder.path, 'a.mcqa.jsonl'),
      split: { train: 0.5, valid: 0.5 },
    };
  }

  it('shows the questions that the build then writes, and writes none itself', async () => {
    const options = await corpus(40);
    const preview = await new BuildPreviewer().preview(options);
    assert.deepEqual(await readdir(folder.path), ['m.csv', 'r.csv']);
    assert.deepEqual(preview.parts, [
      { split: 'train', questions: 20 },
      { split: 'valid', questions: 20 },
    ]);
    assert.deepEqual(
      [preview.volumes, preview.patients, preview.withMetadata, preview.withLabels],
      [40, 40, 1, 0],
    );
    const { files } = await buildDataset(options);
    const written = await Promise.all(files.map(({ path }) => readDataset(path)));
    const records = written.flatMap(({ questions }) => questions.map(({ record }) => record));
    assert.equal(preview.questions.length, 5);
    for (const question of preview.questions) {
      assert.deepEqual(
        records.find(({ id }) => id === question.id),
        question,
      );
    }
  });

  it('estimates where there are many volumes', async () => {
    const preview = await new BuildPreviewer().preview(await corpus(1500));
    assert.ok(preview.isEstimate);
    assert.equal(preview.volumes, 1500);
    assert.equal(
      preview.parts.reduce((sum, { questions }) => sum + questions, 0),
      1500,
    );
  });

  it('reads the tables once for many settings, and again when one was written anew', async () => {
    const previewer = new BuildPreviewer();
    const options = await corpus(8);
    const stages: string[] = [];
    const work = { onProgress: ({ stage }: { stage: string }) => stages.push(stage) };
    await previewer.preview(options, work);
    assert.ok(stages.includes('Reading reports'));
    stages.length = 0;
    const other = await previewer.preview({ ...options, options: 3, seed: 9 }, work);
    assert.deepEqual(stages, []);
    assert.equal(other.questions[0].options.length, 3);
    await corpus(12);
    assert.equal((await previewer.preview(options, work)).volumes, 12);
  });

  it('stops reading for a form that was changed since', async () => {
    const previewer = new BuildPreviewer();
    const options = await corpus(8);
    const first = previewer.preview(options);
    const second = previewer.preview({ ...options, metadata: undefined });
    await assert.rejects(first, { name: 'CancelledError' });
    assert.equal((await second).withMetadata, 0);
  });

  it('is told by the caller to stop before it begins, without harm to the next', async () => {
    const previewer = new BuildPreviewer();
    const options = await corpus(8);
    const signal = AbortSignal.abort();
    await assert.rejects(previewer.preview(options, { signal }), { name: 'CancelledError' });
    assert.equal((await previewer.preview(options)).volumes, 8);
  });

  /** A reading that goes on until it is told to stop; it says what the test tells it to say. */
  function endless() {
    const readings: { signal: AbortSignal; say: (stage: string) => void }[] = [];
    let told = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      told = resolve;
    });
    const read = (_: SourceFiles, { signal, onProgress }: LongWork): Promise<FoundSources> => {
      readings.push({
        signal: signal!,
        say: (stage) => onProgress?.({ stage, done: 0 }),
      });
      told();
      return new Promise(() => undefined);
    };
    return { readings, begun, read };
  }

  it('lets a caller go at once in the middle of reading, and the others wait on', async () => {
    const { readings, begun, read } = endless();
    const previewer = new BuildPreviewer({ read, patienceMs: 0 });
    const options = await corpus(8);
    const [one, other] = [new AbortController(), new AbortController()];
    const first = previewer.preview(options, { signal: one.signal });
    await begun;
    const stages: string[] = [];
    const second = previewer.preview(
      { ...options, seed: 2 },
      { signal: other.signal, onProgress: ({ stage }) => stages.push(stage) },
    );
    one.abort();
    await assert.rejects(first, { name: 'CancelledError' });
    while (stages.length === 0) {
      await timersRun();
      readings[0].say('Reading reports');
    }
    assert.equal(readings[0].signal.aborted, false);
    other.abort();
    await assert.rejects(second, { name: 'CancelledError' });
    assert.equal(readings.length, 1);
  });

  it('stops reading once nobody waits any more, and reads anew for the next', async () => {
    const { readings, begun, read } = endless();
    const previewer = new BuildPreviewer({ read, patienceMs: 0 });
    const options = await corpus(8);
    const stop = new AbortController();
    const preview = previewer.preview(options, { signal: stop.signal });
    await begun;
    stop.abort();
    await assert.rejects(preview, { name: 'CancelledError' });
    await timersRun();
    assert.equal(readings[0].signal.aborted, true);
    const again = new AbortController();
    const next = previewer.preview(options, { signal: again.signal });
    again.abort();
    await assert.rejects(next, { name: 'CancelledError' });
  });

  it('is told to stop while it reads real tables, and the next has the same reading', async () => {
    const previewer = new BuildPreviewer();
    const options = await corpus(8);
    const stop = new AbortController();
    const stages: string[] = [];
    const first = previewer.preview(options, {
      signal: stop.signal,
      onProgress: ({ stage }) => {
        stages.push(stage);
        stop.abort();
      },
    });
    await assert.rejects(first, { name: 'CancelledError' });
    const onProgress = ({ stage }: { stage: string }): number => stages.push(stage);
    assert.equal((await previewer.preview(options, { onProgress })).volumes, 8);
    assert.equal(stages.filter((stage) => stage === 'Reading reports').length, 1);
  });

  it('sees volumes that were copied into a subfolder since', async () => {
    const previewer = new BuildPreviewer();
    const options = { ...(await corpus(8)), split: undefined, options: 2 };
    const add = (patient: number): Promise<string> =>
      folder.write(`images/train/all/train_${patient}_a_1.nii.gz`, '');
    await Promise.all([1, 2].map(add));
    assert.equal((await previewer.preview(options)).imagesFound, 2);
    await add(3);
    assert.equal((await previewer.preview(options)).imagesFound, 3);
  });

  it('reads anew after a minute where there are too many folders to look at', async () => {
    let minutes = 0;
    const previewer = new BuildPreviewer({ watchedFolders: 1, now: () => minutes * 60_000 });
    const options = { ...(await corpus(8)), split: undefined, options: 2 };
    const add = (patient: number): Promise<string> =>
      folder.write(`images/${patient}/train_${patient}_a_1.nii.gz`, '');
    await Promise.all([1, 2].map(add));
    assert.equal((await previewer.preview(options)).imagesFound, 2);
    await folder.write('images/2/train_3_a_1.nii.gz', '');
    minutes = 0.9;
    assert.equal((await previewer.preview(options)).imagesFound, 2);
    minutes = 1;
    assert.equal((await previewer.preview(options)).imagesFound, 3);
  });

  it('says what cannot be built, and recovers once it can', async () => {
    const previewer = new BuildPreviewer();
    const options = await corpus(8);
    await assert.rejects(previewer.preview({ ...options, options: 21 }), {
      code: 'build-option-count',
    });
    await assert.rejects(previewer.preview({ ...options, reports: join(folder.path, 'no.csv') }), {
      code: 'table-unreadable',
    });
    assert.equal((await previewer.preview(options)).volumes, 8);
  });
});
