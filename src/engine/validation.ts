import type { LongWork } from '../core/progress';
import type { ValidationScore, ValidationStep } from '../core/run';
import type { Parameters } from '../networks';
import type { TrainingPosition, ValidationRecord } from './checkpoint';
import { Embedder } from './embedder';
import { answerQuestions, lossAndAccuracy } from './questions';
import { lossNotFinite } from './trainingFailures';
import type { TrainingPlan } from './trainingPlan';

/** How these weights do on the validation questions, after the epoch that the position is in. */
export async function validate(
  plan: TrainingPlan,
  weights: Parameters,
  { step, epoch }: TrainingPosition,
  work: LongWork,
): Promise<ValidationStep> {
  const { preset, provider, validQuestions, encoder, store } = plan;
  const embedder = new Embedder(preset, weights, provider);
  try {
    const logits = await answerQuestions({ embedder, encoder, store }, validQuestions, {
      signal: work.signal,
    });
    if (!logits.flat().every(Number.isFinite)) {
      throw lossNotFinite(step, 'the answers to the validation questions are no numbers');
    }
    const truths = validQuestions.map(({ truth }) => truth);
    return {
      step,
      epoch: epoch + 1,
      epochs: preset.training.epochs,
      questions: validQuestions.length,
      ...lossAndAccuracy(logits, truths),
    };
  } finally {
    await embedder.dispose();
  }
}

/** The record with one more validation. */
export function withValidation(
  record: ValidationRecord | undefined,
  { step, epoch, loss, accuracy }: ValidationStep,
): ValidationRecord {
  const last = { step, epoch, loss, accuracy };
  return record === undefined || isBetter(last, record.best)
    ? { best: last, last, sinceBest: 0 }
    : { best: record.best, last, sinceBest: record.sinceBest + 1 };
}

/** Accuracy counts; on few questions it is often equal, and then the loss does. */
function isBetter(one: ValidationScore, other: ValidationScore): boolean {
  return (
    one.accuracy > other.accuracy || (one.accuracy === other.accuracy && one.loss < other.loss)
  );
}

/** Whether so many validations without a better score end the training. */
export function isOutOfPatience(
  record: ValidationRecord | undefined,
  patience: number | undefined,
): boolean {
  return record !== undefined && patience !== undefined && record.sinceBest >= patience;
}
