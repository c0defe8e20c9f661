import { basename } from 'node:path';
import type { PredictionHeader, QuestionPrediction } from '../core/dataset/prediction';
import { readPredictions, writePredictions } from '../core/dataset/predictions';
import type { DatasetQuestion } from '../core/dataset/readDataset';
import { predictedOption, softmax } from '../core/metrics/ranking';
import type { Run } from './run';

/** The first line of a predictions file of this run. */
export function predictionHeader(run: Run, dataset: string): PredictionHeader {
  return {
    kind: 'ct-mcqa-predictions',
    version: 1,
    run: run.folder.name,
    dataset: basename(dataset),
    model_hash: run.modelHash,
    preprocessing: run.description.preprocessing,
    text: run.description.text,
    created: new Date().toISOString(),
  };
}

export function prediction(
  { id, hash, truth }: DatasetQuestion,
  logits: readonly number[],
): QuestionPrediction {
  return {
    id,
    question_hash: hash,
    logits,
    probabilities: softmax(logits),
    predicted: predictedOption(logits),
    truth,
  };
}

/**
 * Adds answers to a predictions file. What other weights, preprocessing or texts made is dropped:
 * one file holds the answers of one model.
 */
export async function mergePredictions(
  path: string,
  header: PredictionHeader,
  fresh: readonly QuestionPrediction[],
): Promise<void> {
  const old = await readPredictions(path).catch(() => undefined);
  const isSameModel =
    old?.header.model_hash === header.model_hash &&
    old.header.preprocessing === header.preprocessing &&
    old.header.text === header.text &&
    old.header.dataset === header.dataset;
  const answered = new Set(fresh.map(({ id }) => id));
  const kept = isSameModel ? old.rows.filter(({ id }) => !answered.has(id)) : [];
  await writePredictions(path, header, [...kept, ...fresh]);
}
