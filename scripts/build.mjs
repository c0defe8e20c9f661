// Bundles the extension, the worker, the command line and the webview scripts into dist/.
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { Trouble, isScript, main } from './lib/say.mjs';

const root = join(import.meta.dirname, '..');

/** Loaded at run time, not bundled: the editor's own module and the native library. */
const external = ['vscode', 'onnxruntime-node'];

const node = { platform: 'node', format: 'cjs', target: 'node20', external };
const browser = { platform: 'browser', format: 'iife', target: 'es2022' };

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension/extension.ts' } },
  { ...node, entryPoints: { worker: 'src/worker/main.ts' } },
  // A thread of the worker and of the command line, found beside them.
  { ...node, entryPoints: { volumeThread: 'src/engine/volumeThread.ts' } },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...browser,
    entryPoints: {
      'webview/build': 'src/webview/build/main.ts',
      'webview/preview': 'src/webview/preview/main.ts',
      // Run by the preview when a rendering is first asked for.
      'webview/rendering': 'src/webview/rendering/main.ts',
      'webview/run': 'src/webview/run/main.ts',
      'webview/scores': 'src/webview/scores/main.ts',
      'webview/questionCard': 'src/webview/questionCard/main.ts',
      'webview/overview': 'src/webview/overview/main.ts',
    },
  },
];

/** Builds dist/ anew and gives the files that went into it, relative to the project's root. */
export async function build() {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const sources = new Set();
  for (const bundle of bundles) {
    const options = { ...optionsOf(bundle), minify: true, metafile: true };
    const { metafile } = await esbuild.build(options).catch(() => {
      throw new Trouble('The build failed.', 'Correct the source file named above.');
    });
    Object.keys(metafile.inputs).forEach((path) => sources.add(path));
  }
  await chmod(join(root, 'dist/cli.js'), 0o755);
  return [...sources];
}

async function watch() {
  for (const bundle of bundles) {
    await (await esbuild.context({ ...optionsOf(bundle), sourcemap: 'linked' })).watch();
  }
}

function optionsOf(bundle) {
  return {
    ...bundle,
    absWorkingDir: root,
    outdir: 'dist',
    bundle: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    mainFields: bundle.platform === 'node' ? ['module', 'main'] : ['browser', 'module', 'main'],
  };
}

if (isScript(import.meta.url)) {
  await main(() => (process.argv.includes('--watch') ? watch() : build()));
}
