/**
 * Times CT-CLIP's preprocessing of a 512 x 512 x 320 `.nii.gz`, inflating included, against the
 * published way with nibabel and PyTorch; both in turn, each in a process of its own. The default
 * profile and the 16-bit form that the cache holds are timed too. Prints medians. Linux only, for the
 * peak memory of a process.
 *
 * usage: npx tsx bench/preprocess.ts [--runs 5]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { scan, writeScan } from './preprocessing/scan';

/** What one run prints. */
interface Run {
  readonly seconds: number;
  readonly peakMb: number;
  /** Mean of the tensor: both sides must come to the same. */
  readonly mean: number;
}

interface Side {
  readonly name: string;
  readonly command: readonly string[];
}

const { values: flags } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const folder = join(__dirname, '..', '.cache', 'bench');
const volume = join(folder, 'scan.nii.gz');

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (!existsSync(volume)) {
    await writeScan(volume);
  }
  const sides = [...(await ours()), ...reference()];
  const runs = new Map<string, Run[]>(sides.map(({ name }) => [name, []]));
  for (let n = 0; n < Number(flags.runs); n++) {
    for (const { name, command } of sides) {
      runs.get(name)?.push(runOnce(command));
    }
  }
  report(runs);
}

/** Bundled as the product is. */
async function ours(): Promise<Side[]> {
  const bundle = join(folder, 'ours.cjs');
  await esbuild.build({
    entryPoints: [join(__dirname, 'preprocessing', 'ours.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  });
  const side = (name: string, ...how: string[]): Side => ({
    name,
    command: [process.execPath, bundle, volume, ...how],
  });
  return [
    side('ctclip, float32', 'ctclip', 'float32'),
    side('ctclip, int16 (the cache)', 'ctclip', 'int16'),
    side('fit 32x128x128, int16', 'fit', 'int16'),
  ];
}

function reference(): Side[] {
  const python = ['python3', '/usr/bin/python3'].find(
    (name) => spawnSync(name, ['-c', 'import nibabel, torch']).status === 0,
  );
  if (python === undefined) {
    process.stdout.write('No Python with nibabel and torch here: only our side is timed.\n');
    return [];
  }
  const script = join(__dirname, 'preprocessing', 'reference.py');
  const [xy, , z] = scan.spacingMm.map(String);
  return [{ name: 'nibabel + PyTorch', command: [python, script, volume, xy, z] }];
}

function runOnce([program, ...args]: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  }
  return JSON.parse(stdout) as Run;
}

function report(runs: ReadonlyMap<string, readonly Run[]>): void {
  const megabytes = (statSync(volume).size / 1e6).toFixed(0);
  process.stdout.write(`${scan.shape.join(' x ')} voxels, ${megabytes} MB compressed\n`);
  const theirs = runs.get('nibabel + PyTorch');
  for (const [name, all] of runs) {
    const seconds = median(all.map((run) => run.seconds));
    const peakMb = median(all.map((run) => run.peakMb));
    const ratio =
      theirs === undefined
        ? ''
        : `, ${(median(theirs.map((run) => run.seconds)) / seconds).toFixed(1)} x the speed in ` +
          `1/${(median(theirs.map((run) => run.peakMb)) / peakMb).toFixed(1)} of the memory`;
    process.stdout.write(
      `${name}: ${seconds.toFixed(2)} s, peak ${peakMb.toFixed(0)} MB${ratio} (mean ${all[0].mean.toFixed(6)})\n`,
    );
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

void main();
