// Bundles the extension, the worker, the command line and the webview scripts into dist/.
import { build, context } from 'esbuild';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const watch = process.argv.includes('--watch');

/** Loaded at run time, not bundled: the editor's own module and the native library. */
const external = ['vscode', 'onnxruntime-node'];

const node = { platform: 'node', format: 'cjs', target: 'node20', external };
const browser = { platform: 'browser', format: 'iife', target: 'es2022' };

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension/extension.ts' } },
  { ...node, entryPoints: { worker: 'src/worker/main.ts' } },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...browser,
    entryPoints: {
      'webview/preview': 'src/webview/preview/main.ts',
      'webview/run': 'src/webview/run/main.ts',
      'webview/scores': 'src/webview/scores/main.ts',
    },
  },
];

await rm(join(root, 'dist'), { recursive: true, force: true });
for (const bundle of bundles) {
  const options = {
    ...bundle,
    absWorkingDir: root,
    outdir: 'dist',
    bundle: true,
    minify: !watch,
    keepNames: true,
    sourcemap: watch ? 'linked' : false,
    legalComments: 'none',
    logLevel: 'warning',
    mainFields: bundle.platform === 'node' ? ['module', 'main'] : ['browser', 'module', 'main'],
  };
  if (watch) {
    await (await context(options)).watch();
  } else {
    await build(options);
  }
}
if (!watch) {
  await chmod(join(root, 'dist/cli.js'), 0o755);
}
