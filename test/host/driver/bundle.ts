/** Bundles the runner and the test files of a session for the extension host. */
import { readdir, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

export interface Bundle {
  readonly runner: string;
  readonly files: readonly string[];
}

const hostTests = join(__dirname, '..');

/** Bundles suite/FOLDER/*.test.ts into `outdir`; `files` is empty when there is none. */
export async function bundleSuite(folder: string, outdir: string): Promise<Bundle> {
  const suite = join(hostTests, 'suite', folder);
  const names = (await readdir(suite).catch(() => []))
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
  await rm(outdir, { recursive: true, force: true });
  const common: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    // As scripts/build.mjs: packages in ES modules bundle where their UMD form does not.
    mainFields: ['module', 'main'],
    // Mocha is found in the project's node_modules, above the bundle.
    external: ['vscode', 'mocha', 'onnxruntime-node'],
    outdir,
  };
  await build({ ...common, entryPoints: { runner: join(hostTests, 'inside', 'runner.ts') } });
  await build({ ...common, entryPoints: names.map((name) => join(suite, name)), outbase: suite });
  return {
    runner: join(outdir, 'runner.js'),
    files: names.map((name) => join(outdir, `${parse(name).name}.js`)),
  };
}
