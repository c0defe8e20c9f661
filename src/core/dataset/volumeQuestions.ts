import { UserError } from '../errors';
import type { LongWork } from '../progress';
import { isFile } from '../storage/presence';
import { isSamePath } from '../storage/samePath';
import { escapePattern } from '../text/escapePattern';
import { resolveImagePath } from './imagePaths';
import { JsonLine } from './jsonl';
import { readLineBatches } from './lines';
import { outcomeKind } from './outcome';
import type { OutcomeKind } from './outcome';
import type { QuestionPrediction } from './prediction';
import { predictionsPath, readPredictions } from './predictions';
import type { Predictions } from './predictions';
import { questionId } from './record';
import type { DatasetSideFile, McqRecord } from './record';
import { reportTableOf } from './reportTable';
import type { ReportTable } from './reportTable';
import { besideSideFile, readSideFile } from './sideFile';
import { soundRecord } from './soundRecord';
import { findRows, firstRows, labelsOfRow, reportOfRow, withVolumeNames } from './tables';
import { parseVolumeName, volumeStem } from './volumeName';

/** A question file to look through; paths are absolute. */
export interface SearchedQuestionFile {
  readonly path: string;
  /** Folders that images are looked for in, after those of the side file. */
  readonly imageRoots: readonly string[];
}

export interface VolumeQuestionsRequest {
  /** The volume's file, absolute. */
  readonly path: string;
  readonly files: readonly SearchedQuestionFile[];
}

/** A question on the volume. */
export interface VolumeQuestion {
  /** The question file, absolute. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly id: string;
  readonly record: McqRecord;
  /** One an option, references resolved; undefined where one leads nowhere. */
  readonly texts: readonly (string | undefined)[];
  /** The answer that stands beside the question file. */
  readonly answer?: {
    readonly run: string;
    readonly outcome: OutcomeKind;
    readonly prediction: QuestionPrediction;
  };
}

