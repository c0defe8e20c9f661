import type { DatasetSideFile } from '../record';
import { unknownRules } from './choice';

/** What is wrong with the rules that a side file names, if anything is. */
export function problemOfLevels(sideFile: DatasetSideFile | undefined): string | undefined {
  const unknown = unknownRules(Object.keys(sideFile?.lint?.rules ?? {})).at(0);
  return unknown === undefined
    ? undefined
    : `The side file names a rule that there is not, ${unknown}.`;
}
