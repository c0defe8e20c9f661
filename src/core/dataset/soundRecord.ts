import type { JsonLine } from './jsonl';
import type { McqRecord } from './record';
import type { ShapeProblem } from './recordShape';

/**
 * The record of a line without what stands in optional fields in the wrong form, such as a text for
 * an age: readers go on without it, and the checks name it. Undefined where the line is no question.
 */
export function soundRecord({ record, shapeProblems }: JsonLine): McqRecord | undefined {
  const wrong = shapeProblems.filter(({ kind }) => kind === 'wrong-type');
  if (record === undefined || wrong.length === 0) {
    return record;
  }
  const sound = structuredClone(record);
  for (const { path } of wrong) {
    remove(sound, path);
  }
  return sound;
}

/** Removes what stands at a path; an item of a list takes the whole list with it. */
function remove(root: object, path: ShapeProblem['path']): void {
  const lastName = path.findLastIndex((step) => typeof step === 'string');
  const parent = path
    .slice(0, lastName)
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], root);
  if (typeof parent === 'object' && parent !== null) {
    Reflect.deleteProperty(parent, path[lastName]);
  }
}
