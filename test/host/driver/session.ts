/** One run of the editor with the tests of one session in it. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { runnerVariable, type Results, type RunnerOptions, type TestOutcome } from '../protocol';
import type { Bundle } from './bundle';
import { startControl, type Control } from './control';
import { installExtension, startEditor, type Editor, type EditorCommand } from './editor';
import { addLanguagePack } from './languagePack';
import { openWorkbench } from './page';
import type { Session } from './sessions';

export interface SessionOptions {
  readonly editor: EditorCommand;
  readonly browserPath: string;
  readonly bundle: Bundle;
  /** Folder of the extension, or of the packed extension's .vsix file. */
  readonly extension: string;
  /** Copied; the tests work on the copy. */
  readonly workspace: string;
  /** Logs and results of this session. */
  readonly output: string;
  readonly screenshots: string;
  readonly grep?: string;
  readonly onReport: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Loaded from source where the extension itself is not: without any, VS Code runs no tests. */
export const companion = join(__dirname, '..', 'companion');

/** From the start of the editor to the first test; and between two signs of life after it. */
const silenceDeadlineMs = 180_000;
const testTimeoutMs = 240_000;

/** Of the window: nothing that moves, asks or covers what is looked at. */
export const settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'always',
  'chat.commandCenter.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'files.autoSave': 'off',
  'extensions.ignoreRecommendations': true,
};

/** Runs the session's tests; rejects when they did not come to an end. */
export async function runSession(
  session: Session,
  options: SessionOptions,
): Promise<readonly TestOutcome[]> {
  // Blanks and Chinese characters in every path, because users have them.
  const home = await mkdtemp(join(tmpdir(), 'ct-mcqa 测试 '));
  const closers: (() => Promise<void> | void)[] = [
    () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  ];
  try {
    return await runIn(home, session, options, closers);
  } finally {
    for (const close of closers.reverse()) {
      await close();
    }
  }
}

async function runIn(
  home: string,
  session: Session,
  options: SessionOptions,
  closers: (() => Promise<void> | void)[],
): Promise<readonly TestOutcome[]> {
  const workspace = join(home, 'workspace 工作区');
  await cp(options.workspace, workspace, { recursive: true });
  await mkdir(options.output, { recursive: true });
  const resultsFile = join(options.output, 'results.json');
  await rm(resultsFile, { force: true });

  const life = new SignsOfLife();
  const control = await startControl({
    screenshots: options.screenshots,
    onReport: (line) => {
      life.renew();
      if (line !== '') {
        options.onReport(line);
      }
    },
  });
  closers.push(() => {
    control.close();
  });
  const runner: RunnerOptions = {
    control: control.url,
    resultsFile,
    files: options.bundle.files,
    timeoutMs: testTimeoutMs,
    ...(options.grep !== undefined && { grep: options.grep }),
    ...(session.extension === 'package' && { vsix: options.extension }),
  };
  if (session.extension === 'package') {
    await installExtension(options.editor, home, options.extension);
  }
  if (session.locale !== undefined) {
    await addLanguagePack(home, session.locale);
  }
  const editor = await startEditor({
    command: options.editor,
    home,
    settings,
    // Should this process be killed, so that it cannot clean up.
    idleSeconds: 61,
    env: { [runnerVariable]: JSON.stringify(runner) },
    ...(session.workspaceTrust !== undefined && { workspaceTrust: session.workspaceTrust }),
    ...(session.locale !== undefined && { locale: session.locale }),
  });
  closers.push(() => editor.stop());
  const lines: string[] = [];
  closers.push(() => keepLogs(options.output, editor, lines));
  let hostEnded = (): void => undefined;
  const ended = new Promise<void>((resolve) => (hostEnded = resolve));
  const { browser, page } = await openWorkbench({
    browserPath: options.browserPath,
    authority: editor.authority,
    workspace,
    developmentExtensions: [session.extension === 'source' ? options.extension : companion],
    testRunner: options.bundle.runner,
    onConsole: (line) => lines.push(line),
    onExit: hostEnded,
  });
  closers.push(() => browser.close());
  control.page = page;

  await Promise.race([ended, life.end(), aborted(options.signal)]);
  return readResults(resultsFile, { control, page, life, options });
}

/** Ends when nothing was heard for too long. */
class SignsOfLife {
  private last = performance.now();

  renew(): void {
    this.last = performance.now();
  }

  get silent(): boolean {
    return performance.now() - this.last > silenceDeadlineMs;
  }

  async end(): Promise<void> {
    while (!this.silent) {
      await pause(500, undefined, { ref: false });
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}

/** The exit code of the extension host says nothing; this file does. */
async function readResults(
  file: string,
  run: { control: Control; page: Page; life: SignsOfLife; options: SessionOptions },
): Promise<readonly TestOutcome[]> {
  if (existsSync(file)) {
    return (JSON.parse(await readFile(file, 'utf8')) as Results).outcomes;
  }
  run.options.signal.throwIfAborted();
  const picture = join(run.options.screenshots, 'no results.png');
  await run.page.screenshot({ path: picture, timeout: 5_000 }).catch(() => undefined);
  const why = run.life.silent
    ? `nothing happened for ${silenceDeadlineMs / 1000} s`
    : 'the extension host ended before its tests did';
  throw new Error(`No results: ${why}. See ${run.options.output} and ${picture}`);
}

async function keepLogs(folder: string, editor: Editor, lines: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'browser.log'), lines.join('\n'));
  await writeFile(join(folder, 'server.log'), editor.output());
  const logs = join(editor.profile, 'logs');
  await rm(join(folder, 'logs'), { recursive: true, force: true });
  if (existsSync(logs)) {
    await cp(logs, join(folder, 'logs'), { recursive: true });
  }
}
