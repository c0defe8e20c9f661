/**
 * The same tests in a desktop VS Code that @vscode/test-electron downloads: the oldest version that
 * package.json allows, and the newest. For machines with a screen and a network.
 */
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runTests } from '@vscode/test-electron';
import { chromium, type Page } from 'playwright-core';
import { runnerVariable, type Results, type RunnerOptions } from '../protocol';
import { bundleSuite, type Bundle } from './bundle';
import { startControl, type Control } from './control';

const hostTests = join(__dirname, '..');
const projectRoot = join(hostTests, '..', '..');
const work = join(hostTests, '.work');
const connectDeadlineMs = 120_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function oldestVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    engines: { vscode: string };
  };
  return manifest.engines.vscode.replace(/^\D+/, '');
}

/** Runs the tests in one version and gives their results; rejects when they did not end. */
async function runIn(version: string, bundle: Bundle, control: Control): Promise<Results> {
  const home = await mkdtemp(join(tmpdir(), 'ct-mcqa 测试 '));
  const workspace = join(home, 'workspace 工作区');
  const resultsFile = join(work, 'desktop', `results-${version}.json`);
  const port = await freePort();
  const runner: RunnerOptions = {
    control: control.url,
    resultsFile,
    files: bundle.files,
    timeoutMs: 240_000,
  };
  try {
    await cp(join(hostTests, 'workspace'), workspace, { recursive: true });
    await rm(resultsFile, { force: true });
    const ended = runTests({
      version,
      cachePath: join(work, 'vscode'),
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: bundle.runner,
      extensionTestsEnv: { [runnerVariable]: JSON.stringify(runner) },
      launchArgs: [
        workspace,
        '--disable-workspace-trust',
        '--disable-extensions',
        `--user-data-dir=${join(home, 'profile')}`,
        `--remote-debugging-port=${port}`,
      ],
    });
    await Promise.race([ended, attach(port, control)]);
    await ended;
    return JSON.parse(await readFile(resultsFile, 'utf8')) as Results;
  } finally {
    control.page = undefined;
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Hands the control server the window, which Electron shows to a debugger on `port`. */
async function attach(port: number, control: Control): Promise<void> {
  const deadline = performance.now() + connectDeadlineMs;
  while (control.page === undefined && performance.now() < deadline) {
    control.page = await workbenchPage(port).catch(() => undefined);
    await pause(200);
  }
}

async function workbenchPage(port: number): Promise<Page | undefined> {
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const pages = browser.contexts().flatMap((context) => context.pages());
  return pages.find((page) => page.url().includes('workbench'));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

async function main(): Promise<void> {
  await mkdir(join(work, 'desktop'), { recursive: true });
  const bundle = await bundleSuite('.', join(work, 'desktop', 'bundle'));
  const control = await startControl({
    screenshots: join(work, 'screenshots'),
    onReport: (line) => {
      if (line !== '') {
        say(line);
      }
    },
  });
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const asked = process.argv.slice(2);
  for (const version of asked.length > 0 ? asked : [await oldestVersion(), 'stable']) {
    say(`VS Code ${version}:`);
    const { outcomes } = await runIn(version, bundle, control);
    for (const { state } of outcomes) {
      counts[state] += 1;
    }
  }
  control.close();
  say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
