import * as vscode from 'vscode';
import { taskType } from '../ids';
import type { Services } from '../services';

/** A task of this extension as tasks.json writes it: a command of `ct-mcqa` and its arguments. */
export interface CtMcqaTask extends vscode.TaskDefinition {
  readonly command: string;
  readonly args?: readonly string[];
}

/** Runs the commands of `ct-mcqa` as tasks, so that a build or a training can be repeated by name. */
export function registerTasks(services: Services): void {
  services.disposables.add(
    vscode.tasks.registerTaskProvider(taskType, {
      // Nothing to offer unasked: every task needs its arguments.
      provideTasks: () => [],
      resolveTask: (task) =>
        isOurs(task.definition) ? resolved(services, task, task.definition) : undefined,
    }),
  );
}

function isOurs(definition: vscode.TaskDefinition): definition is CtMcqaTask {
  const { command, args } = definition as Partial<Record<string, unknown>>;
  return (
    typeof command === 'string' &&
    (args === undefined || (Array.isArray(args) && args.every((each) => typeof each === 'string')))
  );
}

function resolved(
  { extensionUri }: Services,
  { scope }: vscode.Task,
  definition: CtMcqaTask,
): vscode.Task {
  const { command, args = [] } = definition;
  const cli = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
  // The editor's own runtime: nobody has to have Node installed.
  const execution = new vscode.ProcessExecution(process.execPath, [cli, command, ...args], {
    env: { ELECTRON_RUN_AS_NODE: '1' },
    // Paths of the task are those of its own folder, also where the workspace has several.
    ...(typeof scope === 'object' && { cwd: scope.uri.fsPath }),
  });
  return new vscode.Task(
    definition,
    scope ?? vscode.TaskScope.Workspace,
    `ct-mcqa ${command}`,
    taskType,
    execution,
    '$ct-mcqa',
  );
}
