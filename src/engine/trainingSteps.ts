import type { LongWork } from '../core/progress';
import { BatchLoader } from './batchLoader';
import { Embedder } from './embedder';
import type { Vectors } from './embedder';
import { withMinedOptions } from './hardNegatives';
import type { MinedOptions } from './hardNegatives';
import { epochBatches } from './questionOrder';
import type { AnsweredQuestion } from './questions';
import type { StepArrays } from './stepData';
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
  /** True where the gradients overflowed in mixed precision: nothing was learnt, and nothing is wrong. */
  readonly hasOverflowed: boolean;
  /** What the loss of the next step is multiplied by; in mixed precision. */
  readonly lossScale?: number;
}

/** Which questions one optimiser step takes, batch after batch. */
export type StepIndices = readonly number[];
export type StepQuestions = readonly AnsweredQuestion[];

/** Takes optimiser steps: brings the data of its batches to the runner. */
export class TrainingSteps {
  private readonly loader: BatchLoader;
  /** As the file has them, or with mined distractors. */
  private questions: readonly AnsweredQuestion[];

  private constructor(
    private readonly plan: TrainingPlan,
    readonly runner: TrainingRunner,
    /** Ready-made text states where the text tower is frozen; else empty. */
    private readonly features: Vectors,
    signal: AbortSignal | undefined,
  ) {
    const { augmentation } = plan.preset.training;
    const { mined } = plan.start;
    this.questions = mined ? withMinedOptions(plan.questions, mined.options) : plan.questions;
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

  /**
   * Mined distractors take the place of those of the file, or of those mined before. `loadAhead` is
   * to follow: what was loaded ahead may be another now.
   */
  useMined(options: MinedOptions): void {
    this.questions = withMinedOptions(this.plan.questions, options);
  }

  /** The steps of an epoch (from 1 on). */
  epoch(epoch: number): readonly StepIndices[] {
    const { preset, questions, description } = this.plan;
    const { batch, accumulate = 1 } = preset.training;
    const counts = questions.map(({ texts }) => texts.length);
    return epochBatches(counts, batch * accumulate, description.seed, epoch);
  }

  /** Begins to load the batches of an epoch from step `from` (from 0 on). */
  loadAhead(epoch: number, from: number): void {
    const { batch } = this.plan.preset.training;
    const coming = this.epoch(epoch).slice(from);
    this.loader.start(
      epoch,
      coming.flatMap((step) => batchesOf(this.questionsOf(step), batch)),
    );
  }

  private questionsOf(step: StepIndices): StepQuestions {
    return step.map((question) => this.questions[question]);
  }

  /**
   * The questions of the steps from `from` on that one run can take: of equally many options, no
   * more steps than `most`.
   */
  together(steps: readonly StepIndices[], from: number, most = Infinity): StepQuestions[] {
    const next = steps
      .slice(from, from + Math.min(most, this.runner.stepsPerRun))
      .map((step) => this.questionsOf(step));
    const other = next.findIndex(([{ texts }]) => texts.length !== next[0][0].texts.length);
    return other < 0 ? next : next.slice(0, other);
  }

  /**
   * Optimiser steps `first`, `first + 1`, ... with their learning rates. The last of the results may
   * be bad; then the steps after it were not taken.
   */
  async take(
    steps: readonly StepQuestions[],
    first: number,
    learningRates: readonly number[],
  ): Promise<StepNumbers[]> {
    const { accumulate = 1 } = this.plan.preset.training;
    if (accumulate > 1) {
      return [await this.takeGathered(steps[0], first, learningRates[0])];
    }
    const optionCount = steps[0][0].texts.length;
    const waitedBefore = this.loader.waitedSeconds;
    for (const [part, questions] of steps.entries()) {
      await this.fill(await this.runner.arrays(optionCount, part), questions);
    }
    const waitSeconds = (this.loader.waitedSeconds - waitedBefore) / steps.length;
    const results = await this.runner.steps(optionCount, first, learningRates);
    return results.map((result) => this.numbersOf([result], waitSeconds));
  }

  /** One optimiser step of several batches: all but the last are gathered, the last one updates. */
  private async takeGathered(
    questions: StepQuestions,
    step: number,
    learningRate: number,
  ): Promise<StepNumbers> {
    const { batch } = this.plan.preset.training;
    const batches = batchesOf(questions, batch);
    const optionCount = questions[0].texts.length;
    const arrays = await this.runner.arrays(optionCount);
    const results: StepResult[] = [];
    const waitedBefore = this.loader.waitedSeconds;
    for (const [position, own] of batches.entries()) {
      await this.fill(arrays, own);
      const result =
        position + 1 < batches.length
          ? await this.runner.gather(optionCount, position)
          : await this.runner.step(optionCount, step, learningRate);
      results.push(result);
      if (!result.isSound) {
        break;
      }
    }
    return this.numbersOf(results, this.loader.waitedSeconds - waitedBefore);
  }

  private numbersOf(results: readonly StepResult[], waitSeconds: number): StepNumbers {
    const last = results[results.length - 1];
    const { gradientNorm, isSound, hasOverflowed } = last;
    const { lossScale } = this.runner;
    return {
      loss: results.reduce((sum, { loss }) => sum + loss, 0) / results.length,
      logits: Float32Array.from(results.flatMap(({ logits }) => [...logits])),
      ...(gradientNorm !== undefined && { gradientNorm }),
      waitSeconds,
      ...(!isSound && !hasOverflowed && { bad: whatIsBad(last) }),
      hasOverflowed,
      ...(lossScale !== undefined && { lossScale }),
    };
  }

  private async fill(arrays: StepArrays, questions: StepQuestions): Promise<void> {
    const { loader: volumes, features } = this;
    const { encoder, description } = this.plan;
    await fillArrays(arrays, questions, {
      volumes,
      encoder,
      tokens: description.tokens,
      features,
    });
  }

  async dispose(): Promise<void> {
    this.loader.stop();
    await this.runner.dispose();
  }
}

function batchesOf(questions: StepQuestions, batch: number): readonly StepQuestions[] {
  return Array.from({ length: questions.length / batch }, (_, part) =>
    questions.slice(part * batch, (part + 1) * batch),
  );
}

/** What is wrong with a step that is not sound. */
function whatIsBad({ loss, gradientNorm }: StepResult): string {
  return Number.isFinite(loss)
    ? `the norm of the gradients became ${gradientNorm}`
    : `the loss became ${loss}`;
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
