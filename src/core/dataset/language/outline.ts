import type { JsonLine, LineRange } from '../jsonl';
import { questionId } from '../record';
import { optionLetter } from '../optionLetter';

/** A question or an option in the outline of a file; ranges count from the start of the line. */
export interface OutlineItem {
  readonly name: string;
  /** Shown after the name, quieter. */
  readonly detail: string;
  readonly isTrue: boolean;
  readonly whole: LineRange;
  readonly nameRange: LineRange;
  readonly children: readonly OutlineItem[];
}

/** Words of a text that fit beside a name. */
const longestDetail = 80;

/**
 * The outline of one line: the question and its options. A line that is no whole record stands in it
 * by what can be read of it; undefined where the line is blank.
 *
 * @param line 0-based.
 */
export function outlineOf(json: JsonLine, line: number): OutlineItem | undefined {
  if (json.isBlank) {
    return undefined;
  }
  const whole = { start: 0, end: json.text.length };
  const { record } = json;
  if (record === undefined) {
    return {
      name: `line ${line + 1}`,
      detail: '',
      isTrue: false,
      whole,
      nameRange: { start: 0, end: Math.min(1, json.text.length) },
      children: [],
    };
  }
  return {
    name: questionId(record, line + 1),
    detail: record.image_path.split(/[\\/]/).at(-1) ?? '',
    isTrue: false,
    whole,
    nameRange: json.rangeOf(record.id === undefined ? ['image_path'] : ['id']),
    children: record.options.map((option, index) => {
      const range = json.rangeOf(['options', index]);
      return {
        name: `${optionLetter(index)}${option.label === 1 ? ' ✓' : ''}`,
        detail: (option.text ?? option.ref ?? '').slice(0, longestDetail),
        isTrue: option.label === 1,
        whole: range,
        nameRange: range,
        children: [],
      };
    }),
  };
}
