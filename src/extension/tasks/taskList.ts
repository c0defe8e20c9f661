import { taskType } from '../ids';
import type { FolderPaths } from './folderPaths';

/** A command of `ct-mcqa` that makes a file. */
export interface FileCommand {
  /** What it does with the file, the same in every language: it names the task. */
  readonly does: string;
  /** Absolute. */
  readonly out: string;
  /** The command and its arguments, with paths as a folder writes them. */
  readonly argumentsIn: (folder: FolderPaths) => readonly string[];
}

interface Task {
  readonly label?: string;
}

/** The tasks of a folder with that of a command, in place of the one that made the file before. */
export function withTask(
  tasks: readonly Task[],
  { does, out, argumentsIn }: FileCommand,
  folder: FolderPaths,
): Task[] {
  const [command, ...args] = argumentsIn(folder);
  const label = `${does} ${folder.shown(out)}`;
  const task = { label, type: taskType, command, args, problemMatcher: ['$ct-mcqa'] };
  return [...tasks.filter((other) => other.label !== label), task];
}
