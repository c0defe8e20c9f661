/** A running code-server: VS Code's workbench and a real Node extension host behind one port. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The Node and the entry script of code-server (scripts/setup.mjs, editorCommand). */
export interface EditorCommand {
  readonly node: string;
  readonly entry: string;
}

export interface EditorOptions {
  readonly command: EditorCommand;
  /** Holds the profile and the installed extensions. */
  readonly home: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether VS Code asks for, and honours, trust in the workspace. */
  readonly workspaceTrust?: boolean;
  readonly locale?: string;
  readonly port?: number;
  /** Ends the editor by itself when nobody has looked at it for so long (at least 61 s). */
  readonly idleSeconds?: number;
  /** Options of VS Code's own server, such as `disable-websocket-compression`. */
  readonly serverOptions?: readonly string[];
  /** Added to the environment, which reaches the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Editor {
  /** `127.0.0.1:PORT`, also the remote authority of its vscode-remote URIs. */
  readonly authority: string;
  /** The profile folder; its `logs` hold what the extension host said. */
  readonly profile: string;
  /** What the server printed so far. */
  output(): string;
  stop(): Promise<void>;
}

const startDeadlineMs = 60_000;
const stopDeadlineMs = 5_000;

/** Starts the editor and waits until it answers. */
export async function startEditor(options: EditorOptions): Promise<Editor> {
  const profile = join(options.home, 'profile');
  await writeSettings(profile, options.settings);
  const args = [
    ...commonArguments(options.home),
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`],
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
    ...(options.idleSeconds === undefined
      ? []
      : ['--idle-timeout-seconds', String(options.idleSeconds)]),
    ...(options.locale === undefined ? [] : ['--locale', options.locale]),
    ...(options.serverOptions ?? []).flatMap((option) => ['--vscode-option', option]),
  ];
  const server = spawn(options.command.node, [options.command.entry, ...args], {
    // A group of its own, so that the extension host and its workers end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(), ...options.env },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const stop = (): Promise<void> => stopGroup(server);
  try {
    const authority = await listening(server, () => output);
    return { authority, profile, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Installs a packed extension into the extensions folder under `home`. */
export async function installExtension(
  command: EditorCommand,
  home: string,
  vsix: string,
): Promise<void> {
  const args = [command.entry, ...commonArguments(home), '--install-extension', vsix, '--force'];
  const child = spawn(command.node, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnvironment(),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw new Error(`The editor did not install ${vsix}:\n${output}`);
  }
}

function commonArguments(home: string): readonly string[] {
  return [
    ...['--user-data-dir', join(home, 'profile')],
    ...['--extensions-dir', join(home, 'extensions')],
    ...['--config', join(home, 'code-server.yaml')],
  ];
}

/** The environment without what a surrounding VS Code terminal would pass on. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return Object.fromEntries(entries);
}

/** Leaves a settings file alone that is already there: it may be the user's. */
async function writeSettings(profile: string, settings: object): Promise<void> {
  const file = join(profile, 'User', 'settings.json');
  if (!existsSync(file)) {
    await mkdir(join(profile, 'User'), { recursive: true });
    await writeFile(file, JSON.stringify(settings, undefined, 2));
  }
}

async function listening(server: ChildProcess, output: () => string): Promise<string> {
  const deadline = performance.now() + startDeadlineMs;
  while (performance.now() < deadline && server.exitCode === null) {
    const authority = /HTTP server listening on http:\/\/([\d.]+:\d+)/.exec(output())?.[1];
    if (authority !== undefined && (await answers(`http://${authority}/healthz`))) {
      return authority;
    }
    await pause(50);
  }
  throw new Error(`code-server did not start:\n${output()}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function stopGroup(server: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null && server.signalCode === null) {
    signalGroup(server, 'SIGTERM');
    await Promise.race([gone, pause(stopDeadlineMs, undefined, { ref: false })]);
  }
  // Children that outlived the leader, or a leader that would not go.
  signalGroup(server, 'SIGKILL');
}

function signalGroup(server: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(server.pid ?? 0), signal);
  } catch {
    // The group is gone already.
  }
}
