// What the other scripts need, installed when it is missing: packages, build, test editor, browser.
// Uses Node's own modules alone, since it runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/run.mjs';
import { Trouble, say } from './lib/say.mjs';

export const root = join(import.meta.dirname, '..');
export const hostTests = join(root, 'test', 'host');
const codeServer = join(hostTests, 'node_modules', 'code-server');

const oldestNode = [20, 19];

/** Root packages by the lock file; skipped while the lock file has not changed since. */
export async function ensureRootPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new Trouble(
      `Node ${process.versions.node} is too old.`,
      `Install Node ${oldestNode.join('.')} or newer from https://nodejs.org.`,
    );
  }
  await once(root, 'npm packages', async () => {
    await npm(['ci'], root);
  });
}

/** dist/, built anew when a source file is younger than it. */
export async function ensureBuild() {
  const sources = ['src', 'package.json', 'package-lock.json', 'scripts/build.mjs'];
  const newest = Math.max(...sources.map((path) => newestChange(join(root, path))));
  const built = ['dist/extension.js', 'dist/worker.js', 'dist/volumeThread.js', 'dist/cli.js'].map(
    (path) => {
      const file = join(root, path);
      return existsSync(file) ? statSync(file).mtimeMs : 0;
    },
  );
  if (Math.min(...built) < newest) {
    say('Building the extension, the worker and the command line …');
    // Only now, since it needs the packages.
    const { build } = await import('./build.mjs');
    await build();
  }
}

/** Why tests in a real VS Code cannot run on this machine, or undefined where they can. */
export function whyNoHostTests() {
  const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  return known
    ? undefined
    : `the automated VS Code runs on Linux x64 and arm64, this is ${process.platform} ${process.arch}; use npm run test:electron`;
}

/** The VS Code of the host tests: code-server, its own Node, and the packages of its inner server. */
export async function ensureHostPackages() {
  await once(hostTests, 'a real VS Code for the tests (about 800 MB)', async () => {
    await npm(['ci'], hostTests);
    // `npm ci` refuses the inner server's shrinkwrap; a plain install follows it all the same.
    await npm(['install', '--omit=dev', '--ignore-scripts'], join(codeServer, 'lib/vscode'));
  });
}

/** The viewer that the benchmark of the preview compares with. */
export async function ensureBenchPackages() {
  const peer = join(root, 'bench', 'preview', 'peer');
  await once(peer, 'NiiVue for the benchmark', () => npm(['ci'], peer));
}

/** Where the editor of the host tests lies: its Node and its entry script. */
export function editorCommand() {
  const node = join(hostTests, 'node_modules', `node-linux-${process.arch}`, 'bin/node');
  return { node, entry: join(codeServer, 'out/node/entry.js') };
}

const browserPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
];
const browserPackages = ['chromium', 'fonts-dejavu-core', 'fonts-wqy-microhei'];

/** Path of a Chromium: CHROME_PATH, one of the system, or installed now where apt and root allow. */
export async function ensureBrowser() {
  const wanted = process.env.CHROME_PATH;
  if (wanted !== undefined && !existsSync(wanted)) {
    throw new Trouble(`CHROME_PATH names no file: ${wanted}`, 'Correct or unset CHROME_PATH.');
  }
  const present = wanted ?? browserPaths.find((path) => existsSync(path));
  if (present !== undefined) {
    return present;
  }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await installBrowser();
    return browserPaths[0];
  }
  throw new Trouble(
    'The tests in a real VS Code need Chromium, and none was found.',
    `Run "sudo apt-get install ${browserPackages.join(' ')}", or set CHROME_PATH to a Chromium or Chrome.`,
  );
}

async function installBrowser() {
  const apt = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const options = {
    cwd: root,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    quiet: true,
    remedy: 'Install Chromium by hand and set CHROME_PATH to it.',
  };
  say('Installing Chromium for the tests …');
  await run('apt-get', [...apt, 'update'], options);
  await run(
    'apt-get',
    [...apt, 'install', '-y', '--no-install-recommends', ...browserPackages],
    options,
  );
}

/** Runs `install` unless folder/node_modules is stamped with the hash of folder's lock file. */
async function once(folder, what, install) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(folder, 'node_modules', '.installed-for');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    return;
  }
  say(`Installing ${what} …`);
  await install();
  writeFileSync(stamp, hash);
}

function npm(args, cwd) {
  const windows = process.platform === 'win32';
  return run(windows ? 'npm.cmd' : 'npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    quiet: true,
    // Node starts a .cmd file through a shell only.
    shell: windows,
    remedy: 'Check the network and the npm registry settings, then try again.',
  });
}

function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) {
    return stats.mtimeMs;
  }
  return Math.max(
    stats.mtimeMs,
    ...readdirSync(path).map((name) => newestChange(join(path, name))),
  );
}
