import type { Node } from 'jsonc-parser';
import { endOfString } from './jsonStrings';
import type { LineRange } from './jsonl';

/** A field of an object that has one of the same name before it. */
export interface RepeatedField {
  readonly name: string;
  /** The later name, with its quotes. */
  readonly place: LineRange;
  /** The earlier field, up to the one that follows it: what nobody reads. */
  readonly shadowed: LineRange;
}

/**
 * Whether a field stands twice in one object of a text that is known to be JSON: the text then holds
 * more strings than its value. Cheap enough for every line, unlike a tree.
 */
export function holdsRepeatedFields(json: string, value: unknown): boolean {
  return countStrings(json) !== countStringsOf(value);
}

/** Strings in a text that is known to be JSON, names of fields counted. */
function countStrings(json: string): number {
  let count = 0;
  for (let at = json.indexOf('"'); at >= 0; at = json.indexOf('"', endOfString(json, at))) {
    count++;
  }
  return count;
}

/** The same of a value; a stack of its own, for a value may be nested deeper than the engine's. */
function countStringsOf(value: unknown): number {
  let count = 0;
  const rest = [value];
  while (rest.length > 0) {
    const each = rest.pop();
    if (typeof each === 'string') {
      count++;
    } else if (Array.isArray(each)) {
      for (const item of each) {
        rest.push(item);
      }
    } else if (typeof each === 'object' && each !== null) {
      for (const name of Object.keys(each)) {
        count++;
        rest.push((each as Record<string, unknown>)[name]);
      }
    }
  }
  return count;
}

/** All of them, in the order of the text. */
export function repeatedFieldsOf(tree: Node | undefined): RepeatedField[] {
  const children = tree?.children ?? [];
  const earlier = new Map<unknown, number>();
  return children.flatMap((child, index) => {
    const inside = repeatedFieldsOf(child);
    const name = child.type === 'property' ? child.children?.[0] : undefined;
    if (name === undefined) {
      return inside;
    }
    const before = earlier.get(name.value);
    earlier.set(name.value, index);
    if (before === undefined) {
      return inside;
    }
    const place = { start: name.offset, end: name.offset + name.length };
    const shadowed = { start: children[before].offset, end: children[before + 1].offset };
    return [{ name: String(name.value), place, shadowed }, ...inside];
  });
}
