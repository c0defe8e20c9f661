import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { UserError, messageOf } from '../errors';
import { writeFileAtomically } from '../storage/atomicFile';
import { readLineBatches } from './lines';
import type { PredictionHeader, QuestionPrediction } from './prediction';

/** A predictions file in memory. */
export interface Predictions {
  readonly path: string;
  readonly header: PredictionHeader;
  readonly rows: readonly QuestionPrediction[];
}

/**
 * What a prediction depends on in a question: the image path as it is written in the record (so that
 * another machine gets the same hash) and the option texts in their order. 32 hexadecimal digits.
 */
export function questionHash(imagePath: string, texts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([imagePath, ...texts]))
    .digest('hex')
    .slice(0, 32);
}

/** `name.predictions.jsonl` for `name.mcqa.jsonl`. */
export function predictionsPath(datasetPath: string): string {
  return `${datasetPath.replace(/(\.mcqa)?\.jsonl$/i, '')}.predictions.jsonl`;
}

/** Writes the file whole or not at all. */
export async function writePredictions(
  path: string,
  header: PredictionHeader,
  rows: readonly QuestionPrediction[],
): Promise<void> {
  await writeFileAtomically(path, async (file) => {
    const linesAWrite = 1000;
    await file.appendFile(`${JSON.stringify(header)}\n`);
    for (let start = 0; start < rows.length; start += linesAWrite) {
      const lines = rows.slice(start, start + linesAWrite).map((row) => `${JSON.stringify(row)}\n`);
      await file.appendFile(lines.join(''));
    }
  });
}

/**
 * Reads a predictions file.
 *
 * @param wanted ids of the questions whose rows are kept; all where it is absent
 * @throws UserError `predictions-invalid` with the line number, or those of {@link readLineBatches};
 *   CancelledError.
 */
export async function readPredictions(
  path: string,
  wanted?: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Predictions> {
  let header: PredictionHeader | undefined;
  const rows: QuestionPrediction[] = [];
  for await (const batch of readLineBatches(path, { ...(signal && { signal }) })) {
    for (const { line, text } of batch) {
      if (text.trim() === '') {
        continue;
      }
      const value = parseObject(path, line, text);
      if (header === undefined) {
        header = asHeader(path, line, value);
      } else if (wanted?.has(String(value.id)) ?? true) {
        rows.push(asPrediction(path, line, value));
      }
    }
  }
  if (header === undefined) {
    throw invalid(path, 0, 'the file is empty');
  }
  return { path, header, rows };
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseObject(path: string, line: number, text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(path, line, messageOf(error), error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, line, 'it must hold an object');
  }
  return value as JsonObject;
}

const headerTexts = ['run', 'dataset', 'model_hash', 'preprocessing', 'text', 'created'];

function asHeader(path: string, line: number, value: JsonObject): PredictionHeader {
  if (value.kind !== 'ct-mcqa-predictions' || value.version !== 1) {
    throw invalid(path, line, 'it is not the header of a predictions file of version 1');
  }
  const missing = headerTexts.filter((name) => typeof value[name] !== 'string');
  if (missing.length > 0) {
    throw invalid(path, line, `the header has no ${missing.join(', ')}`);
  }
  return value as unknown as PredictionHeader;
}

function asPrediction(path: string, line: number, value: JsonObject): QuestionPrediction {
  const { id, question_hash: hash, logits, probabilities, predicted, truth } = value;
  const options = Array.isArray(logits) ? logits.length : 0;
  const isOption = (index: unknown): boolean =>
    Number.isInteger(index) && Number(index) >= 0 && Number(index) < options;
  const problem =
    typeof id !== 'string' || typeof hash !== 'string'
      ? 'id and question_hash must be texts'
      : !isNumbers(logits) || !isNumbers(probabilities) || probabilities.length !== options
        ? 'logits and probabilities must be lists of as many numbers'
        : !isOption(predicted) || !(truth === null || isOption(truth))
          ? 'predicted and truth must be indices of options'
          : undefined;
  if (problem !== undefined) {
    throw invalid(path, line, problem);
  }
  return value as unknown as QuestionPrediction;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'number');
}

function invalid(path: string, line: number, reason: string, cause?: unknown): UserError {
  return new UserError(
    'predictions-invalid',
    `${basename(path)}, line ${line + 1}: not a prediction: ${reason}.`,
    'Score the data set again; the file was changed or cut.',
    cause,
  );
}
