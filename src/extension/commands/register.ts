import * as vscode from 'vscode';
import { showFailure } from '../failures';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import { commandTable, type CommandDefinition } from './table';

/** Registers every command of the table. */
export function registerCommands(services: Services): void {
  for (const command of commandTable) {
    services.disposables.add(
      vscode.commands.registerCommand(command.id, (...args: unknown[]) =>
        runCommand(services, command, args),
      ),
    );
  }
}

/** The promise ends with the command, whatever became of it: failures are told here. */
async function runCommand(
  services: Services,
  command: CommandDefinition,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    if (command.needsTrust) {
      requireTrust();
    }
    const run = await command.load();
    return await run(services, ...args);
  } catch (error) {
    showFailure(services.log, error);
    return undefined;
  }
}
