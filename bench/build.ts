/**
 * Times the builder on a reports table of the size of CT-RATE's: 47,149 synthetic reports of real
 * length, three distractors a question, each kind of distractor in a process of its own. Prints
 * medians. Linux only, for the peak memory of a process.
 *
 * usage: npx tsx bench/build.ts [--runs 3] [--rows 47149]
 */
import { spawnSync } from 'node:child_process';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { writeReports } from './building/reports';

const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    rows: { type: 'string', default: '47149' },
  },
});
const folder = join(__dirname, '..', '.cache', 'bench', 'build');
const kinds = ['random', 'hard', 'easy', 'mixed', 'counterfactual'];

/** What one run prints. */
interface Run {
  readonly seconds: number;
  readonly peakMb: number;
  readonly questions: number;
}

async function main(): Promise<void> {
  await mkdir(folder, { recursive: true });
  const reports = join(folder, 'train_reports.csv');
  await writeReports(reports, Number(flags.rows));
  const program = join(folder, 'ours.cjs');
  await esbuild.build({
    entryPoints: [join(__dirname, 'building', 'ours.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  console.log(`${flags.rows} reports, ${((await stat(reports)).size / 1e6).toFixed(0)} MB`);
  for (const kind of kinds) {
    const runs = Array.from({ length: Number(flags.runs) }, () => runOnce(program, reports, kind));
    const seconds = median(runs.map((run) => run.seconds)).toFixed(1);
    const peak = median(runs.map((run) => run.peakMb)).toFixed(0);
    console.log(`${kind}: ${seconds} s, ${peak} MB, ${runs[0].questions} questions`);
  }
  await rm(folder, { recursive: true });
}

function runOnce(program: string, reports: string, kind: string): Run {
  const out = join(folder, 'out.mcqa.jsonl');
  const { stdout, stderr } = spawnSync('node', [program, reports, out, kind], { encoding: 'utf8' });
  if (stdout === '') {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as Run;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

void main();
