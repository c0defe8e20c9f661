/** The linter of question files, as the other rooms see it. */
export { DocumentLinter } from './documentLinter';
export type { LintTextOptions } from './documentLinter';
export type { FindingFix, LintFinding, TextPosition, TextSpan } from './finding';
export type { RuleSelection } from './choice';
export { lintFile } from './lintFile';
export type { LintFileOptions } from './lintFile';
export { formatMessage } from './rule';
export type { FindingValues } from './rule';
export type { Severity } from '../record';
