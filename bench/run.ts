/**
 * Runs the benchmarks one after another, each in a process of its own: `npm run bench`, or some by
 * name: `npm run bench -- step`. What follows the names from the first `--option` on is passed on to
 * each: `npm run bench -- preview --only open`. What comes out is kept in RESULTS.md by hand.
 */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** A script of this folder by name. */
const benchmarks: Readonly<Record<string, string>> = {
  step: 'step.ts',
  preprocess: 'preprocess.ts',
  build: 'build.ts',
  keystroke: 'keystroke.ts',
  lint: 'lint.ts',
  preview: 'preview.mjs',
};

function main(): void {
  const given = process.argv.slice(2);
  const firstOption = given.findIndex((argument) => argument.startsWith('--'));
  const wanted = firstOption < 0 ? given : given.slice(0, firstOption);
  const options = given.slice(wanted.length);
  const unknown = wanted.filter((name) => !(name in benchmarks));
  if (unknown.length > 0) {
    console.error(
      `No benchmark ${unknown.join(', ')}; there are: ${Object.keys(benchmarks).join(', ')}.`,
    );
    process.exitCode = 1;
    return;
  }
  const [{ model }] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  console.log(`${model}, ${cpus().length} cores, ${gigabytes} GB; Node ${process.versions.node}`);
  for (const [name, script] of Object.entries(benchmarks)) {
    if (wanted.length === 0 || wanted.includes(name)) {
      console.log(`\n== ${name}`);
      const { status } = spawnSync(
        process.execPath,
        ['--import', 'tsx', join(__dirname, script), ...options],
        { stdio: 'inherit' },
      );
      process.exitCode = Math.max(Number(process.exitCode ?? 0), status ?? 1);
    }
  }
}

main();
