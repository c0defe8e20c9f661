import type { Command } from 'commander';

import type { LongWork } from '../core/progress';
import type { ExitCode } from './exitCodes';
import type { Terminal } from './terminal';

/** What every command is given besides its own arguments. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Progress goes to stderr; Ctrl-C aborts the signal. */
  readonly work: Required<LongWork>;
  /** Folder with presets and tokenizers. */
  readonly modelsFolder: string;
  /** Prints a result to stdout: JSON alone, or text. */
  readonly print: (result: string) => void;
  /** Prints a remark to stderr. */
  readonly remark: (text: string) => void;
}

/** A subcommand: declares its arguments on commander and runs. */
export interface CommandDefinition {
  /** Adds the subcommand; `run` must be called with what the action does. */
  declare(
    program: Command,
    run: (action: (context: CommandContext) => Promise<ExitCode>) => Promise<void>,
  ): void;
}

export type OutputFormat = 'text' | 'json';

/** JSON as the commands print it: two spaces, a final new line added by the caller. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
