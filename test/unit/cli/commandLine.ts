import { runCommandLine } from '../../../src/cli/program';

/** What a command leaves: its exit code and what it wrote to either stream. */
export interface CommandResult {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function runCommand(...argv: string[]): Promise<CommandResult> {
  const written = { out: '', err: '' };
  const exitCode = await runCommandLine(argv, {
    terminal: {
      out: { write: (text) => (written.out += text) },
      err: { write: (text) => (written.err += text) },
    },
    modelsFolder: 'models',
    onInterrupt: () => undefined,
  });
  return { exitCode, ...written };
}
