import { predictionsPath, writePredictions } from '../core/dataset/predictions';
import { optionModes, questionPatient } from '../core/dataset/record';
import { throwIfCancelled, UserError } from '../core/errors';
import { auroc } from '../core/metrics/auroc';
import { clusteredInterval, mean, recallCredit, reciprocalRank } from '../core/metrics/ranking';
import type { LongWork } from '../core/progress';
import type {
  EvaluateAnswer,
  EvaluateOptions,
  EvaluateResult,
  FindingResult,
  FindingsResult,
  ModeResult,
  RunDescription,
} from '../core/run';
import { findingsOf } from '../networks';
import type { Answer } from './matcher';
import { modeOf } from './modelQuestions';
import { prediction, predictionHeader } from './predictionFile';
import { answersTo, lookUpRescale, neededVolumes, readAnsweredQuestions } from './questions';
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
    const { preset } = run.description;
    const { questions, dataset } = await readAnsweredQuestions(
      options.dataset,
      preset,
      work,
      options,
    );
    await lookUpRescale(run.store, { dataset }, options, work);
    const measured = await evaluate(run, questions, work);
    const { logits } = measured;
    const seen = seenIn(run.description, dataset.hash);
    const result = { ...measured.result, ...(seen && { seen_in: seen }) };
    const rows = questions.map((question, i) => prediction(question, logits[i]));
    throwIfCancelled(work.signal);
    await writePredictions(path, predictionHeader(run, options.dataset), rows);
    return { result, predictions: path };
  } finally {
    await run.dispose();
  }
}

/** What a run has used a file of this content for. */
function seenIn({ dataset, valid }: RunDescription, hash: string): EvaluateResult['seen_in'] {
  if (dataset.hash === hash) {
    return 'training';
  }
  return valid?.hash === hash ? 'validation' : undefined;
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
  const answers = await answersTo(run, questions, work);
  const logits = answers.map((answer) => answer.logits);
  if (!logits.flat().every(Number.isFinite)) {
    throw new UserError(
      'answers-not-finite',
      `The model of ${run.folder.path} gives answers that are no numbers: its training diverged.`,
      'Train it again with a lower learning rate.',
    );
  }
  const recallAt = (k: number, rows: readonly (readonly number[])[]): number[] =>
    questions.map(({ truth }, i) => recallCredit(rows[i], truth, k));

  const right = recallAt(1, logits);
  const mostOptions = Math.max(...questions.map(({ texts }) => texts.length));
  const depths = recallDepths.filter((k) => k === 1 || k < mostOptions);
  const textLogits = questions.map(({ texts }) =>
    texts.map((text) => textOnlyLogit(textOnly, run.encoder.encode(text))),
  );
  const findings = findingsResult(findingsOf(run.description.preset), questions, answers);
  const result: EvaluateResult = {
    ...topOne(questions, right),
    top1_ci_method: intervalMethod,
    recall: Object.fromEntries(depths.map((k) => [String(k), mean(recallAt(k, logits))])),
    mrr: mean(questions.map(({ truth }, i) => reciprocalRank(logits[i], truth))),
    text_only_top1: mean(recallAt(1, textLogits)),
    text_only_method: textOnlyMethod,
    by_mode: byMode(questions, right),
    ...(findings && { findings }),
  };
  return { result, logits };
}

/** @param right 1 for a question answered right, by question; ties share */
function topOne(questions: readonly AnsweredQuestion[], right: readonly number[]): ModeResult {
  const patients = questions.map(({ record }) => questionPatient(record));
  return {
    questions: questions.length,
    top1: mean(right),
    top1_ci: clusteredInterval(right, patients),
    chance: mean(questions.map(({ texts }) => 1 / texts.length)),
  };
}

function byMode(
  questions: readonly AnsweredQuestion[],
  right: readonly number[],
): EvaluateResult['by_mode'] {
  return Object.fromEntries(
    optionModes.flatMap((mode) => {
      const own = [...questions.keys()].filter((index) => modeOf(questions[index]) === mode);
      const result = (): ModeResult =>
        topOne(
          own.map((index) => questions[index]),
          own.map((index) => right[index]),
        );
      return own.length === 0 ? [] : [[mode, result()]];
    }),
  );
}

/** AUROC of each finding over the distinct volumes whose label is known; undefined where none is. */
function findingsResult(
  names: readonly string[],
  questions: readonly AnsweredQuestion[],
  answers: readonly Answer[],
): FindingsResult | undefined {
  const byVolume = new Map(questions.map(({ imagePath }, index) => [imagePath, index]));
  const volumes = [...byVolume.values()];
  const results = names.map((name, finding): [string, FindingResult] => {
    const known = volumes.filter((index) => (questions[index].findings?.[finding] ?? -1) >= 0);
    const labels = known.map((index) => (questions[index].findings?.[finding] === 1 ? 1 : 0));
    const scores = known.map((index) => answers[index].findings?.[finding] ?? NaN);
    const positive = labels.filter((label) => label === 1).length;
    const negative = labels.length - positive;
    return [name, { auroc: auroc(scores, labels) ?? null, positive, negative }];
  });
  const defined = results.flatMap(([, result]) => result.auroc ?? []);
  return defined.length === 0
    ? undefined
    : { mean_auroc: mean(defined), auroc: Object.fromEntries(results) };
}
