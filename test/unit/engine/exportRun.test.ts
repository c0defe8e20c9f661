import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as onnxruntime from 'onnxruntime-node';
import { Random } from '../../../src/core/random';
import type { PresetOverrides } from '../../../src/core/presetOverrides';
import { exportModel, exportTrainingStep } from '../../../src/engine/exportRun';
import { RunFolder } from '../../../src/core/runs/runFolder';
import { readSafetensors } from '../../../src/engine/safetensors';
import { train } from '../../../src/engine/train';
import { elementCount } from '../../../src/graph';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

const python = process.env.PYTHON ?? 'python3';

describe('an exported run', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(8);
  });

  after(() => corpus.remove());

  const trained = async (name: string, overrides: PresetOverrides): Promise<string> => {
    const { folder } = await train(
      { ...corpus.training(name), epochs: 1, overrides, mixedOnProcessor: true },
      {},
    );
    return folder;
  };

  it('is the model that the run has', async () => {
    const run = await trained('model', {});
    const out = corpus.path('exported.onnx');
    assert.deepEqual(await exportModel({ run, out }), [out]);
    assert.deepEqual(await readFile(out), await readFile(new RunFolder(run).model));
  });

  for (const [name, overrides] of Object.entries({
    adamw: {},
    'sgd, averaged and clipped': {
      'training.optimiser': 'sgd',
      'training.learningRate': 0.05,
      'training.averageDecay': 0.9,
      'training.clipNorm': 1,
      'training.accumulate': 2,
    },
    'mixed precision': { 'training.precision': 'mixed' },
  })) {
    it(`trains by what its README says: ${name}`, async function () {
      const out = corpus.path(`${name}.onnx`);
      const run = await trained(name, overrides);
      const [model, state, readme] = await exportTrainingStep({ run, out, options: 3, batch: 2 });
      const text = await readFile(readme, 'utf8');
      const session = await onnxruntime.InferenceSession.create(model);

      // The data inputs as the table gives them, and the state: no input is left, none too many.
      const random = Random.fromSeed(2);
      const feeds: Record<string, onnxruntime.Tensor> = {};
      for (const [, input, type, shape] of text.matchAll(
        /^\| (\w+) \| (float32|int32) \| \[([\d, ]+)\] \|/gm,
      )) {
        const sizes = shape.split(', ').map(Number);
        const count = elementCount(sizes);
        feeds[input] =
          type === 'float32'
            ? new onnxruntime.Tensor(
                type,
                Float32Array.from({ length: count }, () => random.normal()),
                sizes,
              )
            : new onnxruntime.Tensor(
                'int32',
                Int32Array.from({ length: count }, () => 1),
                sizes,
              );
      }
      for (const [input, { shape, data }] of (await readSafetensors(state)).tensors) {
        feeds[input] = new onnxruntime.Tensor('float32', data as Float32Array, [...shape]);
      }
      const scalars = [...text.matchAll(/^- `(\w+)`$/gm)].map(([, scalar]) => scalar);
      assert.deepEqual([...Object.keys(feeds), ...scalars].sort(), [...session.inputNames].sort());

      const source = /```python\n(.*?)```/s.exec(text)?.[1] ?? '';
      const hasRuntime = spawnSync(python, ['-c', 'import onnxruntime']).status === 0;
      if (!hasRuntime) {
        this.skip();
      }
      const loop = spawnSync(python, ['-c', source], { cwd: dirname(model), encoding: 'utf8' });
      assert.equal(loop.status, 0, loop.stderr);
      const losses = loop.stdout
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[1]));
      assert.equal(losses.length, 30);
      assert.ok(losses.at(-1)! < 0.9 * losses[0], losses.join(' '));
    });
  }

  it('must have been trained', async () => {
    const never = { run: corpus.path('runs', 'never'), out: corpus.path('x.onnx') };
    await assert.rejects(exportModel(never), { code: 'run-unready' });
  });
});
