import { basename } from 'node:path';
import type { ScoreResult } from '../../../core/run';
import type { ScoresView, TextPlace } from '../../../protocol/scores';

/** What the panel adds to a result of the worker. */
export interface ResultSetting {
  /** What was ranked, in a few words: the file of the questions or of the reports. */
  readonly title: string;
  readonly runFolder?: string;
  /** The predictions file that was written. */
  readonly predictions?: string;
  /** Where a text stands, by its label. */
  readonly placeOf?: (label: string) => TextPlace | undefined;
}

/** The worker's ranking as the panel shows it: one group, best first. */
export function scoresView(result: ScoreResult, setting: ResultSetting): ScoresView {
  const { title, runFolder, predictions, placeOf } = setting;
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
    groups: [
      {
        title,
        texts: result.texts,
        entries: result.ranking.map((entry) => {
          const place = placeOf?.(entry.label);
          return { ...entry, ...(place === undefined ? {} : { place }) };
        }),
      },
    ],
  };
}
