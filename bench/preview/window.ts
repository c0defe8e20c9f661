/** A warm VS Code with the extension from source and the benchmark's agent in its extension host. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { quietNetwork } from './quietNetwork';
import { startEditor, type EditorCommand } from '../../test/host/driver/editor';
import { openWorkbench } from '../../test/host/driver/page';
import { settings } from '../../test/host/driver/session';
import { socketVariable, type CommandName, type Commands, type Response } from './agentProtocol';

export interface WindowOptions {
  readonly editor: EditorCommand;
  readonly browserPath: string;
  /** Folder of the extension: this project, or another state of it to compare with. */
  readonly extension: string;
  /** Whether the WebSocket between page and server is compressed, as code-server does by default. */
  readonly compression: boolean;
  /** Whether the browser draws frames without waiting for the next beat of a screen. */
  readonly isUnpaced?: boolean;
}

/** Asks the agent in the extension host. */
export type Ask = <Name extends CommandName>(
  name: Name,
  given: Commands[Name]['given'],
) => Promise<Commands[Name]['result']>;

export interface BenchWindow {
  readonly browser: Browser;
  readonly page: Page;
  readonly ask: Ask;
}

const projectRoot = join(__dirname, '..', '..');

/** Runs `work` in a fresh VS Code and takes it down again. */
export async function withWindow<Result>(
  options: WindowOptions,
  work: (window: BenchWindow) => Promise<Result>,
): Promise<Result> {
  const home = await mkdtemp(join(tmpdir(), 'ct-mcqa bench '));
  const closers: (() => Promise<void> | void)[] = [
    () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  ];
  try {
    return await work(await start(home, options, closers));
  } finally {
    for (const close of closers.reverse()) {
      await close();
    }
  }
}

async function start(
  home: string,
  options: WindowOptions,
  closers: (() => Promise<void> | void)[],
): Promise<BenchWindow> {
  const workspace = join(home, 'workspace');
  await cp(join(projectRoot, 'test', 'host', 'workspace'), workspace, { recursive: true });
  const agent = await bundleAgent();
  const socketPath = join(home, 'agent.sock');
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  closers.push(() => {
    server.close();
  });
  const editor = await startEditor({
    command: options.editor,
    home,
    settings,
    idleSeconds: 61,
    serverOptions: options.compression ? [] : ['disable-websocket-compression'],
    env: { [socketVariable]: socketPath },
  });
  closers.push(() => editor.stop());
  const { browser, page } = await openWorkbench({
    browserPath: options.browserPath,
    isUnpaced: options.isUnpaced,
    authority: editor.authority,
    workspace,
    developmentExtensions: [options.extension],
    testRunner: agent,
    onConsole: () => undefined,
    onExit: () => undefined,
  });
  closers.push(() => browser.close());
  const ask = askOver(await connected);
  await quietNetwork(page);
  return { browser, page, ask };
}

/** Into the project's cache, so that what stays external is found. */
async function bundleAgent(): Promise<string> {
  const outdir = join(projectRoot, '.cache', 'bench', 'agent');
  const folder = join(__dirname, 'extensionHost');
  await build({
    entryPoints: [join(folder, 'agent.ts'), join(folder, 'transportChild.ts')],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    logLevel: 'warning',
  });
  return join(outdir, 'agent.js');
}

function askOver(socket: Socket): Ask {
  const waiting = new Map<number, (response: Response) => void>();
  createInterface(socket).on('line', (line) => {
    const response = JSON.parse(line) as Response;
    waiting.get(response.id)?.(response);
    waiting.delete(response.id);
  });
  let count = 0;
  return async (name, given) => {
    const id = ++count;
    const response = await new Promise<Response>((resolve) => {
      waiting.set(id, resolve);
      socket.write(`${JSON.stringify({ id, name, given })}\n`);
    });
    if ('error' in response) {
      throw new Error(`${name}: ${response.error}`);
    }
    return response.result as never;
  };
}
