import { basename } from 'node:path';
import type { ScoredText, ScoreResult } from '../../../core/run';
import type { ScoreGroup, ScoresView, TextPlace } from '../../../protocol/scores';

/** What the panel adds to a result of the worker. */
export interface ResultSetting {
  /** What was ranked, in a few words: the file of the questions or of the reports. */
  readonly title: string;
  readonly runFolder?: string;
  /** The predictions file that was written. */
  readonly predictions?: string;
  /** Where a question stands, by its id. */
  readonly placeOf?: (question: string) => TextPlace | undefined;
}

/** The worker's ranking as the panel shows it: one group a question, or one of all reports. */
export function scoresView(result: ScoreResult, setting: ResultSetting): ScoresView {
  const { runFolder, predictions } = setting;
  return {
    volume: basename(result.volume),
    run: basename(result.run),
    ...(runFolder === undefined ? {} : { runFolder }),
    ...(predictions === undefined ? {} : { predictions }),
    fingerprints: {
      modelHash: result.modelHash,
      preprocessing: result.preprocessing,
      text: result.text,
    },
    groups: groupsOf(result, setting),
  };
}

function groupsOf(
  { ranking, texts }: ScoreResult,
  { title, placeOf }: ResultSetting,
): ScoreGroup[] {
  const questions = new Map<string, ScoredText[]>();
  for (const { question, ...entry } of ranking) {
    if (question === undefined) {
      return [{ title, texts, entries: ranking }];
    }
    questions.set(question, [...(questions.get(question) ?? []), entry]);
  }
  return [...questions].map(([question, options]) => {
    const place = placeOf?.(question);
    const located = place === undefined ? {} : { place };
    const entries = options.map((option) => ({ ...option, ...located }));
    return { title: question, entries, ...located };
  });
}
