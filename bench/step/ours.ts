/**
 * Times optimiser steps of the default networks as training runs them. Prints one JSON line; with
 * --profile also where the time goes.
 *
 * usage: npx tsx bench/step/ours.ts [--text trainable|frozen|cached] [--runs 7] [--profile]
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelPreset } from '../../src/core/preset';
import { Random } from '../../src/core/random';
import { createDeviceState } from '../../src/engine/deviceState';
import { createSession, loadRuntime } from '../../src/engine/runtime';
import type { StepArrays } from '../../src/engine/stepData';
import { TrainingRunner } from '../../src/engine/trainingRunner';
import { elementCount, GraphBuilder, matmul, serialise } from '../../src/graph';
import { buildTrainingStep, initialParameters, stepInputs, stepOutputs } from '../../src/networks';
import { benchPreset, neededOperations, sizes } from './model';

const { values: flags } = parseArgs({
  options: {
    text: { type: 'string', default: 'trainable' },
    runs: { type: 'string', default: '7' },
    profile: { type: 'boolean', default: false },
  },
});

const warmUps = 2;
const learningRate = 1e-4;

async function main(): Promise<void> {
  const preset = benchPreset(flags.text as ModelPreset['text']['learning']);
  const weights = initialParameters(preset, Random.fromSeed(0));
  const runner = await TrainingRunner.create(
    { preset, provider: 'cpu', batch: sizes.batch, tokens: sizes.tokens },
    { weights, moments: new Map() },
  );
  fill(await runner.arrays(sizes.options));
  const times: number[] = [];
  for (let step = 1; step <= Number(flags.runs) + warmUps; step++) {
    const began = performance.now();
    await runner.step(sizes.options, step, learningRate);
    times.push(performance.now() - began);
  }
  // Before the matrix product, which needs memory of its own.
  const peakMb = process.resourceUsage().maxRSS / 1024;
  await runner.dispose();
  const needed = neededOperations(preset);
  const rate = await productRate();
  console.log(
    JSON.stringify({
      step_ms: median(times.slice(warmUps)),
      peak_mb: peakMb,
      operations: needed,
      product_rate: rate,
      floor_ms: (1000 * needed) / rate,
    }),
  );
  if (flags.profile) {
    await profile(preset);
  }
}

/** Noise for volumes and features, random tokens without padding; the first option is the true one. */
function fill(arrays: StepArrays): void {
  const random = Random.fromSeed(1);
  for (const [name, array] of Object.entries(arrays)) {
    const next: () => number =
      name === stepInputs.ids
        ? () => random.index(30522)
        : name === stepInputs.mask
          ? () => 1
          : name === stepInputs.label
            ? () => 0
            : () => random.normal();
    array.forEach((_, index) => {
      array[index] = next();
    });
  }
}

/** Operations a second of a large matrix product, the best of some. */
async function productRate(): Promise<number> {
  const size = 1024;
  const graph = new GraphBuilder('product');
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'float32', [size, size]));
  const session = await createSession(serialise(graph, { product: matmul(a, b) }), 'cpu');
  const { Tensor } = await loadRuntime();
  const ones = new Tensor('float32', new Float32Array(size ** 2).fill(1), [size, size]);
  const product = new Tensor('float32', new Float32Array(size ** 2), [size, size]);
  let best = Infinity;
  for (let run = 0; run < 30; run++) {
    const began = performance.now();
    await session.run({ a: ones, b: ones }, { product });
    best = Math.min(best, performance.now() - began);
  }
  await session.release();
  return (1000 * 2 * size ** 3) / best;
}

interface ProfileEvent {
  readonly cat?: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string };
}

/** Prints the milliseconds a step by operator, by part of the network and by node. */
async function profile(preset: ModelPreset): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ct-mcqa-bench-'));
  try {
    const runs = Number(flags.runs) + warmUps;
    await runProfiled(preset, join(folder, 'profile'), runs);
    const [file] = readdirSync(folder);
    const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[];
    printProfile(events);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runProfiled(preset: ModelPreset, prefix: string, runs: number): Promise<void> {
  const runtime = await loadRuntime();
  const weights = initialParameters(preset, Random.fromSeed(0));
  const graph = buildTrainingStep(preset, sizes);
  const state = createDeviceState(runtime, 'cpu', { weights, moments: new Map() }, false);
  const session = await createSession(graph.model, 'cpu', {
    enableProfiling: true,
    profileFilePrefix: prefix,
  });
  const arrays = graph.inputs.map(({ name, type, shape }) => {
    const count = elementCount(shape);
    const array = type === 'float32' ? new Float32Array(count) : new Int32Array(count);
    return { name, array, tensor: new runtime.Tensor(type, array, shape) };
  });
  fill(Object.fromEntries(arrays.map(({ name, array }) => [name, array])));
  const inputs = Object.fromEntries(arrays.map(({ name, tensor }) => [name, tensor]));
  for (let step = 1; step <= runs; step++) {
    const scalars = Object.fromEntries(
      Object.entries(graph.scalars({ step, learningRate })).map(([name, value]) => [
        name,
        new runtime.Tensor('float32', Float32Array.of(value), []),
      ]),
    );
    const results = await session.run(
      { ...inputs, ...scalars, ...state.feeds(graph) },
      { [stepOutputs.loss]: null, [stepOutputs.logits]: null, ...state.fetches(graph) },
    );
    state.advance(graph, results);
  }
  session.endProfiling();
}

/** Of each node its fastest run, which other work on the machine disturbs least. */
function printProfile(events: readonly ProfileEvent[]): void {
  const fastest = new Map<string, ProfileEvent>();
  for (const event of events) {
    const isNode = event.cat === 'Node' && event.name.endsWith('_kernel_time');
    if (isNode && event.dur < (fastest.get(event.name)?.dur ?? Infinity)) {
      fastest.set(event.name, event);
    }
  }
  const table = (title: string, keyOf: (event: ProfileEvent) => string, rows: number): void => {
    const totals = new Map<string, number>();
    for (const event of fastest.values()) {
      totals.set(keyOf(event), (totals.get(keyOf(event)) ?? 0) + event.dur / 1000);
    }
    console.log(`\nms a step ${title}`);
    for (const [key, time] of [...totals].sort((a, b) => b[1] - a[1]).slice(0, rows)) {
      console.log(`${time.toFixed(2).padStart(9)}  ${key}`);
    }
  };
  table('by operator', ({ args }) => args?.op_name ?? '?', 20);
  table('by part', ({ name }) => name.split('/')[0].replace(/\.(layers|convs)\.\d+/, ''), 12);
  const nodeName = ({ name, args }: ProfileEvent): string =>
    `${args?.op_name ?? ''} ${name.replace('_kernel_time', '')}`;
  table('by node', nodeName, 40);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

void main();
