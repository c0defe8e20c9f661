import type * as vscode from 'vscode';
import { JsonLine } from '../../core/dataset/jsonl';
import type { Services } from '../services';
import type { Outcome } from './outcome';

/** The outcome of one question and the line it stands on (0-based). */
export interface LineOutcome {
  readonly line: number;
  readonly outcome: Outcome;
}

/** Parsed lines kept for scrolling back and forth. */
const mostRemembered = 500;

/** Finds outcomes for lines on the screen, whatever the size of the file. */
export class OutcomeFinder {
  private readonly parsed = new Map<string, JsonLine>();

  constructor(private readonly services: Pick<Services, 'documents' | 'predictions'>) {}

  /** Outcomes of the questions on the lines `first` to `last` (0-based, both included). */
  async inLines(
    document: vscode.TextDocument,
    first: number,
    last: number,
  ): Promise<LineOutcome[]> {
    const answers = await this.services.predictions.answersFor(document);
    const surroundings = await this.services.documents.get(document)?.surroundings();
    if (answers === undefined || surroundings === undefined) {
      return [];
    }
    const outcomes: LineOutcome[] = [];
    for (let line = first; line <= Math.min(last, document.lineCount - 1); line++) {
      const json = this.parse(document.lineAt(line).text);
      const outcome = answers.outcomeOf(json, line, surroundings.reports);
      if (outcome !== undefined) {
        outcomes.push({ line, outcome });
      }
    }
    return outcomes;
  }

  parse(text: string): JsonLine {
    let json = this.parsed.get(text);
    if (json === undefined) {
      json = new JsonLine(text);
      if (this.parsed.size >= mostRemembered) {
        this.parsed.clear();
      }
      this.parsed.set(text, json);
    }
    return json;
  }
}
