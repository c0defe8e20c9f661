import { basename } from 'node:path';
import { softmax } from '../../../core/metrics/ranking';
import type { ScoredText, ScoreResult } from '../../../core/run';
import type { ScoreGroup, ScoresView, TextPlace } from '../../../protocol/scores';

/** What the panel adds to a result of the worker. */
export interface ResultSetting {
  /** What was ranked, in a few words: the file of the questions or of the reports. */
  readonly title: string;
  readonly runFolder?: string;
  /** The predictions file that was written. */
  readonly predictions?: string;
  /** Where a text stands, by its label. */
  readonly placeOf?: (label: string) => TextPlace | undefined;
  /** The question that a label belongs to: the options of each are ranked by themselves. */
  readonly questionOf?: (label: string) => string;
}

/**
 * The worker's ranking as the panel shows it, best first: all texts against each other, or the
 * options of each question among themselves, their probabilities anew from the logits.
 */
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
    groups:
      setting.questionOf === undefined
        ? [wholeRanking(result, setting)]
        : byQuestion(result, setting),
  };
}

function wholeRanking({ ranking, texts }: ScoreResult, setting: ResultSetting): ScoreGroup {
  return {
    title: setting.title,
    texts,
    entries: ranking.map((entry) => withPlace(entry, setting)),
  };
}

function byQuestion({ ranking }: ScoreResult, setting: ResultSetting): ScoreGroup[] {
  const questions = new Map<string, ScoredText[]>();
  for (const entry of ranking) {
    const question = setting.questionOf?.(entry.label) ?? '';
    questions.set(question, [...(questions.get(question) ?? []), entry]);
  }
  return [...questions]
    .sort(([one], [other]) => one.localeCompare(other, undefined, { numeric: true }))
    .map(([question, options]) => {
      const probabilities = softmax(options.map(({ logit }) => logit));
      const entries = options.map((option, i) => ({
        ...withPlace(option, setting),
        label: option.label.slice(question.length).trim(),
        probability: probabilities[i],
      }));
      const place = entries[0].place;
      return { title: question, entries, ...(place === undefined ? {} : { place }) };
    });
}

function withPlace(
  entry: ScoredText,
  { placeOf }: ResultSetting,
): ScoredText & { place?: TextPlace } {
  const place = placeOf?.(entry.label);
  return place === undefined ? entry : { ...entry, place };
}