export interface VolumeQuestions {
  /** At most {@link mostQuestions}. */
  readonly questions: readonly VolumeQuestion[];
  /** How many more there are. */
  readonly more: number;
  /** How many files were looked through. */
  readonly searched: number;
  /** Files of which something could not be read, and why. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Nobody reads more of them in a panel. */
export const mostQuestions = 100;

interface FoundLine {
  readonly line: number;
  readonly record: McqRecord;
}

/**
 * The questions on a volume with the answers that stand beside their files, file by file in the
 * order given. Files are read as a stream, and only lines that name the volume are parsed. What
 * cannot be read is a problem told, no failure.
 *
 * @throws CancelledError
 */
export async function findVolumeQuestions(
  { path, files }: VolumeQuestionsRequest,
  work: LongWork = {},
): Promise<VolumeQuestions> {
  const questions: VolumeQuestion[] = [];
  const problems: { path: string; message: string }[] = [];
  let more = 0;
  for (const file of files) {
    const attempt = <T>(read: () => Promise<T>, otherwise: T): Promise<T> =>
      read().catch((error: unknown) => {
        if (!(error instanceof UserError)) {
          throw error;
        }
        problems.push({ path: file.path, message: error.message });
        return otherwise;
      });
    const sideFile = await attempt(() => readSideFile(file.path), undefined);
    const lines = await attempt(() => linesOn(path, file, sideFile, work), []);
    const room = mostQuestions - questions.length;
    more += Math.max(0, lines.length - room);
    const shown = lines.slice(0, room);
    if (shown.length > 0) {
      const reports = await attempt(() => reportsFor(shown, file.path, sideFile, work), undefined);
      const answers = await attempt(() => answersTo(shown, file.path, work), undefined);
      questions.push(...shown.map((each) => asQuestion(each, file.path, reports, answers)));
    }
  }
  return { questions, more, searched: files.length, problems };
}

/** The questions of a file that are on the volume. */
async function linesOn(
  volume: string,
  { path, imageRoots }: SearchedQuestionFile,
  sideFile: DatasetSideFile | undefined,
  { signal, onProgress }: LongWork,
): Promise<FoundLine[]> {
  const stem = volumeStem(volume).toLowerCase();
  const named = new RegExp(escapePattern(stem), 'i');
  const isOnVolume = async ({ image_path: written }: McqRecord): Promise<boolean> => {
    if (volumeStem(written).toLowerCase() !== stem) {
      return false;
    }
    // CT-RATE's names tell volumes apart wherever they are; of others the place counts.
    if (parseVolumeName(stem) !== undefined) {
      return true;
    }
    const place = await resolveImagePath(written, path, sideFile, imageRoots);
    return place !== undefined && isSamePath(place, volume);
  };
  const found: FoundLine[] = [];
  const onBytes = (done: number, total: number): void => {
    onProgress?.({ stage: 'Reading questions', done, total });
  };
  for await (const lines of readLineBatches(path, { onBytes, ...(signal && { signal }) })) {
    for (const { text, line } of lines) {
      const record = named.test(text) ? soundRecord(new JsonLine(text)) : undefined;
      if (record !== undefined && (await isOnVolume(record))) {
        found.push({ line: line + 1, record });
      }
    }
  }
  return found;
}

/** As much of the reports table as the options of these questions refer to. */
async function reportsFor(
  lines: readonly FoundLine[],
  datasetPath: string,
  sideFile: DatasetSideFile | undefined,
  work: LongWork,
): Promise<ReportTable | undefined> {
  const refs = lines.flatMap(({ record }) =>
    record.options.flatMap(({ text, ref }) =>
      text === undefined && ref !== undefined ? [ref] : [],
    ),
  );
  if (sideFile?.reports === undefined || refs.length === 0) {
    return undefined;
  }
  const rowsIn = async (table: string) =>
    new Map(
      (await findRows(besideSideFile(datasetPath, table), refs, work)).map(
        (row) => [row.cell('volume'), row] as const,
      ),
    );
  const reports = withVolumeNames(mapped(await rowsIn(sideFile.reports), reportOfRow));
  const needsLabels = [sideFile.mode, ...lines.map(({ record }) => record.mode)].includes(
    'keywords',
  );
  if (sideFile.labels === undefined || !needsLabels) {
    return reportTableOf(reports, undefined, sideFile);
  }
  const labelled = await rowsIn(sideFile.labels);
  const table = besideSideFile(datasetPath, sideFile.labels);
  const sample = [...labelled.values(), ...(await firstRows(table))];
  const labels = withVolumeNames(mapped(labelled, (row) => labelsOfRow(row, sample)));
  return reportTableOf(reports, labels, sideFile);
}

function mapped<K, V, T>(map: ReadonlyMap<K, V>, make: (value: V) => T): Map<K, T> {
  return new Map([...map].map(([key, value]) => [key, make(value)]));
}

async function answersTo(
  lines: readonly FoundLine[],
  datasetPath: string,
  { signal }: LongWork,
): Promise<Predictions | undefined> {
  const path = predictionsPath(datasetPath);
  const ids = new Set(lines.map(({ record, line }) => questionId(record, line)));
  return (await isFile(path)) ? readPredictions(path, ids, signal) : undefined;
}

function asQuestion(
  { record, line }: FoundLine,
  file: string,
  reports: ReportTable | undefined,
  answers: Predictions | undefined,
): VolumeQuestion {
  const id = questionId(record, line);
  const texts = record.options.map(
    ({ text, ref }) => text ?? (ref === undefined ? undefined : reports?.textOf(ref, record)),
  );
  const prediction = answers?.rows.find((row) => row.id === id);
  return {
    file,
    line,
    id,
    record,
    texts,
    ...(prediction &&
      answers && {
        answer: {
          run: answers.header.run,
          outcome: outcomeKind(record, texts, prediction),
          prediction,
        },
      }),
  };
}
