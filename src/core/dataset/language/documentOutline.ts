import { JsonLine } from '../jsonl';
import { detached } from '../lines';
import { outlineOf } from './outline';
import type { OutlineItem } from './outline';

interface KnownLine {
  readonly json: JsonLine;
  readonly line: number;
  readonly item: OutlineItem | undefined;
}

/**
 * The outline of a document that is edited. Lines before and after what changed are taken over:
 * comparing a line with itself costs next to nothing, looking it up by its text takes longer than a
 * keystroke may.
 */
export class DocumentOutline {
  private known: readonly KnownLine[] = [];

  /**
   * @param lineAt text of a line, 0-based.
   * @returns of each line; an item is the same object as long as neither its line nor its place changes.
   */
  update(count: number, lineAt: (line: number) => string): (OutlineItem | undefined)[] {
    const before = this.known;
    const isKept = (line: number, former: number): boolean =>
      before[former].json.text === lineAt(line);
    const fewer = Math.min(count, before.length);
    let first = 0;
    while (first < fewer && isKept(first, first)) {
      first++;
    }
    const shift = before.length - count;
    let end = count;
    while (end > first && end + shift > first && isKept(end - 1, end - 1 + shift)) {
      end--;
    }
    const now = Array.from({ length: count }, (_, line): KnownLine => {
      const former = line < first ? before[line] : line >= end ? before[line + shift] : undefined;
      if (former?.line === line) {
        return former;
      }
      const json = former?.json ?? new JsonLine(detached(lineAt(line)));
      return { json, line, item: outlineOf(json, line) };
    });
    this.known = now;
    return now.map(({ item }) => item);
  }
}
