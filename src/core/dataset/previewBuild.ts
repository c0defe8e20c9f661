import { stat } from 'node:fs/promises';
import { CancelledError, throwIfCancelled } from '../errors';
import type { LongWork } from '../progress';
import { buildSettings, comparison, recordOf } from './build';
import type { BuildOptions } from './build';
import { planQuestions } from './planQuestions';
import type { PlannedQuestion } from './planQuestions';
import type { McqRecord } from './record';
import type { ReportEmbedding } from './reportEmbedding';
import { readSources } from './sources';
import type { FoundSources, SourceFiles } from './sources';

/** What a build would give, before anything is written. */
export interface BuildPreview {
  /** Some questions as they would stand in the file, from over the whole of those planned. */
  readonly questions: readonly McqRecord[];
  /** Volumes that questions are made of. */
  readonly volumes: number;
  readonly patients: number;
  readonly imagesFound: number;
  readonly withMetadata: number;
  readonly withLabels: number;
  /** Questions of each file; `split` is absent where there is one file only. */
  readonly parts: readonly { readonly split?: string; readonly questions: number }[];
  /** True where the questions were planned for some of the volumes only, and their numbers are estimates. */
  readonly isEstimate: boolean;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
}

/** Questions shown. */
const shownQuestions = 5;
/** More volumes than this are not planned for a preview: it follows the user's typing. */
const plannedVolumes = 600;

interface Reading {
  readonly key: string;
  readonly found: Promise<FoundSources>;
  readonly stop: AbortController;
}

/** Previews builds; remembers the tables and volumes that were read last, so that a change of settings is quick. */
export class BuildPreviewer {
  private last: Reading | undefined;
  private turn = 0;

  /**
   * Plans the questions that {@link buildDataset} would write.
   *
   * @throws UserError of `buildDataset`; CancelledError.
   */
  async preview(
    options: BuildOptions,
    work: LongWork = {},
    embedding?: ReportEmbedding,
  ): Promise<BuildPreview> {
    const settings = buildSettings(options);
    const { sources, imagesFound, skipped } = await this.sourcesOf(settings, work);
    // From over the whole table, so that every split and every kind of scan is among them.
    const stride = Math.ceil(sources.length / plannedVolumes);
    const planned = sources.filter((_, index) => index % stride === 0);
    const compare = await comparison(planned, settings, embedding, work);
    const plan = planQuestions(planned, { ...settings, ...compare });
    const scale = sources.length / Math.max(1, planned.length);
    const isEstimate = scale > 1;
    return {
      questions: someOf(plan.parts.flatMap(({ questions }) => questions)).map((question) =>
        recordOf(question, settings, 'inline'),
      ),
      volumes: sources.length,
      patients: new Set(sources.map(({ patient }) => patient)).size,
      imagesFound,
      withMetadata: sources.filter(({ metadata }) => metadata !== undefined).length,
      withLabels: sources.filter(({ labels }) => labels !== undefined).length,
      parts: plan.parts.map(({ split, questions }) => ({
        ...(split !== undefined && { split }),
        questions: Math.round(questions.length * scale),
      })),
      isEstimate,
      skipped: isEstimate ? skipped : [...skipped, ...plan.skipped],
    };
  }

  private async sourcesOf(files: SourceFiles, work: LongWork): Promise<FoundSources> {
    const turn = ++this.turn;
    const key = await identityOf(files);
    if (turn !== this.turn) {
      throw new CancelledError(); // another form was filled in meanwhile
    }
    if (this.last?.key !== key) {
      this.last?.stop.abort(); // nobody waits for other files any more
      this.last = this.begin(key, files, work);
    }
    const found = await this.last.found;
    throwIfCancelled(work.signal);
    return found;
  }

  /** Not with the caller's signal: whoever asks for the same files next waits for the same reading. */
  private begin(key: string, files: SourceFiles, { onProgress }: LongWork): Reading {
    const stop = new AbortController();
    const found = readSources(files, { signal: stop.signal, ...(onProgress && { onProgress }) });
    const reading = { key, stop, found };
    found.catch(() => {
      if (this.last === reading) {
        this.last = undefined;
      }
    });
    return reading;
  }
}

/** Changes when another file is named, or one that is named is written anew. */
async function identityOf(files: SourceFiles): Promise<string> {
  const { reports, metadata, labels, images, exclude = [], out } = files;
  const times = await Promise.all(
    [reports, metadata, labels, images, ...exclude].map(async (path) => {
      const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
      return found && `${found.mtimeMs}:${found.size}`;
    }),
  );
  return JSON.stringify([reports, metadata, labels, images, exclude, out, times]);
}

/** Questions from over the whole list: neighbours are often alike. */
function someOf(questions: readonly PlannedQuestion[]): PlannedQuestion[] {
  const count = Math.min(shownQuestions, questions.length);
  return Array.from(
    { length: count },
    (_, index) => questions[Math.floor((index * questions.length) / count)],
  );
}
