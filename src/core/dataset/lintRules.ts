/**
 * Everything the linter checks, one entry a rule. Messages are templates with `{name}` arguments, so
 * that the editor can show them in the user's language by looking the template up.
 */
import { fileRules } from './lintFileRules';
import { lineRules } from './lintLineRules';
import type { FileRule, LineRule } from './lintRule';

export { fileRules, lineRules };

/** Every rule, for lists and explanations. */
export const lintRules: readonly (LineRule | FileRule)[] = [...lineRules, ...fileRules];
