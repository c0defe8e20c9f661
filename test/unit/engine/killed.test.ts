import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../../src/core/random';
import { RunFolder } from '../../../src/core/runs/runFolder';
import { hashWeights, loadCheckpoint } from '../../../src/engine/checkpoint';
import { openRun } from '../../../src/engine/run';
import { train } from '../../../src/engine/train';
import { modelsFolder } from './smallTokenizer';
import { wordyPreset, writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

const commandLine = join(__dirname, 'commandLine.ts');
const epochs = 4;

/** When a training is killed: once it has logged so many steps, or while it writes a checkpoint. */
type Moment = { readonly steps: number } | 'saving';

describe('a training that is killed', function () {
  this.timeout(120_000);
  let corpus: TinyCorpus;
  /** Of a network whose checkpoint takes some time to write: time to be killed in. */
  let preset: string;

  before(async () => {
    corpus = await writeTinyCorpus(12);
    preset = await corpus.writePreset(wordyPreset);
  });

  after(() => corpus.remove());

  it('ends with the same weights, moments and best validation as one that was not', async () => {
    const random = Random.fromSeed(11, 'kills');
    const whole = new RunFolder(corpus.path('runs', 'whole'));
    const options = { ...corpus.training('whole'), modelsFolder, preset };
    await train({ ...options, valid: corpus.valid, epochs, seed: 6 }, {});
    const killed = new RunFolder(corpus.path('runs', 'killed'));
    await mkdir(killed.path, { recursive: true });
    const moments: Moment[] = [
      { steps: 1 + random.index(2) },
      'saving',
      { steps: 4 + random.index(2) },
      'saving',
    ];
    for (const [i, moment] of moments.entries()) {
      assert.equal(await trainUntil(moment, killed, i > 0), 'SIGKILL', JSON.stringify(moment));
    }
    assert.equal((await killed.read())?.state, 'failed');
    assert.equal(await trainUntil(undefined, killed, true), 0);

    const [expected, found] = await Promise.all(
      [whole, killed].map(({ checkpoint }) => loadCheckpoint(checkpoint)),
    );
    assert.equal(hashWeights(found.weights), hashWeights(expected.weights));
    assert.equal(hashWeights(found.moments), hashWeights(expected.moments));
    assert.deepEqual(found.position, expected.position);
    assert.deepEqual(found.validations, expected.validations);
    assert.equal((await killed.read())?.modelHash, (await whole.read())?.modelHash);
    await (await openRun(killed.path, { modelsFolder, device: 'cpu' })).dispose();
    assert.deepEqual((await readdir(killed.path)).sort(), (await readdir(whole.path)).sort());
    const logged = await killed.readMetrics();
    assert.deepEqual(
      logged.map(({ kind, step, epoch }) => [kind, step, epoch]),
      (await whole.readMetrics()).map(({ kind, step, epoch }) => [kind, step, epoch]),
    );
  });

  /** How the process ended: its exit code, or the signal. */
  function trainUntil(
    moment: Moment | undefined,
    run: RunFolder,
    resume: boolean,
  ): Promise<number | NodeJS.Signals | null> {
    return new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        [
          ...['--import', 'tsx', commandLine, 'train', corpus.train],
          ...['--model', preset, '--run', run.path, '--valid', corpus.valid],
          ...['--epochs', String(epochs), '--seed', '6', '--device', 'cpu'],
          ...(resume ? ['--resume'] : []),
        ],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      );
      const folder = watch(run.path, (_, file) => {
        if (moment === 'saving' && file?.startsWith('.checkpoint.safetensors')) {
          child.kill('SIGKILL');
        }
      });
      let output = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const steps = output.match(/^step \d+/gm)?.length ?? 0;
        if (typeof moment === 'object' && steps >= moment.steps) {
          child.kill('SIGKILL');
        }
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        folder.close();
        if (code !== null && code !== 0) {
          reject(new Error(output));
        }
        resolve(signal ?? code);
      });
    });
  }
});
