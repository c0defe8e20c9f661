import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import type { BuildOptions } from '../../../src/core/dataset/build';
import { BuildPreviewer } from '../../../src/core/dataset/previewBuild';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { temporaryFolder } from './fixtures';

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

  it('is told by the caller to stop, without harm to the next', async () => {
    const previewer = new BuildPreviewer();
    const options = await corpus(8);
    const signal = AbortSignal.abort();
    await assert.rejects(previewer.preview(options, { signal }), { name: 'CancelledError' });
    assert.equal((await previewer.preview(options)).volumes, 8);
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
