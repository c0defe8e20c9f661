// npm run vscode [-- --port N] [-- FOLDER]: VS Code in the browser, with the extension as users get it
// and the sample workspace. For people without a desktop VS Code; F5 is the way for the others.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Trouble, main, say } from './lib/say.mjs';
import { ensureSampleWorkspace } from './sample-workspace.mjs';
import {
  editorCommand,
  ensureBuild,
  ensureHostPackages,
  ensureRootPackages,
  hostTests,
  root,
  whyNoHostTests,
} from './setup.mjs';

/** Profile and installed extensions; kept from one start to the next. */
const home = join(root, '.cache', 'vscode');

const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string', default: '0' } },
  });
  if (whyNoHostTests() !== undefined) {
    throw new Trouble(
      'VS Code in the browser runs on Linux alone.',
      'Open this folder in a desktop VS Code and press F5.',
    );
  }
  await ensureRootPackages();
  await ensureHostPackages();
  await ensureBuild();
  const folder =
    positionals[0] === undefined ? await ensureSampleWorkspace() : resolve(positionals[0]);
  const { packageExtension, thisTarget } = await import('./package.mjs');
  const { tsImport } = await import('tsx/esm/api');
  const { installExtension, startEditor } = await tsImport(
    join(hostTests, 'driver', 'editor.ts'),
    import.meta.url,
  );
  const vsix = await packageExtension(thisTarget());
  await mkdir(home, { recursive: true });
  await installExtension(editorCommand(), home, vsix);
  const editor = await startEditor({
    command: editorCommand(),
    home,
    settings,
    port: Number(values.port),
  });
  say(`\nVS Code with CT MCQA:  http://${editor.authority}/?folder=${encodeURIComponent(folder)}`);
  say('Ctrl-C ends it.');
  await interrupted();
  await editor.stop();
  process.exit(0);
});

/** Resolves on Ctrl-C; the terminal's signal must not end this process before the editor. */
function interrupted() {
  return new Promise((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.removeAllListeners(signal);
      process.on(signal, stop);
    }
  });
}
