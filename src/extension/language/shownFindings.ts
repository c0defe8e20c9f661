import type { FindingFix, LintFinding, TextPosition, TextSpan } from '../../core/dataset/lint';

/** A change of a document, as the editor tells of it; positions are those before the change. */
export interface TextChange {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * What is wrong with one file: what its text tells while it is typed, and what only the check of the
 * whole file found, which stays until the next one.
 */
export class ShownFindings {
  private live: readonly LintFinding[] = [];
  private whole: readonly LintFinding[] = [];

  /** All of them, by place. */
  get all(): readonly LintFinding[] {
    return this.whole.length === 0
      ? this.live
      : [...this.live, ...this.whole].sort((a, b) => a.range.start.offset - b.range.start.offset);
  }

  /** Whether there are findings that the next check of the whole file has to judge anew. */
  get hasWhole(): boolean {
    return this.whole.length > 0;
  }

  /** The text was checked as it stands. What this check can find too is its own from now on. */
  setLive(findings: readonly LintFinding[]): void {
    this.live = findings;
    this.whole = without(this.whole, findings);
  }

  /** The whole file was checked; places are those of the text as it stands. */
  setWhole(findings: readonly LintFinding[]): void {
    this.whole = without(findings, this.live);
  }

  /** The text is not checked while it is typed any more: it has become too long. */
  endLive(): void {
    if (this.live.length > 0) {
      this.whole = this.all;
      this.live = [];
    }
  }

  /** The text changed: gives whether what the whole check found has another place now, or is gone. */
  edit(changes: readonly TextChange[]): boolean {
    const before = this.whole;
    this.whole = moved(before, changes);
    return before.length !== this.whole.length || before.some((each, i) => each !== this.whole[i]);
  }
}

/** Findings among these that the others do not have in the same place. */
function without(
  findings: readonly LintFinding[],
  others: readonly LintFinding[],
): readonly LintFinding[] {
  if (findings.length === 0 || others.length === 0) {
    return findings;
  }
  const keyOf = ({ code, range: { start, end } }: LintFinding): string =>
    [code, start.line, start.character, end.line, end.character].join(' ');
  const keys = new Set(others.map(keyOf));
  return findings.filter((finding) => !keys.has(keyOf(finding)));
}

/** Findings where they stand after some changes; those on lines that were changed are left out. */
export function moved(
  findings: readonly LintFinding[],
  changes: readonly TextChange[],
): readonly LintFinding[] {
  return changes.reduce<readonly LintFinding[]>(
    (standing, change) =>
      standing.flatMap((finding) => {
        const place = movedSpan(finding.range, change);
        return place === undefined
          ? []
          : place === finding.range
            ? [finding]
            : [
                {
                  ...finding,
                  ...movedFix(finding.fix, change),
                  line: place.start.line,
                  range: place,
                },
              ];
      }),
    findings,
  );
}

function movedFix(fix: FindingFix | undefined, change: TextChange): { fix?: FindingFix } {
  const range = fix && movedSpan(fix.range, change);
  return fix && range ? { fix: { ...fix, range } } : {};
}

/** A place after a change; undefined where its line was changed. */
function movedSpan(span: TextSpan, { range, rangeLength, text }: TextChange): TextSpan | undefined {
  const { start, end } = range;
  const isOfWholeFile = span.end.offset === 0;
  if (isOfWholeFile || span.end.line < start.line) {
    return span;
  }
  const movesWholeLines = start.character === 0 && end.character === 0 && /(^|[\r\n])$/.test(text);
  if (span.start.line < end.line || (span.start.line === end.line && !movesWholeLines)) {
    return undefined;
  }
  const lines = (text.match(/\r\n|\r|\n/g)?.length ?? 0) - (end.line - start.line);
  const characters = text.length - rangeLength;
  const move = (position: TextPosition): TextPosition => ({
    ...position,
    line: position.line + lines,
    offset: position.offset + characters,
  });
  return lines === 0 && characters === 0 ? span : { start: move(span.start), end: move(span.end) };
}
