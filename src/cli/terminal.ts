import type { Progress } from '../core/progress';

/** Where a command writes: results to `out`, everything for people's patience to `err`. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/**
 * Text with what steers a terminal, such as an escape in the name of a file, made visible (`\x1b`).
 * Line ends and tabs stay in `lines`; of what is one line they are part of a name.
 */
export function visible(text: string, lines: 'lines' | 'line'): string {
  const control = lines === 'lines' ? /[^\P{Cc}\n\t]/gu : /\p{Cc}/gu;
  return text.replaceAll(control, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    return `\\x${code}`;
  });
}

const barWidth = 24;
/** On a pipe or in a log, a line at most this often. */
const logIntervalMs = 5000;

/**
 * Shows progress on stderr: one line redrawn in place on a terminal, otherwise a line when a stage
 * begins, every few seconds, and when it ends.
 */
export class ProgressLine {
  private stage: string | undefined;
  private lastLogged = 0;
  private drawn = false;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = Date.now,
  ) {}

  readonly report = (progress: Progress): void => {
    if (this.output.isTTY === true) {
      this.draw(progress);
    } else {
      this.log(progress);
    }
  };

  /** Ends the redrawn line, so that what is printed next starts on its own. */
  clear(): void {
    if (this.drawn) {
      this.output.write('\r\u001b[K');
      this.drawn = false;
    }
  }

  private draw(progress: Progress): void {
    const line = describe(progress, bar(progress)).slice(0, (this.output.columns ?? 80) - 1);
    this.output.write(`\r\u001b[K${line}`);
    this.drawn = true;
  }

  private log(progress: Progress): void {
    const begins = progress.stage !== this.stage;
    const ends = progress.done === progress.total;
    if (!begins && !ends && this.now() - this.lastLogged < logIntervalMs) {
      return;
    }
    this.stage = progress.stage;
    this.lastLogged = this.now();
    this.output.write(`${describe(progress, '')}\n`);
  }
}

function describe(progress: Progress, drawnBar: string): string {
  const count = countOf(progress);
  const line = [progress.stage, drawnBar, count, progress.detail ?? ''].filter(Boolean).join('  ');
  return visible(line, 'line');
}

/** Beyond this, units are bytes or lines that nobody counts. */
const mostCounted = 9999;

function countOf({ done, total }: Progress): string {
  if (total === undefined) {
    return String(done);
  }
  return total > mostCounted ? `${Math.floor((100 * done) / total)} %` : `${done}/${total}`;
}

function bar({ done, total }: Progress): string {
  if (total === undefined || total === 0) {
    return '';
  }
  const filled = Math.round((Math.min(done, total) / total) * barWidth);
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}

/** Columns padded to line up; the first row is the heading. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), 0),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
  return lines.join('\n');
}

/** Characters of a report that fit beside its rank. */
const excerptLength = 72;

/** The beginning of a text, on one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= excerptLength ? line : `${line.slice(0, excerptLength - 1)}…`;
}
