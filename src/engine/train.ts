import { throwIfCancelled } from '../core/errors';
import { savingStage, trainingStage, yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import type {
  SkippedStep,
  TrainOptions,
  TrainResult,
  TrainStep,
  ValidationStep,
} from '../core/run';
import { batchTooLarge, isOutOfMemory, stepRuns } from './batchThatFits';
import { BatchLoader } from './batchLoader';
import type { TrainingPosition } from './checkpoint';
import { scoringWeights } from './deviceState';
import { Embedder } from './embedder';
import type { Vectors } from './embedder';
import { epochBatches } from './questionOrder';
import type { AnsweredQuestion } from './questions';
import { learningRateAt } from './schedule';
import { fillArrays } from './stepFeeds';
import { StepMeter } from './stepMeter';
import { fitTextOnly, saveTextOnly } from './textOnly';
import { lossNotFinite, mostSkippedSteps } from './trainingFailures';
import { planTraining } from './trainingPlan';
import type { TrainingPlan } from './trainingPlan';
import { TrainingRecord } from './trainingRecord';
import { TrainingRunner } from './trainingRunner';
import type { StepResult } from './trainingRunner';
import { isOutOfPatience, validate, withValidation } from './validation';

/** How a caller follows training. */
export interface TrainWork extends LongWork {
  readonly onStep?: (step: TrainStep) => void;
  readonly onValidation?: (step: ValidationStep) => void;
  readonly onSkipped?: (step: SkippedStep) => void;
}

/**
 * Trains a model into a run folder (see runFolder.ts). When it is cancelled it saves a checkpoint;
 * when its process is killed the last one stands. From either `resume` goes on exactly: the weights
 * come out the same, bit for bit on one machine's processor, as without the break.
 * @throws CancelledError; UserError of what is wrong with the data, the device, the folder or the
 *   numbers (`loss-not-finite`)
 */
export async function train(options: TrainOptions, work: TrainWork): Promise<TrainResult> {
  const plan = await planTraining(options, work);
  throwIfCancelled(work.signal);
  const training = await Training.begin(plan, work);
  try {
    return await training.toTheEnd();
  } finally {
    await training.dispose();
  }
}

/** One training under way. */
class Training {
  private position: TrainingPosition;
  private lastStep: TrainStep | undefined;
  private lastValidation: ValidationStep | undefined;
  private skippedInARow = 0;
  private readonly meter: StepMeter;
  private readonly loader: BatchLoader;
  private readonly started = performance.now();

  private constructor(
    private readonly plan: TrainingPlan,
    private readonly work: TrainWork,
    private readonly runner: TrainingRunner,
    private readonly record: TrainingRecord,
    /** Ready-made text states where the text tower is frozen; else empty. */
    private readonly features: Vectors,
  ) {
    this.position = plan.start.position;
    const { epochs, augmentation } = plan.preset.training;
    this.meter = new StepMeter(plan.steps, epochs);
    this.loader = new BatchLoader({
      store: plan.store,
      seed: plan.description.seed,
      ...(augmentation && { augmentation }),
      ...(work.signal && { signal: work.signal }),
    });
  }

  static async begin(plan: TrainingPlan, work: TrainWork): Promise<Training> {
    const { folder, preset, questions, encoder, start } = plan;
    const features: Vectors =
      preset.text.learning === 'cached' ? await frozenFeatures(plan, work) : new Map();
    const baseline = await fitTextOnly(
      questions.map(({ texts, truth }) => ({
        options: texts.map((text) => encoder.encode(text)),
        truth,
      })),
      encoder.vocabularySize,
      work.signal,
    );
    const runner = await TrainingRunner.create(
      {
        preset,
        provider: plan.provider,
        batch: preset.training.batch,
        tokens: plan.description.tokens,
      },
      start,
    );
    try {
      await folder.removeLeftovers();
      await folder.rewindMetrics(start.position.step, start.position.epoch);
      await saveTextOnly(folder.textOnly, baseline);
      // Last: a run that says it trains has everything it needs for that.
      await folder.write(plan.description);
    } catch (error) {
      await runner.dispose();
      throw error;
    }
    return new Training(plan, work, runner, new TrainingRecord(plan), features);
  }

  async toTheEnd(): Promise<TrainResult> {
    const { epochs, patience } = this.plan.preset.training;
    try {
      this.work.onProgress?.({
        stage: trainingStage,
        done: this.position.step,
        total: this.plan.steps,
      });
      await this.pause();
      while (this.position.epoch < epochs && !isOutOfPatience(this.record.validations, patience)) {
        await this.epoch();
      }
      return await this.finish();
    } catch (thrown) {
      const error = isOutOfMemory(thrown) ? await this.withBatchThatFits(thrown) : thrown;
      await this.record.breakOff(error, () => this.keepWhatWasLearnt());
      throw error;
    }
  }

  /** Frees what the step that failed holds, and tries with which batch a step runs. */
  private async withBatchThatFits(cause: unknown): Promise<unknown> {
    await this.runner.dispose();
    const { start, questions } = this.plan;
    const optionCount = Math.max(...questions.map(({ texts }) => texts.length));
    const { options } = this.runner;
    return batchTooLarge(options, optionCount, cause, (batch) =>
      stepRuns({ ...options, batch }, start, optionCount),
    );
  }

  async dispose(): Promise<void> {
    await this.runner.dispose();
  }

  /** The rest of the epoch under way, its validation and its checkpoint. */
  private async epoch(): Promise<void> {
    const { preset, questions, description } = this.plan;
    const { batch, accumulate = 1 } = preset.training;
    const { epoch } = this.position;
    const counts = questions.map(({ texts }) => texts.length);
    const steps = epochBatches(counts, batch * accumulate, description.seed, epoch + 1).map(
      (chosen) => chosen.map((question) => questions[question]),
    );
    this.loader.start(
      epoch + 1,
      steps.slice(this.position.batch).flatMap((chosen) => partsOf(chosen, batch)),
    );
    this.meter.resume();
    while (this.position.batch < steps.length) {
      const chosen = steps[this.position.batch];
      await this.step(chosen, this.position.batch + 1 === steps.length);
      if (this.record.isDue) {
        await this.save();
        this.meter.resume();
      }
      await this.pause();
    }
    // Before the checkpoint: what is killed in between validates again, and comes to the same.
    await this.validate();
    this.position = { step: this.position.step, epoch: epoch + 1, batch: 0 };
    await this.save();
  }

  private async step(questions: readonly AnsweredQuestion[], isLast: boolean): Promise<void> {
    const { preset, steps } = this.plan;
    const step = this.position.step + 1;
    const epoch = this.position.epoch + 1;
    const learningRate = learningRateAt(step, steps, preset.training);
    const outcome = await this.compute(questions, step, learningRate);
    if (outcome.bad === undefined) {
      this.skippedInARow = 0;
    } else {
      await this.skip(outcome.bad, { step, epoch }, questions);
    }
    this.position = { ...this.position, step, batch: this.position.batch + 1 };
    const line = this.meter.add({
      step,
      epoch,
      ...outcome,
      labels: questions.map(({ truth }) => truth),
      learningRate,
      isLastOfEpoch: isLast,
    });
    if (line) {
      this.lastStep = line;
      await this.record.append({ kind: 'step', ...line });
      this.work.onStep?.(line);
      this.work.onProgress?.({
        stage: trainingStage,
        done: step,
        total: steps,
        detail: `loss ${line.loss.toFixed(3)}, accuracy ${line.accuracy.toFixed(2)}`,
      });
    }
  }

  /** The batches of one optimiser step: all but the last are gathered, the last one updates. */
  private async compute(
    questions: readonly AnsweredQuestion[],
    step: number,
    learningRate: number,
  ): Promise<StepNumbers> {
    const { batch, accumulate = 1 } = this.plan.preset.training;
    const { encoder, description } = this.plan;
    const sources = {
      volumes: this.loader,
      encoder,
      tokens: description.tokens,
      features: this.features,
    };
    const optionCount = questions[0].texts.length;
    const arrays = await this.runner.arrays(optionCount);
    const results: StepResult[] = [];
    const waitedBefore = this.loader.waitedSeconds;
    for (const [part, own] of partsOf(questions, batch).entries()) {
      await fillArrays(arrays, own, sources);
      const result =
        part + 1 < accumulate
          ? await this.runner.gather(optionCount, part)
          : await this.runner.step(optionCount, step, learningRate);
      results.push(result);
      if (!result.isSound) {
        break;
      }
    }
    return numbersOf(results, this.loader.waitedSeconds - waitedBefore);
  }

  /** Leaves a step out that has no sound numbers, or ends the training, as the preset says. */
  private async skip(
    bad: string,
    at: Pick<SkippedStep, 'step' | 'epoch'>,
    questions: readonly AnsweredQuestion[],
  ): Promise<void> {
    const { onBadLoss = 'stop' } = this.plan.preset.training;
    this.skippedInARow++;
    if (onBadLoss === 'stop' || this.skippedInARow >= mostSkippedSteps) {
      throw lossNotFinite(at.step, bad, questions);
    }
    const skipped = { ...at, questions: questions.map(({ id }) => id) };
    await this.record.append({ kind: 'skipped', ...skipped });
    this.work.onSkipped?.(skipped);
  }

  /** Lets a cancellation arrive: its message takes two turns of the event loop. */
  private async pause(): Promise<void> {
    await yieldToEvents();
    await yieldToEvents();
    throwIfCancelled(this.work.signal);
  }

  private async save(): Promise<void> {
    await this.record.save(this.position, await this.runner.snapshot());
  }

  private async keepWhatWasLearnt(): Promise<void> {
    if (this.position.step === 0) {
      // Nothing was learnt: weights as they were drawn make no model.
      await this.record.saveNothing();
      return;
    }
    this.work.onProgress?.({ stage: savingStage, done: 0, total: 1 });
    await this.save();
  }

  private async validate(): Promise<void> {
    if (this.plan.validQuestions.length === 0) {
      return;
    }
    const weights = scoringWeights(await this.runner.snapshot());
    const validation = await validate(this.plan, weights, this.position, this.work);
    const validations = withValidation(this.record.validations, validation);
    if (validations.sinceBest === 0) {
      await this.record.saveBest(this.position, weights);
    }
    this.record.validations = validations;
    this.lastValidation = validation;
    await this.record.append({ kind: 'validation', ...validation });
    this.work.onValidation?.(validation);
  }

  private async finish(): Promise<TrainResult> {
    const modelHash = await this.record.finish(await this.runner.snapshot());
    return {
      folder: this.plan.folder.path,
      device: this.plan.provider,
      steps: this.position.step,
      seconds: (performance.now() - this.started) / 1000,
      ...(this.lastStep && { lastStep: this.lastStep }),
      ...(this.lastValidation && { lastValidation: this.lastValidation }),
      modelHash,
    };
  }
}

/** The questions of an optimiser step, batch by batch. */
function partsOf(
  questions: readonly AnsweredQuestion[],
  batch: number,
): readonly (readonly AnsweredQuestion[])[] {
  return Array.from({ length: questions.length / batch }, (_, part) =>
    questions.slice(part * batch, (part + 1) * batch),
  );
}

/** What the batches of one optimiser step gave. */
interface StepNumbers {
  /** Mean over the batches. */
  readonly loss: number;
  /** [questions, K], batch after batch. */
  readonly logits: Float32Array;
  readonly gradientNorm?: number;
  readonly waitSeconds: number;
  /** What is wrong, where the numbers are not sound. */
  readonly bad?: string;
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
