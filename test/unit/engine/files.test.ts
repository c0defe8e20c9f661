import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPresets, loadPreset } from '../../../src/engine/presets';
import type { RunDescription, RunProcess, RunState } from '../../../src/core/run';
import { listRuns, RunFolder } from '../../../src/core/runs/runFolder';
import { thisProcess } from '../../../src/core/runs/runProcess';
import { openRun } from '../../../src/engine/run';
import { readSafetensors, writeSafetensors } from '../../../src/engine/safetensors';
import { explainStorageError } from '../../../src/core/storage/storageErrors';
import { UserError } from '../../../src/core/errors';
import { needShared } from '../../shared';
import { modelsFolder } from './smallTokenizer';
import { tinyPreset } from './tinyCorpus';

let folder: string;
const file = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('safetensors files', () => {
  const tensors = new Map([
    ['a', { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, NaN) }],
    ['b', { shape: [3], data: Int16Array.of(1, 2, -3) }],
    ['empty', { shape: [0], data: new Int32Array(0) }],
    ['scalar', { shape: [], data: Int32Array.of(7) }],
  ]);

  it('come back as they were written, or the wanted tensors of them', async () => {
    await writeSafetensors(file('x.safetensors'), { tensors, metadata: { made: 'here' } });
    const read = await readSafetensors(file('x.safetensors'));
    assert.deepEqual([...read.tensors], [...tensors]);
    assert.deepEqual(read.metadata, { made: 'here' });
    const some = await readSafetensors(file('x.safetensors'), (name) => name === 'b');
    assert.deepEqual([...some.tensors.keys()], ['b']);
  });

  it('of the reference library are read', async function () {
    const path = needShared(this, 'fixtures', 'torch-train', 'dual_tower.safetensors');
    const { tensors: read } = await readSafetensors(path, (name) => name.endsWith('logit_scale'));
    assert.ok(read.size > 0);
    for (const { shape, data } of read.values()) {
      assert.deepEqual(shape, []);
      assert.equal(data.length, 1);
    }
  });

  it('that are cut off or no such files are refused', async () => {
    await writeSafetensors(file('x.safetensors'), { tensors, metadata: {} });
    const bytes = await readFile(file('x.safetensors'));
    for (const length of [0, 5, 40, bytes.length - 3]) {
      await writeFile(file('cut.safetensors'), bytes.subarray(0, length));
      await assert.rejects(readSafetensors(file('cut.safetensors')), {
        code: 'safetensors-invalid',
      });
    }
    await writeFile(file('text.safetensors'), 'this is a text, and not a short one at that');
    await assert.rejects(readSafetensors(file('text.safetensors')), {
      code: 'safetensors-invalid',
    });
  });
});

describe('presets', () => {
  it('that ship are all valid, and named as their files', async () => {
    const presets = await listPresets(modelsFolder);
    assert.ok(presets.length >= 2);
    for (const preset of presets) {
      assert.deepEqual(await loadPreset(modelsFolder, preset.name), preset);
    }
  });

  it('that do not exist are answered with those that do', async () => {
    await assert.rejects(loadPreset(modelsFolder, 'resnet'), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, 'preset-unknown');
      assert.match(error.remedy, /cnn3d-bert-small/);
      return true;
    });
  });

  const mistakes: readonly (readonly [string, object, RegExp])[] = [
    ['a missing part', { image: undefined }, /image\.network/],
    ['a wrong number', { training: { ...tinyPreset.training, epochs: 0.5 } }, /training\.epochs/],
    ['a beta of 1', { training: { ...tinyPreset.training, betas: [0.9, 1] } }, /training\.betas/],
    ['too few positions', { text: { ...tinyPreset.text, maxTokens: 99 } }, /maxPositions/],
    ['heads that do not divide', { text: { ...tinyPreset.text, heads: 3 } }, /text\.heads/],
    ['a clip range upside down', { volume: { ...tinyPreset.volume, clipHu: [1, 0] } }, /clipHu/],
  ];
  for (const [name, change, message] of mistakes) {
    it(`with ${name} are refused with the path of the mistake`, async () => {
      await writeFile(file('p.json'), JSON.stringify({ ...tinyPreset, ...change }));
      await assert.rejects(loadPreset(modelsFolder, file('p.json')), {
        code: 'preset-invalid',
        message,
      });
    });
  }
});

const runDescription: RunDescription = {
  version: 1,
  name: 'a',
  state: 'cancelled',
  preset: tinyPreset,
  dataset: { path: 'a.mcqa.jsonl', hash: 'h', questions: 3 },
  seed: 0,
  device: 'cpu',
  versions: { product: '1', node: '1', onnxruntime: '1' },
  preprocessing: 'p',
  text: 't',
  tokens: 16,
  textMode: 'full_report',
  created: '2026-01-01T00:00:00.000Z',
  step: 0,
  steps: 4,
};

