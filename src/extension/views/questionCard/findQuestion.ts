import type * as vscode from 'vscode';
import { yieldToEvents } from '../../../core/progress';
import type { CardMove } from '../../../protocol/questionCard';
import type { OutcomeFinder } from '../../results/visibleOutcomes';

/** Lines looked at before other work may run. */
const linesAtOnce = 200;

interface Search {
  readonly step: 1 | -1;
  readonly wrongOnly: boolean;
}

const searches: Readonly<Record<CardMove, Search>> = {
  previous: { step: -1, wrongOnly: false },
  next: { step: 1, wrongOnly: false },
  previousWrong: { step: -1, wrongOnly: true },
  nextWrong: { step: 1, wrongOnly: true },
};

/**
 * The line (0-based) of the next question, or of the next that the model answered wrong; from the
 * end of the file the search goes on at its beginning. Undefined where there is no other, or where
 * the document changed meanwhile.
 */
export async function findQuestion(
  finder: OutcomeFinder,
  document: vscode.TextDocument,
  from: number,
  move: CardMove,
): Promise<number | undefined> {
  const { step, wrongOnly } = searches[move];
  const { lineCount, version } = document;
  for (let distance = 1; distance < lineCount; distance++) {
    const line = (from + step * distance + lineCount) % lineCount;
    const fits = wrongOnly
      ? (await finder.inLines(document, line, line)).at(0)?.outcome.kind === 'wrong'
      : finder.parse(document.lineAt(line).text).record !== undefined;
    if (fits) {
      return line;
    }
    if (distance % linesAtOnce === 0) {
      await yieldToEvents();
    }
    if (document.version !== version) {
      return undefined;
    }
  }
  return undefined;
}
