// npm run test:electron [-- VERSION…]: the tests of test/host in a downloaded desktop VS Code.
import { join } from 'node:path';
import { start } from './lib/run.mjs';
import { main } from './lib/say.mjs';
import { ensureBuild, ensureRootPackages, hostTests, root } from './setup.mjs';

await main(async () => {
  await ensureRootPackages();
  await ensureBuild();
  const driver = join(hostTests, 'driver', 'desktop.ts');
  const { code } = await start(
    process.execPath,
    ['--import', 'tsx', driver, ...process.argv.slice(2)],
    { cwd: root },
  );
  process.exitCode = code === 0 ? 0 : 1;
});