describe('run folder', () => {
  it('keeps prepared volumes in the .ct-mcqa folder around it, or beside it', () => {
    const home = join(folder, '.ct-mcqa');
    assert.equal(new RunFolder(join(home, 'runs', 'a')).cache, join(home, 'cache'));
    assert.equal(new RunFolder(join(folder, 'a')).cache, join(home, 'cache'));
  });

  it('reads metrics up to a line that a crash cut off', async () => {
    const run = new RunFolder(folder);
    const line = (step: number): string =>
      `${JSON.stringify({ kind: 'step', step, loss: 1, accuracy: 0.5 })}\n`;
    await writeFile(run.metrics, `${line(1)}${line(2)}${line(3).slice(0, 20)}`);
    assert.deepEqual(
      (await run.readMetrics()).map(({ step }) => step),
      [1, 2],
    );
    await run.rewindMetrics(1, 0);
    assert.equal(await readFile(run.metrics, 'utf8'), line(1));
  });

  it('names the file that a step could not be logged in', async () => {
    const run = new RunFolder(folder);
    await mkdir(run.metrics);
    const line = { kind: 'validation', step: 1, epoch: 1, epochs: 1, questions: 1 } as const;
    await assert.rejects(run.appendMetrics({ ...line, loss: 1, accuracy: 1 }), {
      code: 'no-such-place',
      message: /metrics\.jsonl cannot be/,
    });
  });

  it('is no run without run.json, and says so when it is unreadable', async () => {
    const run = new RunFolder(folder);
    assert.equal(await run.read(), undefined);
    const { preset, ...rest } = runDescription;
    for (const broken of [
      { version: 2 },
      { version: 1 },
      [],
      null,
      rest,
      { ...rest, preset: 'a' },
    ]) {
      await writeFile(run.description, JSON.stringify(broken));
      await assert.rejects(run.read(), { code: 'run-unreadable' });
    }
    await writeFile(run.description, JSON.stringify({ ...rest, preset }));
    assert.equal((await run.read())?.name, 'a');
  });

  it('is not taken for none where run.json is there and cannot be read', async () => {
    const run = new RunFolder(join(folder, 'unreadable'));
    await mkdir(run.description, { recursive: true });
    await assert.rejects(run.read(), { code: 'run-unreadable' });
    assert.equal(await new RunFolder(join(run.description, 'below')).read(), undefined);
  });

  it('that is broken hides no other in the list of runs', async () => {
    const write = async (name: string, description: unknown): Promise<RunFolder> => {
      const run = new RunFolder(join(folder, name));
      await mkdir(run.path);
      await writeFile(run.description, JSON.stringify(description));
      return run;
    };
    await write('empty', { version: 1 });
    const { metrics } = await write('unreadable metrics', runDescription);
    await mkdir(metrics);
    await write('whole', runDescription);
    assert.deepEqual(
      (await listRuns(folder)).map(({ name }) => name),
      ['whole'],
    );
  });

  it('whose process was killed while it trained has failed', async () => {
    const run = new RunFolder(folder);
    const child = spawn(process.execPath, ['--version']);
    await once(child, 'exit');
    const gone = { pid: child.pid ?? 0, host: hostname() };
    const cases: readonly (readonly [RunProcess, RunState])[] = [
      [gone, 'failed'],
      [{ ...gone, host: 'another machine' }, 'training'],
      [thisProcess(), 'training'],
    ];
    for (const [trainer, state] of cases) {
      await run.write({ ...runDescription, state: 'training', process: trainer });
      assert.equal((await run.read())?.state, state);
    }
    await run.write({ ...runDescription, state: 'finished', process: gone });
    assert.equal((await run.read())?.state, 'finished');
  });

  it('with a preset that no model can be made of is not opened', async () => {
    const run = new RunFolder(folder);
    const preset = { ...tinyPreset, image: { ...tinyPreset.image, widths: [] } };
    await run.write({ ...runDescription, preset, modelHash: 'h' });
    await assert.rejects(openRun(folder, { modelsFolder }), {
      code: 'run-unreadable',
      message: /image\.widths/,
    });
  });
});

describe('storage errors', () => {
  const failure = (code: string): Error => Object.assign(new Error(code), { code });

  it('of a full disk and of a forbidden folder are put into words', () => {
    assert.equal((explainStorageError(failure('ENOSPC'), '/x') as UserError).code, 'disk-full');
    assert.equal((explainStorageError(failure('EROFS'), '/x') as UserError).code, 'not-writable');
  });

  it('of other kinds stay what they are', () => {
    const other = failure('EIO');
    assert.equal(explainStorageError(other, '/x'), other);
  });
});
