import type { JsonLine } from '../../core/dataset/jsonl';
import type { QuestionPrediction } from '../../core/dataset/prediction';
import { outcomeKind, type OutcomeKind } from '../../core/dataset/outcome';
import type { Predictions } from '../../core/dataset/predictions';
import { questionId } from '../../core/dataset/record';
import type { ReportTable } from '../../core/dataset/reportTable';

export type { OutcomeKind };

export interface Outcome {
  readonly kind: OutcomeKind;
  readonly prediction: QuestionPrediction;
  /** Probability of the option the model chose. */
  readonly probability: number;
}

/** Predictions by question id, for look-up line by line. */
export class Answers {
  private readonly byId: ReadonlyMap<string, QuestionPrediction>;
  readonly run: string;
  /** Questions answered, and of those with a true option, how many right. */
  readonly counts: { readonly answered: number; readonly judged: number; readonly correct: number };

  constructor({ header, rows }: Predictions) {
    this.run = header.run;
    this.byId = new Map(rows.map((row) => [row.id, row]));
    const judged = rows.filter(({ truth }) => truth !== null);
    this.counts = {
      answered: rows.length,
      judged: judged.length,
      correct: judged.filter(({ truth, predicted }) => truth === predicted).length,
    };
  }

  /**
   * What became of the question on a line, or undefined where it was not answered.
   *
   * @param line 0-based.
   */
  outcomeOf(json: JsonLine, line: number, reports: ReportTable | undefined): Outcome | undefined {
    const { record } = json;
    const prediction = record && this.byId.get(questionId(record, line + 1));
    if (record === undefined || prediction === undefined) {
      return undefined;
    }
    const texts = record.options.map(
      ({ text, ref }) => text ?? (ref === undefined ? undefined : reports?.textOf(ref, record)),
    );
    return {
      kind: outcomeKind(record, texts, prediction),
      prediction,
      probability: prediction.probabilities[prediction.predicted],
    };
  }
}

/** "83 %"; a certain answer that is not quite certain is not rounded up to it. */
export function percent(probability: number): string {
  const rounded = Math.round(probability * 100);
  if (rounded === 100 && probability < 1) {
    return '>99 %';
  }
  return rounded === 0 && probability > 0 ? '<1 %' : `${rounded} %`;
}
