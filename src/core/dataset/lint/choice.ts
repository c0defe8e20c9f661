import { UserError } from '../../errors';
import type { RuleLevels, Severity } from '../record';
import type { FileRule, LineRule } from './rule';
import { fileRules, lineRules, lintRules } from './rules';

/** `basic`: what needs nothing but the file; or rules by code or name. */
export type RuleSelection = 'basic' | 'all' | readonly string[];

/** The rules of one check, each with the severity it has in it. */
export interface ChosenRules {
  readonly lineRules: readonly LineRule[];
  readonly fileRules: readonly FileRule[];
}

/**
 * @param levels from the weakest to the strongest: the settings, the side file.
 * @throws UserError `lint-rule-unknown` for a selection that names no rule.
 */
export function chooseRules(
  selection: RuleSelection = 'all',
  ...levels: readonly (RuleLevels | undefined)[]
): ChosenRules {
  const unknown = typeof selection === 'string' ? undefined : unknownRules(selection).at(0);
  if (unknown !== undefined) {
    throw new UserError(
      'lint-rule-unknown',
      `There is no rule ${unknown}.`,
      'Give basic, all, or codes such as MCQ001; docs/rules.md lists them.',
    );
  }
  const merged = Object.assign({}, ...levels) as Partial<RuleLevels>;
  const chosen = <Rule extends LineRule | FileRule>(rules: readonly Rule[]): Rule[] =>
    rules.flatMap((rule) => {
      const severity = levelOf(rule, selection, merged);
      return severity === 'off' ? [] : [severity === rule.severity ? rule : { ...rule, severity }];
    });
  return { lineRules: chosen(lineRules), fileRules: chosen(fileRules) };
}

/** Names among these that are no rule's code or name. */
export function unknownRules(names: readonly string[]): string[] {
  return names.filter(
    (each) => !lintRules.some(({ code, name }) => each === code || each === name),
  );
}

function levelOf(
  { code, name, severity, basic }: LineRule | FileRule,
  selection: RuleSelection,
  levels: Partial<RuleLevels>,
): Severity | 'off' {
  const isSelected =
    selection === 'all' ||
    (selection === 'basic' ? basic === true : selection.includes(code) || selection.includes(name));
  if (!isSelected) {
    return 'off';
  }
  // A rule that was asked for by name is wanted, whatever the settings say.
  const level = levels[code] ?? levels[name] ?? severity;
  return level === 'off' && typeof selection !== 'string' ? severity : level;
}
