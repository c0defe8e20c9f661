/**
 * Times `ct-mcqa lint` against Python's `json.loads` a line with five checks, on a file of 900 MB with
 * option texts and on 300,000 questions by reference; all in turn, each in a process of its own.
 * Prints medians. The files are made in a temporary folder and removed.
 *
 * usage: npx tsx bench/lint.ts [--runs 5]
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { writeCorpus } from './lint/corpus';
import type { CorpusForm } from './lint/corpus';

/** What one run prints. */
interface Run {
  readonly seconds: number;
  readonly peakMb: number;
  readonly errors: number;
}

const forms: readonly CorpusForm[] = [
  { name: 'texts', options: 'texts', images: 4000, bytes: 900e6, questions: Infinity },
  {
    name: 'references',
    options: 'references',
    images: Infinity,
    bytes: Infinity,
    questions: 300_000,
  },
];

const { values: flags } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-bench-'));
  try {
    const ours = await bundled(folder);
    const sides: Readonly<Record<string, (path: string) => readonly string[]>> = {
      'json.loads and five checks (Python)': (path) => [
        'python3',
        join(__dirname, 'lint', 'peer.py'),
        path,
      ],
      'basic rules': (path) => [process.execPath, ours, path, 'basic'],
      'all rules': (path) => [process.execPath, ours, path, 'all'],
    };
    for (const form of forms) {
      const path = await writeCorpus(folder, form);
      const megabytes = statSync(path).size / 1e6;
      process.stdout.write(`${form.name}: ${megabytes.toFixed(0)} MB\n`);
      const runs = new Map<string, Run[]>(Object.keys(sides).map((name) => [name, []]));
      for (let n = 0; n < Number(flags.runs); n++) {
        for (const [name, command] of Object.entries(sides)) {
          runs.get(name)?.push(runOnce(command(path)));
        }
      }
      for (const [name, all] of runs) {
        const seconds = median(all.map((run) => run.seconds));
        const peakMb = median(all.map((run) => run.peakMb));
        process.stdout.write(
          `  ${name}: ${seconds.toFixed(2)} s, ${(megabytes / seconds).toFixed(0)} MB/s, ` +
            `peak ${peakMb.toFixed(0)} MB, ${all[0].errors} errors\n`,
        );
      }
      await rm(path);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bundled as the product is. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, 'ours.cjs');
  await esbuild.build({
    entryPoints: [join(__dirname, 'lint', 'ours.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
  });
  return outfile;
}

function runOnce([program, ...args]: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  }
  return JSON.parse(stdout) as Run;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

void main();
