import type { LongWork } from '../core/progress';
import { BatchLoader } from './batchLoader';
import { Embedder } from './embedder';
import type { Vectors } from './embedder';
import { epochBatches } from './questionOrder';
import type { AnsweredQuestion } from './questions';
import { fillArrays } from './stepFeeds';
import type { TrainingPlan } from './trainingPlan';
import { TrainingRunner } from './trainingRunner';
import type { StepResult } from './trainingRunner';

/** What the batches of one optimiser step gave. */
export interface StepNumbers {
  /** Mean over the batches. */
  readonly loss: number;
  /** [questions, K], batch after batch. */
  readonly logits: Float32Array;
  readonly gradientNorm?: number;
  /** Time spent waiting for volumes. */
  readonly waitSeconds: number;
  /** What is wrong, where the numbers are not sound; then nothing was learnt of the step. */
  readonly bad?: string;
}

/** The questions of one optimiser step, batch after batch. */
export type StepQuestions = readonly AnsweredQuestion[];

/** Takes optimiser steps: brings the data of its batches to the runner. */
export class TrainingSteps {
  private readonly loader: BatchLoader;

  private constructor(
    private readonly plan: TrainingPlan,
    readonly runner: TrainingRunner,
    /** Ready-made text states where the text tower is frozen; else empty. */
    private readonly features: Vectors,
    signal: AbortSignal | undefined,
  ) {
    const { augmentation } = plan.preset.training;
    this.loader = new BatchLoader({
      store: plan.store,
      seed: plan.description.seed,
      ...(augmentation && { augmentation }),
      ...(signal && { signal }),
    });
  }

  static async prepare(plan: TrainingPlan, work: LongWork): Promise<TrainingSteps> {
    const { preset, provider, description, start } = plan;
    const features: Vectors =
      preset.text.learning === 'cached' ? await frozenFeatures(plan, work) : new Map();
    const { batch } = preset.training;
    const { tokens } = description;
    const runner = await TrainingRunner.create({ preset, provider, batch, tokens }, start);
    return new TrainingSteps(plan, runner, features, work.signal);
  }

  /** The steps of an epoch (from 1 on); begins to load those from step `from` (from 0 on). */
  epoch(epoch: number, from: number): readonly StepQuestions[] {
    const { preset, questions, description } = this.plan;
    const { batch, accumulate = 1 } = preset.training;
    const counts = questions.map(({ texts }) => texts.length);
    const steps = epochBatches(counts, batch * accumulate, description.seed, epoch).map((chosen) =>
      chosen.map((question) => questions[question]),
    );
    this.loader.start(
      epoch,
      steps.slice(from).flatMap((step) => batchesOf(step, batch)),
    );
    return steps;
  }

  /** One optimiser step: all batches but the last are gathered, the last one updates. */
  async take(questions: StepQuestions, step: number, learningRate: number): Promise<StepNumbers> {
    const { preset, encoder, description } = this.plan;
    const { batch, accumulate = 1 } = preset.training;
    const { loader: volumes, features, runner } = this;
    const sources = { volumes, encoder, tokens: description.tokens, features };
    const optionCount = questions[0].texts.length;
    const arrays = await runner.arrays(optionCount);
    const results: StepResult[] = [];
    const waitedBefore = volumes.waitedSeconds;
    for (const [position, own] of batchesOf(questions, batch).entries()) {
      await fillArrays(arrays, own, sources);
      const result =
        position + 1 < accumulate
          ? await runner.gather(optionCount, position)
          : await runner.step(optionCount, step, learningRate);
      results.push(result);
      if (!result.isSound) {
        break;
      }
    }
    return numbersOf(results, volumes.waitedSeconds - waitedBefore);
  }

  async dispose(): Promise<void> {
    await this.runner.dispose();
  }
}

function batchesOf(questions: StepQuestions, batch: number): readonly StepQuestions[] {
  return Array.from({ length: questions.length / batch }, (_, part) =>
    questions.slice(part * batch, (part + 1) * batch),
  );
}

function numbersOf(results: readonly StepResult[], waitSeconds: number): StepNumbers {
  const last = results[results.length - 1];
  const bad = Number.isFinite(last.loss)
    ? `the norm of the gradients became ${last.gradientNorm}`
    : `the loss became ${last.loss}`;
  return {
    loss: results.reduce((sum, { loss }) => sum + loss, 0) / results.length,
    logits: Float32Array.from(results.flatMap(({ logits }) => [...logits])),
    ...(last.gradientNorm !== undefined && { gradientNorm: last.gradientNorm }),
    waitSeconds,
    ...(!last.isSound && { bad }),
  };
}

/** The states of all texts under the frozen text tower. */
async function frozenFeatures(plan: TrainingPlan, work: LongWork): Promise<Vectors> {
  const { preset, start, provider, questions, encoder } = plan;
  const embedder = new Embedder(preset, start.weights, provider);
  try {
    return await embedder.textFeatures(
      questions.flatMap(({ texts }) => texts),
      encoder,
      { signal: work.signal, onProgress: work.onProgress },
    );
  } finally {
    await embedder.dispose();
  }
}
