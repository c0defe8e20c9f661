import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { UserError } from '../errors';
import type { LongWork } from '../progress';
import { ImageResolver } from './imagePaths';
import { parseLine } from './jsonl';
import type { ParsedLine } from './jsonl';
import { readLineBatches } from './lines';
import { QuestionLine, QuestionSurroundings } from './lint/questionLine';
import { formatMessage } from './lint/rule';
import { lineRules } from './lint/rules';
import { questionHash } from './predictions';
import { questionId } from './record';
import type { DatasetSideFile, McqRecord } from './record';
import { LazyReportTable } from './reportTable';
import type { ReportTable } from './reportTable';
import { readSideFile } from './sideFile';

export { resolveImagePath } from './imagePaths';
export { readSideFile, sideFilePath } from './sideFile';

/** A question file in memory, references and paths resolved. */
export interface Dataset {
  /** Absolute. */
  readonly path: string;
  readonly sideFile?: DatasetSideFile;
  readonly questions: readonly DatasetQuestion[];
  /** SHA-256 over ids, images, texts and labels of all questions: changes with any change that matters. */
  readonly hash: string;
}

export interface DatasetQuestion {
  readonly id: string;
  /** 1-based. */
  readonly line: number;
  /** Absolute; where the image is expected if it is nowhere (see {@link imageFound}). */
  readonly imagePath: string;
  readonly imageFound: boolean;
  /** One an option, references resolved, in the record's order. */
  readonly texts: readonly string[];
  /** Index of the option labelled 1; null where there is not exactly one. */
  readonly truth: number | null;
  readonly record: McqRecord;
  /** See {@link questionHash}. */
  readonly hash: string;
}

export interface ReadDatasetOptions {
  /** Folders to look for images in, beside the side file's own. */
  readonly imageRoots?: readonly string[];
}

/**
 * Reads a question file piece by piece. Images that are missing are no error here: text alone may be
 * wanted, and the reader of volumes says it better.
 *
 * @throws UserError `dataset-invalid` naming the line, `side-file-invalid`, `file-unreadable`, or
 *   those of the reports table; CancelledError.
 */
export async function readDataset(
  path: string,
  work: LongWork = {},
  options: ReadDatasetOptions = {},
): Promise<Dataset> {
  const absolute = resolve(path);
  const sideFile = await readSideFile(absolute);
  const tables = new LazyReportTable(absolute, sideFile, work);
  const images = new ImageResolver(absolute, sideFile, options.imageRoots);
  const questions: DatasetQuestion[] = [];
  const lineOfId = new Map<string, number>();
  const hash = createHash('sha256');
  const onBytes = (done: number, total: number): void => {
    work.onProgress?.({ stage: 'Reading questions', done, total });
  };
  const reading = { onBytes, ...(work.signal && { signal: work.signal }) };
  for await (const batch of readLineBatches(absolute, reading)) {
    const lines = batch.map(parseLine).filter(({ json }) => !json.isBlank);
    await tables.loadFor(lines);
    const batchQuestions = await Promise.all(
      lines.map((line) => asQuestion(line, absolute, tables.loaded, images)),
    );
    for (const question of batchQuestions) {
      const { id, line, hash: content, truth } = question;
      const first = lineOfId.get(id);
      if (first !== undefined) {
        throw invalid(absolute, line, `The id "${id}" stands on line ${first} already.`);
      }
      lineOfId.set(id, line);
      hash.update(JSON.stringify([id, content, truth]));
      questions.push(question);
    }
  }
  if (questions.length === 0) {
    throw new UserError(
      'dataset-empty',
      `${basename(absolute)} holds no question.`,
      'Choose another file, or build one with `ct-mcqa build`.',
    );
  }
  return { path: absolute, ...(sideFile && { sideFile }), questions, hash: hash.digest('hex') };
}

async function asQuestion(
  line: ParsedLine,
  path: string,
  reports: ReportTable | undefined,
  images: ImageResolver,
): Promise<DatasetQuestion> {
  const record = usableRecord(line, path, reports);
  const texts = record.options.map(({ text, ref }, index) => {
    const found = text ?? (ref === undefined ? undefined : reports?.textOf(ref, record));
    if (found === undefined) {
      throw invalid(
        path,
        line.line + 1,
        `The report "${ref ?? ''}" of option ${index + 1} is not in the reports table.`,
      );
    }
    return found;
  });
  const truths = record.options.flatMap(({ label }, index) => (label === 1 ? [index] : []));
  const imagePath = await images.resolve(record.image_path);
  return {
    id: questionId(record, line.line + 1),
    line: line.line + 1,
    imagePath: imagePath ?? images.expected(record.image_path),
    imageFound: imagePath !== undefined,
    texts,
    truth: truths.length === 1 ? truths[0] : null,
    record,
    hash: questionHash(record.image_path, texts),
  };
}

const blockingRules = lineRules.filter(({ blocksReading }) => blocksReading);

/** The record of a line, if it breaks no rule that readers depend on. */
function usableRecord(line: ParsedLine, path: string, reports: ReportTable | undefined): McqRecord {
  const question = new QuestionLine(line.json, new QuestionSurroundings(() => reports));
  for (const rule of blockingRules) {
    rule.checkLine(question, (_place, values = {}) => {
      throw invalid(path, line.line + 1, formatMessage(rule.template, values));
    });
  }
  if (line.record === undefined) {
    throw invalid(path, line.line + 1, 'The line is not a question.');
  }
  return line.record;
}

function invalid(path: string, line: number, message: string): UserError {
  return new UserError(
    'dataset-invalid',
    `${basename(path)}, line ${line}: ${message}`,
    'Run `ct-mcqa lint` (or open the file in the editor) to see everything that is wrong with it.',
  );
}
