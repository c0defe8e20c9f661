import { Command, CommanderError } from 'commander';

import { version } from '../../package.json';
import { CancelledError, messageOf, UserError } from '../core/errors';
import type { CommandContext, CommandDefinition } from './command';
import { buildCommand } from './commands/build';
import { describeCommand } from './commands/describe';
import { doctorCommand } from './commands/doctor';
import { evaluateCommand } from './commands/evaluate';
import { explainCommand } from './commands/explain';
import { exportCommand } from './commands/export';
import { findLearningRateCommand } from './commands/findLearningRate';
import { infoCommand } from './commands/info';
import { importCommand } from './commands/import';
import { lintCommand } from './commands/lint';
import { previewCommand } from './commands/preview';
import { sampleCommand } from './commands/sample';
import { scoreCommand } from './commands/score';
import { trainCommand } from './commands/train';
import type { ExitCode } from './exitCodes';
import { exitCodes } from './exitCodes';
import type { Terminal } from './terminal';
import { ProgressLine, visible } from './terminal';

const commands: readonly CommandDefinition[] = [
  sampleCommand,
  buildCommand,
  importCommand,
  lintCommand,
  describeCommand,
  findLearningRateCommand,
  trainCommand,
  evaluateCommand,
  scoreCommand,
  explainCommand,
  exportCommand,
  previewCommand,
  infoCommand,
  doctorCommand,
];

export interface Surroundings {
  readonly terminal: Terminal;
  readonly modelsFolder: string;
  /** Calls the listener when the process is asked to stop. */
  readonly onInterrupt: (listener: () => void) => void;
}

/** Runs `ct-mcqa` with the arguments after the program's name; never throws. */
export async function runCommandLine(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal } = surroundings;
  const progress = new ProgressLine(terminal.err);
  const context = createContext(surroundings, progress);
  let exitCode: ExitCode = exitCodes.done;
  const program = new Command('ct-mcqa')
    .description('Multiple-choice question answering on chest CT: build, check, train, score.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
    })
    .showHelpAfterError('(ct-mcqa help shows how it is used)')
    .hook('preAction', (_, command) => {
      refuseEmpty(command);
    });
  for (const command of commands) {
    command.declare(program, async (action) => {
      exitCode = await action(context);
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    progress.clear();
    return exitCode;
  } catch (error) {
    progress.clear();
    return explain(error, terminal);
  }
}

/** An empty path is an unset variable of a script; it would mean the current folder. */
function refuseEmpty(command: Command): void {
  const values = Object.entries(command.opts<Record<string, unknown>>());
  const option = values.find(([, value]) => value === '')?.[0];
  if (option !== undefined || command.args.includes('')) {
    throw new UserError(
      'argument-empty',
      option === undefined ? 'An argument is empty.' : `The option --${kebab(option)} is empty.`,
      'Give a value, or leave it out; is a variable of your script not set?',
    );
  }
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function createContext(surroundings: Surroundings, progress: ProgressLine): CommandContext {
  const { terminal, modelsFolder, onInterrupt } = surroundings;
  const interruption = new AbortController();
  onInterrupt(() => {
    interruption.abort();
  });
  return {
    terminal,
    modelsFolder,
    work: { onProgress: progress.report, signal: interruption.signal },
    print: (result) => {
      progress.clear();
      // A pipe gets the text as it is: names are for whoever reads them there.
      const { isTTY = false } = terminal.out;
      terminal.out.write(`${isTTY ? visible(result, 'lines') : result}\n`);
    },
    remark: (text) => {
      progress.clear();
      terminal.err.write(`${visible(text, 'lines')}\n`);
    },
  };
}

/** One line a person can act on; a stack only for what is our fault. */
function explain(error: unknown, { err }: Terminal): ExitCode {
  if (error instanceof CommanderError) {
    // commander has printed help, the version, or what is wrong with the arguments.
    return error.exitCode === 0 ? exitCodes.done : exitCodes.couldNotRun;
  }
  if (error instanceof CancelledError) {
    err.write('ct-mcqa: cancelled; nothing half-written is left.\n');
    return exitCodes.cancelled;
  }
  if (error instanceof UserError) {
    err.write(`ct-mcqa: ${visible(error.message, 'line')}\n${visible(error.remedy, 'line')}\n`);
    return exitCodes.couldNotRun;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
  err.write(`ct-mcqa: this is a bug; please report it with these lines.\n`);
  err.write(`${visible(stack, 'lines')}\n`);
  return exitCodes.couldNotRun;
}
