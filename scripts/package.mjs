// npm run package [-- --target TARGET]: a .vsix for one platform, with that platform's onnxruntime.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { thirdPartyNotices } from './lib/notices.mjs';
import { Trouble, isScript, main, say } from './lib/say.mjs';
import { ensureRootPackages, root } from './setup.mjs';

/**
 * target -> the native files that onnxruntime-node loads there. The package has more: on macOS it
 * carries the same library under two names.
 */
const nativeFiles = {
  'linux-x64': ['libonnxruntime.so.1'],
  'linux-arm64': ['libonnxruntime.so.1'],
  'win32-x64': ['onnxruntime.dll', 'DirectML.dll', 'dxcompiler.dll', 'dxil.dll'],
  'win32-arm64': ['onnxruntime.dll', 'DirectML.dll', 'dxcompiler.dll', 'dxil.dll'],
  'darwin-arm64': ['libonnxruntime.1.dylib'],
};
const binding = 'onnxruntime_binding.node';

/** Taken as they are. The command line stays in the clone: dist/cli.js is not part of the editor. */
const shipped = [
  'dist/extension.js',
  'dist/worker.js',
  'dist/volumeThread.js',
  'dist/webview',
  'docs/rules.md',
  'l10n',
  'media',
  'models',
  'syntaxes',
  'package.nls.json',
  'package.nls.zh-cn.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** Of package.json, what only the clone needs. */
const clonesOnly = ['scripts', 'devDependencies', 'dependencies', 'bin', 'private'];

/** The target of the machine this runs on. */
export function thisTarget() {
  return `${process.platform}-${process.arch}`;
}

/** Builds and packs the extension for `target`; gives the path of the .vsix. */
export async function packageExtension(target) {
  if (!Object.hasOwn(nativeFiles, target)) {
    const known = Object.keys(nativeFiles).join(', ');
    throw new Trouble(`onnxruntime has no library for ${target}.`, `Choose one of: ${known}.`);
  }
  const { build } = await import('./build.mjs');
  const sources = await build();
  const stage = join(root, '.cache', 'package', target);
  const manifest = await stageExtension(stage, target, sources);
  const packagePath = join(root, `${manifest.name}-${target}-${manifest.version}.vsix`);
  const { createVSIX } = await import('@vscode/vsce');
  await createVSIX({
    cwd: stage,
    target,
    packagePath,
    // The staged folder is complete; vsce has nothing to collect.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    tree: true,
  });
  const { size } = await stat(packagePath);
  say(`${packagePath}: ${(size / 1e6).toFixed(1)} MB`);
  return packagePath;
}

/** Fills `stage` with exactly what the package holds; gives its package.json. */
async function stageExtension(stage, target, sources) {
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { recursive: true });
  for (const path of shipped) {
    if (!existsSync(join(root, path))) {
      throw new Trouble(`${path} is missing.`, 'The package needs it.');
    }
    await cp(join(root, path), join(stage, path), { recursive: true });
  }
  await stageRuntime(join(stage, 'dist', 'node_modules'), target);
  // Nothing to leave out; vsce warns where the file is absent.
  await writeFile(join(stage, '.vscodeignore'), '');
  await writeFile(join(stage, 'THIRD-PARTY-NOTICES.md'), await thirdPartyNotices(root, sources));
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  clonesOnly.forEach((field) => delete manifest[field]);
  await writeFile(join(stage, 'package.json'), JSON.stringify(manifest, undefined, 2));
  return manifest;
}

/**
 * onnxruntime's JavaScript and the native files of one target. They lie under dist/, where
 * dist/worker.js finds them and vsce does not look for dependencies of theirs; what those
 * dependencies do (download CUDA libraries) happens at install time only.
 */
async function stageRuntime(modules, target) {
  const [platform, architecture] = target.split('-');
  const bin = join('onnxruntime-node', 'bin', 'napi-v6', platform, architecture);
  const files = [
    ...[binding, ...nativeFiles[target]].map((name) => join(bin, name)),
    ...['onnxruntime-node', 'onnxruntime-common'].map((name) => join(name, 'package.json')),
    join('onnxruntime-node', 'dist'),
    join('onnxruntime-common', 'dist', 'cjs'),
  ];
  for (const path of files) {
    await cp(join(root, 'node_modules', path), join(modules, path), {
      recursive: true,
      filter: (source) => !/\.(map|d\.ts)$/.test(source),
    });
  }
}

if (isScript(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { target: { type: 'string' } } });
    await ensureRootPackages();
    await packageExtension(values.target ?? thisTarget());
  });
}
