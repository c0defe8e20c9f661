// How the driver of the tests in a real VS Code is started.
import { join } from 'node:path';
import { editorCommand, ensureBrowser, ensureHostPackages, hostTests } from '../setup.mjs';

/** Installs what the driver needs and gives Node's arguments that start it, `more` at their end. */
export async function hostArguments(more) {
  await ensureHostPackages();
  const browser = await ensureBrowser();
  const { node, entry } = editorCommand();
  return [
    ...['--import', 'tsx', join(hostTests, 'driver', 'main.ts')],
    ...['--browser', browser, '--node', node, '--entry', entry, ...more],
  ];
}
