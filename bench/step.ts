/**
 * Times one optimiser step of the default networks against PyTorch's twin, both in turn, each in a
 * process of its own with two threads: everything learning, and with the text tower frozen, once
 * run in the step as PyTorch does and once with its states fed, as training does for such a tower.
 * Prints medians, ratios and peak memory; without PyTorch or ../shared only our side.
 *
 * usage: npx tsx bench/step.ts [--rounds 3] [--runs 7]
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { sizes } from './step/model';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    runs: { type: 'string', default: '7' },
  },
});
const root = join(__dirname, '..');
const folder = join(root, '.cache', 'bench');
const peer = join(root, '..', 'shared', 'peers', 'bench_step.py');

interface Side {
  readonly name: string;
  readonly command: readonly string[];
}

/** What is compared: our side or sides and the twin that does the same work. */
interface Comparison {
  readonly title: string;
  readonly ours: readonly Side[];
  readonly peerOptions: readonly string[];
}

interface Result {
  readonly step_ms: number;
  readonly peak_mb: number;
  /** Of ours only: the time that the needed operations take at the rate of a matrix product. */
  readonly floor_ms?: number;
  readonly product_rate?: number;
  readonly operations?: number;
}

async function main(): Promise<void> {
  const bundle = await bundleOurs();
  const ours = (name: string, text: string): Side => ({
    name,
    command: [process.execPath, bundle, '--text', text, '--runs', flags.runs],
  });
  const comparisons: Comparison[] = [
    { title: 'everything learns', ours: [ours('ct-mcqa', 'trainable')], peerOptions: [] },
    {
      title: 'text frozen',
      ours: [
        ours('ct-mcqa, text tower run in the step', 'frozen'),
        ours('ct-mcqa, text states fed (what training does)', 'cached'),
      ],
      peerOptions: ['--freeze-text'],
    },
  ];
  const python = pythonWithTorch();
  for (const comparison of comparisons) {
    const peers = python === undefined ? [] : [twin(python, comparison.peerOptions)];
    const sides = [...comparison.ours, ...peers];
    const results = new Map<string, Result[]>(sides.map(({ name }) => [name, []]));
    for (let round = 0; round < Number(flags.rounds); round++) {
      for (const { name, command } of sides) {
        results.get(name)?.push(measure(command));
      }
    }
    report(comparison.title, results);
  }
}

/** Bundled as the product is. */
async function bundleOurs(): Promise<string> {
  await mkdir(folder, { recursive: true });
  const bundle = join(folder, 'step.cjs');
  await esbuild.build({
    entryPoints: [join(__dirname, 'step', 'ours.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node'],
  });
  return bundle;
}

function twin(python: string, options: readonly string[]): Side {
  const script = join(__dirname, 'step', 'reference.py');
  const own = ['--threads', String(sizes.threads), '--runs', flags.runs, ...options];
  return { name: 'PyTorch', command: [python, script, peer, ...own] };
}

/** Undefined where there is no PyTorch, or nothing to run with it. */
function pythonWithTorch(): string | undefined {
  const usable = existsSync(peer)
    ? ['python3', '/usr/bin/python3'].find(
        (python) => spawnSync(python, ['-c', 'import torch']).status === 0,
      )
    : undefined;
  if (usable === undefined) {
    console.log('PyTorch or its script is not here: ours alone.');
  }
  return usable;
}

/** The JSON lines a process prints, together. */
function measure([file, ...args]: readonly string[]): Result {
  const { status, stdout, stderr } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${file} ended with ${String(status)}:\n${stderr}`);
  }
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return Object.assign({}, ...lines.map((line) => JSON.parse(line) as object)) as Result;
}

function report(title: string, results: ReadonlyMap<string, readonly Result[]>): void {
  const rows = [...results].map(([name, all]) => ({
    name,
    stepMs: median(all.map(({ step_ms: ms }) => ms)),
    fastestMs: Math.min(...all.map(({ step_ms: ms }) => ms)),
    peakMb: median(all.map(({ peak_mb: mb }) => mb)),
    first: all[0],
  }));
  const reference = rows.find(({ name }) => name === 'PyTorch');
  console.log(`\nOne step, ${title}`);
  for (const { name, stepMs, fastestMs, peakMb, first } of rows) {
    const parts = [
      `${stepMs.toFixed(0)} ms (fastest process ${fastestMs.toFixed(0)})`,
      `${peakMb.toFixed(0)} MB`,
    ];
    if (reference !== undefined && name !== reference.name) {
      parts.push(
        `${(reference.stepMs / stepMs).toFixed(2)} times as fast as PyTorch`,
        `${(peakMb / reference.peakMb).toFixed(2)} of its memory`,
      );
    }
    if (first.floor_ms !== undefined) {
      const work = `${((first.operations ?? 0) / 1e9).toFixed(1)} G operations`;
      const rate = `${((first.product_rate ?? 0) / 1e9).toFixed(0)} G a second`;
      parts.push(`floor ${first.floor_ms.toFixed(0)} ms (${work} at ${rate})`);
    }
    console.log(`  ${name}: ${parts.join('; ')}`);
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

void main();
