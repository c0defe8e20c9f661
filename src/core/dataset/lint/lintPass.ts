import type { LineRange } from '../jsonl';
import type { ChosenRules } from './choice';
import type { FindingFix, LintFinding, TextPosition, TextSpan } from './finding';
import type { PlacedLine, QuestionLine } from './questionLine';
import { formatMessage } from './rule';
import type {
  FileCheck,
  FileRule,
  FindingValues,
  LineFix,
  LineRule,
  LintContext,
  Place,
  ReportInLine,
} from './rule';

/** A finding whose place is known only within its line. */
export interface LineFinding {
  readonly rule: LineRule | FileRule;
  readonly place: Place;
  readonly values: FindingValues;
  readonly fix: LineFix | undefined;
}

const none: readonly LineFinding[] = [];

/** What the rules on single lines say of a line, wherever it stands. */
export function checkLine(line: QuestionLine, rules: readonly LineRule[]): readonly LineFinding[] {
  if (line.json.isBlank) {
    return none;
  }
  let findings: LineFinding[] | undefined;
  let rule = rules[0];
  // One for all rules: making one for each takes longer than most rules do.
  const report: ReportInLine = (place, values = {}, fix) => {
    findings ??= [];
    findings.push({ rule, place, values, fix });
  };
  for (rule of rules) {
    rule.checkLine(line, report);
  }
  return findings ?? none;
}

/** More findings of one rule than this help nobody, and a broken file of a million lines has as many. */
const mostFindingsOfRule = 1000;

/** What stands for the findings of a rule that are too many to show; no rule of its own. */
export const omittedFindings = {
  code: 'MCQ000',
  name: 'findings-omitted',
  severity: 'info',
  title: 'More findings of a rule',
  explain: 'A thousand findings of a rule are shown; the rest is counted.',
  template: '{count} more findings of {rule} are not shown.',
} as const;

/** One run over the lines of a file. */
export class LintPass {
  private readonly findings: LintFinding[] = [];
  private readonly counts = new Map<string, number>();
  private readonly checks: readonly { readonly rule: FileRule; readonly check: FileCheck }[];
  private readonly visitors: readonly {
    readonly rule: FileRule;
    readonly visit: NonNullable<FileCheck['visit']>;
  }[];

  constructor({ fileRules }: Pick<ChosenRules, 'fileRules'>, context: LintContext) {
    this.checks = fileRules.map((rule) => ({ rule, check: rule.start(context) }));
    this.visitors = this.checks.flatMap(({ rule, check: { visit } }) =>
      visit === undefined ? [] : [{ rule, visit }],
    );
  }

  visit(line: PlacedLine, found: readonly LineFinding[]): void {
    for (const { rule, place, values, fix } of found) {
      this.add(rule, line, place, values, fix);
    }
    let rule: FileRule;
    const report: ReportInLine = (place, values = {}, fix) => {
      this.add(rule, line, place, values, fix);
    };
    for (const visitor of this.visitors) {
      rule = visitor.rule;
      visitor.visit(line, report);
    }
  }

  /** All findings, by place. */
  finish(): LintFinding[] {
    for (const { rule, check } of this.checks) {
      check.finish?.((line, place, values = {}, fix) => {
        this.add(rule, line, place, values, fix);
      });
    }
    for (const [code, count] of this.counts) {
      if (count > mostFindingsOfRule) {
        this.keep(omittedFindings, undefined, [], {
          count: count - mostFindingsOfRule,
          rule: code,
        });
      }
    }
    return this.findings.sort((a, b) => a.range.start.offset - b.range.start.offset);
  }

  private add(
    rule: LineRule | FileRule,
    line: PlacedLine | undefined,
    place: Place,
    values: FindingValues,
    fix: LineFix | undefined,
  ): void {
    const count = (this.counts.get(rule.code) ?? 0) + 1;
    this.counts.set(rule.code, count);
    if (count <= mostFindingsOfRule) {
      this.keep(rule, line, place, values, fix);
    }
  }

  private keep(
    rule: LineRule | FileRule | typeof omittedFindings,
    line: PlacedLine | undefined,
    place: Place,
    values: FindingValues,
    fix?: LineFix,
  ): void {
    const { code, name, severity, template } = rule;
    const remedy = 'remedy' in rule ? rule.remedy : undefined;
    const title = 'fix' in rule ? rule.fix : undefined;
    this.findings.push({
      code,
      rule: name,
      severity,
      message: formatMessage(template, values),
      template,
      values,
      line: line?.line ?? 0,
      range: spanOf(line, place),
      ...(remedy !== undefined && { remedy }),
      ...(fix && title !== undefined && { fix: asFindingFix(title, line, fix) }),
    });
  }
}

function asFindingFix(title: string, line: PlacedLine | undefined, fix: LineFix): FindingFix {
  const range = spanOf(line, fix.place);
  const was = line?.question.json.text.slice(range.start.character, range.end.character) ?? '';
  return { title, range, was, text: fix.text };
}

function spanOf(line: PlacedLine | undefined, place: Place): TextSpan {
  const { start, end }: LineRange =
    line === undefined
      ? { start: 0, end: 0 }
      : 'start' in place
        ? place
        : line.question.json.rangeOf([...place]);
  const at = (character: number): TextPosition => ({
    offset: (line?.offset ?? 0) + character,
    line: line?.line ?? 0,
    character,
  });
  return { start: at(start), end: at(end) };
}
