import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as onnxruntime from 'onnxruntime-node';
import { CancelledError, UserError } from '../../../src/core/errors';
import { trainingStage } from '../../../src/core/progress';
import type { Progress } from '../../../src/core/progress';
import type { RunDescription, TrainOptions, TrainStep } from '../../../src/core/run';
import { hashWeights, loadCheckpoint, loadWeights } from '../../../src/engine/checkpoint';
import { evaluateFile } from '../../../src/engine/evaluate';
import { openRun } from '../../../src/engine/run';
import { listRuns, RunFolder } from '../../../src/core/runs/runFolder';
import { scoreVolume } from '../../../src/engine/score';
import { train } from '../../../src/engine/train';
import { copyVolume } from '../../../src/engine/volumeStore';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { readPredictions } from '../../../src/core/dataset/predictions';
import { tinyPreset, writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('training', () => {
  let corpus: TinyCorpus;
  let options: TrainOptions;
  const steps: TrainStep[] = [];

  before(async () => {
    corpus = await writeTinyCorpus(12);
    options = { ...corpus.training('first'), epochs: 12, seed: 2 };
    await train({ ...options, valid: corpus.valid }, { onStep: (step) => steps.push(step) });
  });

  after(() => corpus.remove());

  it('lowers the loss and learns its questions', () => {
    const mean = (some: TrainStep[]): number =>
      some.reduce((sum, { loss }) => sum + loss, 0) / some.length;
    assert.ok(mean(steps.slice(-4)) < 0.6 * mean(steps.slice(0, 4)));
    assert.deepEqual(
      steps.map(({ step }) => step),
      steps.map((_, i) => i + 1),
    );
    assert.equal(steps.at(-1)?.steps, steps.length);
    assert.equal(steps.at(-1)?.secondsLeft, 0);
  });

  it('leaves a run folder that says how it was made', async () => {
    const folder = new RunFolder(options.run);
    assert.deepEqual((await readdir(options.run)).sort(), [
      'best.safetensors',
      'checkpoint.safetensors',
      'metrics.jsonl',
      'model.onnx',
      'run.json',
      'text-only.safetensors',
    ]);
    const run = await folder.read();
    assert.equal(run?.state, 'finished');
    assert.equal(run.seed, 2);
    assert.equal(run.dataset.hash, (await readDataset(corpus.train)).hash);
    assert.equal(run.preset.training.epochs, 12);
    assert.equal(run.modelHash, hashWeights(await loadWeights(folder.best)));
    const metrics = await folder.readMetrics();
    assert.equal(metrics.filter(({ kind }) => kind === 'step').length, steps.length);
    assert.equal(metrics.filter(({ kind }) => kind === 'validation').length, 12);
    const [summary] = await listRuns(corpus.path('runs'));
    assert.equal(summary.name, 'first');
    assert.equal(summary.ready, true);
    assert.equal(summary.lastStep?.step, steps.length);
  });

  it('refuses to train into a folder that holds a run', async () => {
    await assert.rejects(train(options, {}), { name: 'UserError', code: 'run-exists' });
  });

  it('refuses to train a run that another process is training', async () => {
    const folder = new RunFolder(corpus.path('runs', 'busy'));
    const { modelHash, ...description } = (await new RunFolder(options.run).read())!;
    assert.ok(modelHash);
    // The parent of this process is alive.
    const trainer = { pid: process.ppid, host: hostname() };
    await folder.write({ ...description, state: 'training', process: trainer });
    await assert.rejects(train({ ...options, run: folder.path }, {}), { code: 'run-busy' });
  });

  it('refuses a run that another process begins to train while this one prepares', async () => {
    const folder = new RunFolder(corpus.path('runs', 'taken'));
    const { modelHash, ...description } = (await new RunFolder(options.run).read())!;
    assert.ok(modelHash);
    const trainer = { pid: process.ppid, host: hostname() };
    const taken = JSON.stringify({ ...description, state: 'training', process: trainer });
    const onNotice = (): void => {
      mkdirSync(folder.path);
      writeFileSync(folder.description, taken);
    };
    const preparing = train({ ...options, run: folder.path, batch: 1000 }, { onNotice });
    await assert.rejects(preparing, { code: 'run-busy' });
    assert.equal(await readFile(folder.description, 'utf8'), taken);
  });

  it('takes no more questions a step than there are', async () => {
    const run = corpus.path('runs', 'large batch');
    const notices: string[] = [];
    const onNotice = (notice: string): void => {
      notices.push(notice);
    };
    const overrides = { 'training.accumulate': 3, 'training.warmupSteps': 9 };
    await train({ ...options, run, batch: 100_000, epochs: 1, overrides }, { onNotice });
    const description = (await new RunFolder(run).read())!;
    assert.equal(description.preset.training.batch, description.dataset.questions);
    // The questions have three or four options, which never share a step.
    assert.equal(description.steps, 2);
    assert.deepEqual(
      notices.map((notice) =>
        /^(There are \d+ questions|An epoch has 1|The run has 2)/.test(notice),
      ),
      [true, true, true],
      notices.join(' '),
    );
  });

  it('refuses a run folder that cannot be one before it does anything', async () => {
    const below = { ...options, run: join(corpus.train, 'run') };
    await assert.rejects(train(below, {}), { code: 'no-such-place' });
    await assert.rejects(train({ ...options, run: corpus.train }, {}), { code: 'no-such-place' });
  });

  it('refuses to mine where all questions are yes/no', async () => {
    const lines = (await readFile(corpus.train, 'utf8')).trim().split('\n');
    const asked = lines.map((line) => ({ ...(JSON.parse(line) as object), mode: 'yes_no' }));
    const dataset = corpus.path('asked.mcqa.jsonl');
    await writeFile(dataset, asked.map((record) => JSON.stringify(record)).join('\n'));
    const overrides = { 'training.hardNegatives': {} };
    await assert.rejects(
      train({ ...options, run: corpus.path('runs', 'asked'), dataset, overrides }, {}),
      { code: 'nothing-to-mine' },
    );
  });

  it('goes on exactly where it stopped, between epochs', async () => {
    const straight = { ...options, run: corpus.path('runs', 'straight'), epochs: 2 };
    const parts = { ...options, run: corpus.path('runs', 'parts') };
    await train(straight, {});
    await train({ ...parts, epochs: 1 }, {});
    await train({ ...parts, epochs: 2, resume: true }, {});
    await assertSameState(straight.run, parts.run);
  });

  it('goes on exactly after a cancellation in the middle of an epoch', async () => {
    const cosine = await corpus.writePreset({
      ...tinyPreset,
      name: 'cosine',
      training: { ...tinyPreset.training, schedule: 'cosine', warmupSteps: 2 },
    });
    const straight = { ...options, preset: cosine, run: corpus.path('runs', 'whole'), epochs: 2 };
    const broken = { ...straight, run: corpus.path('runs', 'broken') };
    await train(straight, {});
    const cancellation = new AbortController();
    const cancelled = train(broken, {
      signal: cancellation.signal,
      onStep: ({ step }) => {
        if (step === 2) {
          cancellation.abort();
        }
      },
    });
    await assert.rejects(cancelled, CancelledError);
    assert.equal((await new RunFolder(broken.run).read())?.state, 'cancelled');
    assert.deepEqual((await loadCheckpoint(new RunFolder(broken.run).checkpoint)).position, {
      step: 2,
      epoch: 0,
      batch: 2,
    });
    assert.deepEqual(
      (await readdir(broken.run)).filter((file) => file.endsWith('.tmp')),
      [],
    );
    await train({ ...broken, resume: true }, {});
    await assertSameState(straight.run, broken.run);
    const logged = await new RunFolder(broken.run).readMetrics();
    assert.deepEqual(
      logged.map(({ step }) => step),
      logged.map((_, i) => i + 1),
    );
  });

  it('refuses to resume with other data', async () => {
    const other = { ...options, dataset: corpus.valid, epochs: 20, resume: true };
    await assert.rejects(train(other, {}), { code: 'resume-differs' });
  });

  it('leaves no run folder when cancelled before it began', async () => {
    const run = corpus.path('runs', 'never');
    await assert.rejects(
      train({ ...options, run }, { signal: AbortSignal.abort() }),
      CancelledError,
    );
    await assert.rejects(readdir(run), { code: 'ENOENT' });
  });

  it('keeps no weights when cancelled before the first step, and begins anew', async () => {
    const run = corpus.path('runs', 'early');
    const folder = new RunFolder(run);
    const cancellation = new AbortController();
    let begun: RunDescription | undefined;
    const early = train(
      { ...options, run, epochs: 1 },
      {
        signal: cancellation.signal,
        onProgress: ({ stage }) => {
          if (stage === trainingStage) {
            begun = JSON.parse(readFileSync(folder.description, 'utf8')) as RunDescription;
            cancellation.abort();
          }
        },
      },
    );
    await assert.rejects(early, CancelledError);
    assert.deepEqual([begun?.state, begun?.process?.pid], ['training', process.pid]);
    const description = await folder.read();
    assert.deepEqual(
      [description?.state, description?.modelHash, description?.process],
      ['cancelled', undefined, undefined],
    );
    await assert.rejects(readFile(folder.checkpoint), { code: 'ENOENT' });
    await train({ ...options, run, epochs: 1 }, {});
    assert.equal((await folder.read())?.state, 'finished');
  });

  it('takes nothing over from one that failed in its folder before it could save', async () => {
    const folder = new RunFolder(corpus.path('runs', 'again'));
    const first = new RunFolder(options.run);
    const { modelHash, ...description } = (await first.read())!;
    assert.ok(modelHash);
    await folder.write({ ...description, state: 'failed', seed: description.seed + 1 });
    // Killed between its checkpoint and its description.
    await copyFile(first.checkpoint, folder.checkpoint);
    await copyFile(first.best, folder.best);
    const cancellation = new AbortController();
    const onProgress = ({ stage }: Progress): void => {
      if (stage === trainingStage) {
        cancellation.abort();
      }
    };
    const work = { signal: cancellation.signal, onProgress };
    const unseeded = { ...options, run: folder.path, seed: undefined };
    await assert.rejects(train(unseeded, work), CancelledError);
    assert.equal((await folder.read())?.seed, 0);
    assert.deepEqual(
      (await readdir(folder.path)).filter((file) => file !== 'text-only.safetensors').sort(),
      ['metrics.jsonl', 'run.json'],
    );
  });

  it('is measured only into a file that can be written, and names it', async () => {
    const { run, dataset } = options;
    const predictions = corpus.path('taken');
    await mkdir(predictions);
    await assert.rejects(
      evaluateFile(
        { modelsFolder: corpus.modelsFolder, run, dataset, predictions, device: 'cpu' },
        {},
      ),
      (error) =>
        error instanceof UserError &&
        error.code === 'no-such-place' &&
        error.message.startsWith(predictions),
    );
  });

  it('does not say that it trains before everything is ready for it', async () => {
    const run = corpus.path('runs', 'unready');
    const folder = new RunFolder(run);
    await mkdir(folder.textOnly, { recursive: true });
    await assert.rejects(train({ ...options, run }, {}));
    assert.equal(await folder.read(), undefined);
  });

  it('stops when the loss is no number, and keeps the last checkpoint', async () => {
    const run = corpus.path('runs', 'diverged');
    await train({ ...options, run, epochs: 1 }, {});
    const before = await readFile(new RunFolder(run).checkpoint);
    await assert.rejects(
      train({ ...options, run, epochs: 4, learningRate: 1e30, resume: true }, {}),
      (error) => error instanceof UserError && error.code === 'loss-not-finite',
    );
    assert.deepEqual(await readFile(new RunFolder(run).checkpoint), before);
    assert.equal((await new RunFolder(run).read())?.state, 'failed');
  });

  it('names every volume it cannot read before it trains', async () => {
    const text = await readFile(corpus.train, 'utf8');
    const dataset = corpus.path('missing.mcqa.jsonl');
    await writeFile(
      dataset,
      text.replace('train_1_a_1.nii.gz', 'gone.nii.gz').replace('train_2_a_1.nii.gz', 'away.nii'),
    );
    const run = corpus.path('runs', 'missing');
    await assert.rejects(train({ ...options, dataset, run }, {}), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, 'volumes-unreadable');
      assert.match(error.message, /question q0: .*gone\.nii\.gz/);
      assert.match(error.message, /question q1: .*away\.nii/);
      return true;
    });
    await assert.rejects(readdir(run), { code: 'ENOENT' });
  });

  it('trains on the ready-made states of a frozen text tower', async () => {
    const preset = await corpus.writePreset({
      ...tinyPreset,
      name: 'frozen',
      // Drawn so that its states of different texts differ.
      text: { ...tinyPreset.text, learning: 'cached', initialDeviation: 0.05, attentionGain: 6 },
    });
    const run = corpus.path('runs', 'frozen');
    const losses: number[] = [];
    await train(
      { ...options, preset, run, epochs: 16 },
      { onStep: ({ loss }) => losses.push(loss) },
    );
    const mean = (some: number[]): number => some.reduce((sum, loss) => sum + loss) / some.length;
    assert.ok(mean(losses.slice(-4)) < 0.9 * mean(losses.slice(0, 4)));
    const weights = await loadWeights(new RunFolder(run).checkpoint);
    const first = await loadWeights(new RunFolder(options.run).checkpoint);
    assert.deepEqual([...weights.keys()].sort(), [...first.keys()].sort());
  });

  it('evaluates with the numbers that model.onnx gives, and writes them down', async () => {
    const { result, predictions } = await evaluateFile(
      { modelsFolder: corpus.modelsFolder, run: options.run, dataset: corpus.train, device: 'cpu' },
      {},
    );
    const { questions } = await readDataset(corpus.train);
    const file = await readPredictions(predictions);
    assert.deepEqual(
      file.rows.map(({ id, question_hash: hash, truth }) => ({ id, hash, truth })),
      questions.map(({ id, hash, truth }) => ({ id, hash, truth })),
    );
    for (const [i, { imagePath, texts }] of questions.entries()) {
      const expected = await runModel(options.run, imagePath, texts);
      file.rows[i].logits.forEach((logit, option) => {
        assert.ok(Math.abs(logit - expected[option]) < 1e-4);
      });
    }
    const right = file.rows.filter(({ predicted, truth }) => predicted === truth).length;
    assert.equal(result.seen_in, 'training');
    assert.equal(result.questions, questions.length);
    assert.equal(result.top1, right / questions.length);
    assert.ok(result.top1_ci[0] <= result.top1 && result.top1 <= result.top1_ci[1]);
    assert.ok(Math.abs(result.chance - meanChance(questions)) < 1e-12);
    assert.deepEqual(Object.keys(result.recall), ['1', '2', '3']);
    assert.equal(result.recall['1'], result.top1);
  });

  it('ranks the options of a volume, and keeps the answers to other questions', async () => {
    const predictions = corpus.path('kept.predictions.jsonl');
    const score = (volume: string) =>
      scoreVolume(
        {
          modelsFolder: corpus.modelsFolder,
          run: options.run,
          volume,
          device: 'cpu',
          texts: { kind: 'dataset', path: corpus.train, predictions },
          top: 2,
        },
        {},
      );
    const { ranking, texts } = await score(corpus.volumes[0]);
    assert.equal(texts, 4);
    assert.equal(ranking.length, 2);
    assert.ok(ranking[0].logit >= ranking[1].logit);
    assert.equal(ranking[0].question, ranking[1].question);
    assert.equal(ranking[0].truth, true);
    await score(corpus.volumes[1]);
    const { rows, header } = await readPredictions(predictions);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['q0', 'q1'],
    );
    assert.equal(header.run, 'first');
  });

  it('says where a volume has no questions', async () => {
    const texts = { kind: 'dataset', path: corpus.valid } as const;
    const volume = corpus.volumes[0];
    await assert.rejects(
      scoreVolume(
        { modelsFolder: corpus.modelsFolder, run: options.run, volume, device: 'cpu', texts },
        {},
      ),
      { code: 'volume-without-questions' },
    );
  });

  it('refuses a run whose preprocessing this version does not have', async () => {
    const folder = new RunFolder(options.run);
    const description = (await folder.read())!;
    await folder.write({ ...description, preprocessing: '0123456789abcdef' });
    await assert.rejects(
      openRun(options.run, { modelsFolder: corpus.modelsFolder, device: 'cpu' }),
      {
        code: 'run-fingerprint',
      },
    );
    await folder.write(description);
    const run = await openRun(options.run, { modelsFolder: corpus.modelsFolder, device: 'cpu' });
    await run.dispose();
  });

  async function runModel(
    run: string,
    imagePath: string,
    texts: readonly string[],
  ): Promise<Float32Array> {
    const opened = await openRun(run, { modelsFolder: corpus.modelsFolder, device: 'cpu' });
    const { store, encoder } = opened;
    await opened.dispose();
    const volume = new Float32Array(4 * 8 * 8);
    copyVolume(await store.read(imagePath), volume, 0);
    const length = encoder.maxTokens;
    const ids = new Int32Array(texts.length * length);
    const mask = new Int32Array(ids.length);
    texts.forEach((text, row) => {
      encoder.fillRow(text, row, length, ids, mask);
    });
    const session = await onnxruntime.InferenceSession.create(new RunFolder(run).model);
    const { similarity } = await session.run({
      volume: new onnxruntime.Tensor('float32', volume, [1, 1, 4, 8, 8]),
      input_ids: new onnxruntime.Tensor('int32', ids, [texts.length, length]),
      attention_mask: new onnxruntime.Tensor('int32', mask, [texts.length, length]),
    });
    return similarity.data as Float32Array;
  }
});

/** Weights, moments and position, bit for bit. */
async function assertSameState(oneRun: string, otherRun: string): Promise<void> {
  const one = await loadCheckpoint(new RunFolder(oneRun).checkpoint);
  const other = await loadCheckpoint(new RunFolder(otherRun).checkpoint);
  assert.deepEqual(other.position, one.position);
  assert.equal(hashWeights(other.weights), hashWeights(one.weights));
  assert.equal(hashWeights(other.moments), hashWeights(one.moments));
  assert.ok(one.moments.size > 0);
}

function meanChance(questions: readonly { readonly texts: readonly string[] }[]): number {
  return questions.reduce((sum, { texts }) => sum + 1 / texts.length, 0) / questions.length;
}
