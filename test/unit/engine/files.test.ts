import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPresets, loadPreset } from '../../../src/engine/presets';
import { RunFolder } from '../../../src/engine/runFolder';
import { readSafetensors, writeSafetensors } from '../../../src/engine/safetensors';
import { explainStorageError } from '../../../src/core/storage/storageErrors';
import { UserError } from '../../../src/core/errors';
import { needShared } from '../../shared';
import { modelsFolder, tinyPreset } from './tinyCorpus';

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

describe('run folder', () => {
  it('keeps prepared volumes in the .ct-mcqa folder around it, or beside it', () => {
    const home = join(folder, '.ct-mcqa');
    assert.equal(new RunFolder(join(home, 'runs', 'a')).cache, join(home, 'cache'));
    assert.equal(new RunFolder(join(folder, 'a')).cache, join(home, 'cache'));
  });

  it('reads metrics up to a line that a crash cut off', async () => {
    const run = new RunFolder(folder);
    await writeFile(run.metrics, '{"kind":"step","step":1}\n{"kind":"step","step":2}\n{"kind":"st');
    assert.deepEqual(
      (await run.readMetrics()).map(({ step }) => step),
      [1, 2],
    );
    await run.rewindMetrics(1);
    assert.equal(await readFile(run.metrics, 'utf8'), '{"kind":"step","step":1}\n');
  });

  it('is no run without run.json, and says so when it is unreadable', async () => {
    const run = new RunFolder(folder);
    assert.equal(await run.read(), undefined);
    await writeFile(run.description, '{"version": 2}');
    await assert.rejects(run.read(), { code: 'run-unreadable' });
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
