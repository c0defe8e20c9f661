/**
 * Times one optimiser step of the default networks at the sizes of PyTorch's twin, and says
 * where the time goes. Prints one JSON line.
 *
 * usage: npx tsx bench/step.ts [--freeze-text] [--features] [--runs 7] [--threads 2] [--profile]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as onnxruntime from 'onnxruntime-node';
import type { ModelPreset } from '../src/core/preset';
import { Random } from '../src/core/random';
import {
  buildTrainingStep,
  initialParameters,
  stepInputs,
  type TrainingStepGraph,
} from '../src/networks';

const { values: flags } = parseArgs({
  options: {
    'freeze-text': { type: 'boolean', default: false },
    features: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    runs: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
  },
});

const size = [32, 128, 128] as const;
const [batch, options, tokens, hidden] = [2, 4, 128, 256];

const preset: ModelPreset = {
  name: 'bench',
  title: '',
  description: '',
  volume: { kind: 'fit', name: 'bench', orientation: 'LPS', size, clipHu: [-1000, 1000] },
  image: { network: 'simple3dcnn', widths: [16, 32, 64] },
  text: {
    network: 'bert',
    tokenizer: '',
    maxTokens: tokens,
    vocabularySize: 30522,
    hidden,
    layers: 4,
    heads: 4,
    feedForward: 1024,
    maxPositions: 512,
    learning: flags.features ? 'cached' : flags['freeze-text'] ? 'frozen' : 'trainable',
  },
  fusion: { kind: 'cosine', dimension: 512, initialScale: 1 / 0.07 },
  training: {
    epochs: 1,
    batch,
    learningRate: 1e-4,
    warmupSteps: 0,
    schedule: 'constant',
    weightDecay: 0.01,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
  },
};

type Tensors = Record<string, onnxruntime.Tensor>;

async function main(): Promise<void> {
  const started = performance.now();
  const step = buildTrainingStep(preset, {
    batch,
    options,
    textInput: flags.features ? 'features' : 'tokens',
  });
  const built = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'ct-mcqa-bench-'));
  try {
    const session = await onnxruntime.InferenceSession.create(step.model, {
      intraOpNumThreads: Number(flags.threads),
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      enableProfiling: flags.profile,
      profileFilePrefix: join(folder, 'profile'),
    });
    const loaded = performance.now();
    const times = await timeSteps(session, step, Number(flags.runs));
    const sorted = [...times].sort((a, b) => a - b);
    const result = {
      step_ms: round(sorted[Math.floor(sorted.length / 2)]),
      build_ms: round(built - started),
      load_ms: round(loaded - built),
      model_kb: round(step.model.length / 1024),
      max_rss_mb: round(process.resourceUsage().maxRSS / 1024),
      threads: Number(flags.threads),
      times: times.map(round),
    };
    console.log(JSON.stringify(result));
    if (flags.profile) {
      session.endProfiling();
      printProfile(folder, times.length + 2);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of each step after two that warm up; the state goes to and fro between two sets. */
async function timeSteps(
  session: onnxruntime.InferenceSession,
  step: TrainingStepGraph,
  runs: number,
): Promise<number[]> {
  const random = Random.fromSeed(0);
  const data = batchTensors(random);
  const weights = initialParameters(preset, random);
  const tensor = (shape: readonly number[], numbers?: Float32Array): onnxruntime.Tensor => {
    const count = shape.reduce((product, length) => product * length, 1);
    return new onnxruntime.Tensor('float32', numbers ?? new Float32Array(count), shape);
  };
  const frozen: Tensors = {};
  for (const { name, shape, trainable } of step.parameters) {
    if (!trainable) {
      frozen[name] = tensor(shape, weights.get(name)?.data);
    }
  }
  let current: Tensors = {};
  let next: Tensors = {};
  for (const { name, shape } of step.state) {
    current[name] = tensor(shape, weights.get(name)?.data);
    next[name] = tensor(shape);
  }
  const times: number[] = [];
  for (let number = 1; number <= runs + 2; number++) {
    const scalars: Tensors = {};
    for (const [name, value] of Object.entries(step.scalars(number, 1e-4))) {
      scalars[name] = tensor([], Float32Array.of(value));
    }
    const fetches: Record<string, onnxruntime.Tensor | null> = { loss: null, logits: null };
    for (const state of step.state) {
      fetches[state.next] = next[state.name];
    }
    const feeds = Object.fromEntries(
      Object.entries({ ...data, ...frozen, ...current, ...scalars }).filter(([name]) =>
        session.inputNames.includes(name),
      ),
    );
    const began = performance.now();
    await session.run(feeds, fetches);
    times.push(performance.now() - began);
    [current, next] = [next, current];
  }
  return times.slice(2);
}

function batchTensors(random: Random): Tensors {
  const count = batch * size[0] * size[1] * size[2];
  const volume = Float32Array.from({ length: count }, () => random.normal());
  const ids = Int32Array.from({ length: batch * options * tokens }, () => random.index(30522));
  const features = Float32Array.from({ length: batch * options * hidden }, () => random.normal());
  const textShape = [batch, options, tokens];
  return {
    [stepInputs.volume]: new onnxruntime.Tensor('float32', volume, [batch, 1, ...size]),
    [stepInputs.ids]: new onnxruntime.Tensor('int32', ids, textShape),
    [stepInputs.mask]: new onnxruntime.Tensor(
      'int32',
      ids.map(() => 1),
      textShape,
    ),
    [stepInputs.textFeatures]: new onnxruntime.Tensor('float32', features, [
      batch,
      options,
      hidden,
    ]),
    [stepInputs.label]: new onnxruntime.Tensor('int32', new Int32Array(batch), [batch]),
  };
}

interface ProfileEvent {
  readonly cat?: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Milliseconds a step by operator, and the slowest nodes. */
function printProfile(folder: string, steps: number): void {
  const [file] = readdirSync(folder);
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[];
  const nodes = events.filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'));
  const table = (title: string, keyOf: (event: ProfileEvent) => string, rows: number): void => {
    const totals = new Map<string, number>();
    for (const event of nodes) {
      totals.set(keyOf(event), (totals.get(keyOf(event)) ?? 0) + event.dur / 1000 / steps);
    }
    console.log(`\n${title}`);
    for (const [key, time] of [...totals].sort((a, b) => b[1] - a[1]).slice(0, rows)) {
      console.log(`${time.toFixed(2).padStart(9)} ms  ${key}`);
    }
  };
  table('by operator', ({ args }) => args?.op_name ?? '?', 20);
  table('by part', ({ name }) => name.split('/')[0].replace(/\.layers\.\d+|\.convs\.\d+/, ''), 12);
  table(
    'by node',
    ({ name, args }) => `${args?.op_name ?? ''} ${name.replace('_kernel_time', '')}`,
    30,
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;

void main();
