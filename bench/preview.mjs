// npm run bench -- preview [--only PART,…] [--runs N]: speed and memory of the CT preview.
import { join } from 'node:path';
import { run } from '../scripts/lib/run.mjs';
import { Trouble, main } from '../scripts/lib/say.mjs';
import {
  editorCommand,
  ensureBenchPackages,
  ensureBrowser,
  ensureBuild,
  ensureHostPackages,
  ensureRootPackages,
  root,
  whyNoHostTests,
} from '../scripts/setup.mjs';

await main(async () => {
  const why = whyNoHostTests();
  if (why !== undefined) {
    throw new Trouble('The preview cannot be measured here:', `${why}.`);
  }
  await ensureRootPackages();
  await ensureHostPackages();
  await ensureBenchPackages();
  await ensureBuild();
  const { node, entry } = editorCommand();
  const browser = await ensureBrowser();
  await run(
    process.execPath,
    [
      ...['--import', 'tsx', join(root, 'bench/preview/main.ts')],
      ...['--browser', browser, '--node', node, '--entry', entry],
      ...process.argv.slice(2),
    ],
    { cwd: root },
  );
});
