// npm run test:host [-- SESSION… --grep TEXT]: the tests in a real VS Code alone.
import { hostArguments } from './lib/host.mjs';
import { start } from './lib/run.mjs';
import { Trouble, main } from './lib/say.mjs';
import { ensureBuild, ensureRootPackages, root, whyNoHostTests } from './setup.mjs';

await main(async () => {
  const why = whyNoHostTests();
  if (why !== undefined) {
    throw new Trouble('The tests in a real VS Code cannot run here:', `${why}.`);
  }
  await ensureRootPackages();
  await ensureBuild();
  const args = await hostArguments(process.argv.slice(2));
  const { code } = await start(process.execPath, args, { cwd: root });
  process.exitCode = code === 0 ? 0 : 1;
});
