/**
 * Everything the linter checks, one entry a rule. Messages are templates with `{name}` arguments, so
 * that the editor can show them in the user's language by looking the template up. Codes go by
 * hundreds: text, record, options, references, images, the whole file, the whole set.
 */
import type { FileRule, LineRule } from '../rule';
import { biasRules } from './biasRules';
import { imageFileRules, imageLineRules } from './imageRules';
import { optionRules } from './optionRules';
import { recordFileRules, recordLineRules } from './recordRules';
import { referenceFileRules, referenceLineRules } from './referenceRules';
import { setRules } from './setRules';
import { textFileRules, textLineRules } from './textRules';

/** Each looks at one line by itself. */
export const lineRules: readonly LineRule[] = [
  ...textLineRules,
  ...recordLineRules,
  ...optionRules,
  ...referenceLineRules,
  ...imageLineRules,
];

/** Each compares lines with each other, or with the files around. */
export const fileRules: readonly FileRule[] = [
  ...textFileRules,
  ...recordFileRules,
  ...referenceFileRules,
  ...imageFileRules,
  ...biasRules,
  ...setRules,
];

/** Every rule by code, for lists and explanations. */
export const lintRules: readonly (LineRule | FileRule)[] = [...lineRules, ...fileRules].sort(
  (a, b) => a.code.localeCompare(b.code),
);
