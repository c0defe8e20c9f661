import { predictionsPath, writePredictions } from '../core/dataset/predictions';
import { patientOf } from '../core/dataset/volumeName';
import { throwIfCancelled } from '../core/errors';
import { clusteredInterval, mean, recallCredit, reciprocalRank } from '../core/metrics/ranking';
import type { LongWork } from '../core/progress';
import type { EvaluateAnswer, EvaluateOptions, EvaluateResult } from '../core/run';
import { prediction, predictionHeader } from './predictionFile';
import { answerQuestions, neededVolumes, readAnsweredQuestions } from './questions';
import type { AnsweredQuestion } from './questions';
import { openRun } from './run';
import type { Run } from './run';
import { loadTextOnly, textOnlyLogit, textOnlyMethod } from './textOnly';

/** The k of Recall@k; those that every question passes are left out. */
const recallDepths = [1, 2, 3, 5, 10];

const intervalMethod =
  '95 % percentile bootstrap over patients (2000 resamples; Wilson where all patients are alike)';

/** Measures a run on a data set and writes the answers into a predictions file. */
export async function evaluateFile(
  options: EvaluateOptions,
  work: LongWork,
): Promise<EvaluateAnswer> {
  const run = await openRun(options.run, options);
  const path = options.predictions ?? predictionsPath(options.dataset);
  try {
    const { questions } = await readAnsweredQuestions(options.dataset, work, options);
    const { result, logits } = await evaluate(run, questions, work);
    const rows = questions.map((question, i) => prediction(question, logits[i]));
    throwIfCancelled(work.signal);
    await writePredictions(path, predictionHeader(run, options.dataset), rows);
    return { result, predictions: path };
  } finally {
    await run.dispose();
  }
}

/** Answers the questions, and how good the answers are. */
export async function evaluate(
  run: Run,
  questions: readonly AnsweredQuestion[],
  work: LongWork,
): Promise<{ readonly result: EvaluateResult; readonly logits: readonly number[][] }> {
  const textOnly = await loadTextOnly(run.folder.textOnly);
  await run.encoder.prepare(
    questions.flatMap(({ texts }) => texts),
    work,
  );
  await run.store.prepare(neededVolumes(questions), work);
  const logits = await answerQuestions(run, questions, work);
  const recallAt = (k: number, rows: readonly (readonly number[])[]): number[] =>
    questions.map(({ truth }, i) => recallCredit(rows[i], truth, k));

  const right = recallAt(1, logits);
  const patients = questions.map(({ imagePath }) => patientOf(imagePath));
  const mostOptions = Math.max(...questions.map(({ texts }) => texts.length));
  const depths = recallDepths.filter((k) => k === 1 || k < mostOptions);
  const textLogits = questions.map(({ texts }) =>
    texts.map((text) => textOnlyLogit(textOnly, run.encoder.encode(text))),
  );
  const result: EvaluateResult = {
    questions: questions.length,
    top1: mean(right),
    top1_ci: clusteredInterval(right, patients),
    top1_ci_method: intervalMethod,
    chance: mean(questions.map(({ texts }) => 1 / texts.length)),
    recall: Object.fromEntries(depths.map((k) => [String(k), mean(recallAt(k, logits))])),
    mrr: mean(questions.map(({ truth }, i) => reciprocalRank(logits[i], truth))),
    text_only_top1: mean(recallAt(1, textLogits)),
    text_only_method: textOnlyMethod,
  };
  return { result, logits };
}
