import { throwIfCancelled } from '../core/errors';
import type { UserError } from '../core/errors';
import { heedCancellation, savingStage, trainingStage } from '../core/progress';
import type { LongWork } from '../core/progress';
import type {
  SkippedStep,
  TrainOptions,
  TrainResult,
  TrainStep,
  ValidationStep,
} from '../core/run';
import { batchTooLarge, isOutOfMemory, stepRuns } from './batchThatFits';
import type { TrainingPosition } from './checkpoint';
import { scoringWeights } from './deviceState';
import { isMiningDue, mine, stepsToMining } from './mining';
import { refuseBusy } from './planFailures';
import { learningRateAt } from './schedule';
import { StepMeter } from './stepMeter';
import type { StepOutcome } from './stepMeter';
import { fitTextOnly, saveTextOnly } from './textOnly';
import { lossNotFinite, mostSkippedSteps } from './trainingFailures';
import { planTraining } from './trainingPlan';
import type { TrainingPlan } from './trainingPlan';
import { TrainingRecord } from './trainingRecord';
import { TrainingSteps } from './trainingSteps';
import type { StepIndices, StepNumbers, StepQuestions } from './trainingSteps';
import { isOutOfPatience, validate, withValidation } from './validation';

/** How a caller follows training. */
export interface TrainWork extends LongWork {
  /** What was settled otherwise than asked, a sentence. */
  readonly onNotice?: (notice: string) => void;
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
  plan.notices.forEach((notice) => work.onNotice?.(notice));
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
  private readonly started = performance.now();

  private constructor(
    private readonly plan: TrainingPlan,
    private readonly work: TrainWork,
    private readonly steps: TrainingSteps,
    private readonly record: TrainingRecord,
  ) {
    this.position = plan.start.position;
    this.meter = new StepMeter(plan.steps, plan.preset.training.epochs);
  }

  static async begin(plan: TrainingPlan, work: TrainWork): Promise<Training> {
    const { folder, questions, encoder, start } = plan;
    const baseline = await fitTextOnly(
      questions.map(({ texts, truth }) => ({
        options: texts.map((text) => encoder.encode(text)),
        truth,
      })),
      encoder.vocabularySize,
      work.signal,
    );
    const steps = await TrainingSteps.prepare(plan, work);
    try {
      // Preparing takes long: another process may have begun meanwhile.
      refuseBusy(folder, await folder.read());
      await folder.removeLeftovers();
      if (start.position.step === 0) {
        await folder.removeState();
      }
      await folder.rewindMetrics(start.position.step, start.position.epoch);
      await saveTextOnly(folder.textOnly, baseline);
      // Last: a run that says it trains has everything it needs for that.
      await folder.write(plan.description);
    } catch (error) {
      await steps.dispose();
      throw error;
    }
    return new Training(plan, work, steps, new TrainingRecord(plan));
  }

  async toTheEnd(): Promise<TrainResult> {
    const { epochs, patience } = this.plan.preset.training;
    try {
      this.work.onProgress?.({
        stage: trainingStage,
        done: this.position.step,
        total: this.plan.steps,
      });
      await heedCancellation(this.work.signal);
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

  /**
   * Frees what the step that failed holds, and tries with which batch a step runs. Who cancels ends
   * that search; that the step did not fit is told all the same.
   */
  private async withBatchThatFits(cause: unknown): Promise<UserError> {
    await this.steps.dispose();
    const { start, questions } = this.plan;
    const optionCount = questions.reduce((most, { texts }) => Math.max(most, texts.length), 0);
    const { options } = this.steps.runner;
    return batchTooLarge(
      options,
      optionCount,
      cause,
      (batch) => stepRuns({ ...options, batch }, start, optionCount, this.work.signal),
      this.work,
    );
  }

  async dispose(): Promise<void> {
    await this.steps.dispose();
  }

  /** The rest of the epoch under way, its validation and its checkpoint. */
  private async epoch(): Promise<void> {
    const { epoch, batch } = this.position;
    const steps = this.steps.epoch(epoch + 1);
    this.steps.loadAhead(epoch + 1, batch);
    this.meter.resume();
    while (this.position.batch < steps.length) {
      await this.mineWhereDue();
      await this.advance(steps);
      if (this.record.isDue) {
        await this.save();
        this.meter.resume();
      }
      await heedCancellation(this.work.signal);
    }
    if (epoch + 1 < this.plan.preset.training.epochs) {
      // In threads, while this one validates.
      this.steps.loadAhead(epoch + 2, 0);
    }
    // Before the checkpoint: what is killed in between validates again, and comes to the same.
    await this.validate();
    this.position = { step: this.position.step, epoch: epoch + 1, batch: 0 };
    await this.save();
  }

  /** The model's own most confusable reports become the distractors, where the preset says so. */
  private async mineWhereDue(): Promise<void> {
    const { hardNegatives: settings } = this.plan.preset.training;
    const { mined } = this.record;
    if (settings === undefined || !isMiningDue(settings, this.position, mined)) {
      return;
    }
    const weights = scoringWeights(await this.steps.runner.snapshot());
    this.record.mined = await mine(this.plan, settings, this.position, mined, weights, this.work);
    this.steps.useMined(this.record.mined.options);
    this.steps.loadAhead(this.position.epoch + 1, this.position.batch);
    this.meter.resume();
  }

  /** The next step of an epoch, or the next several where the device takes them in one run. */
  private async advance(steps: readonly StepIndices[]): Promise<void> {
    const { training } = this.plan.preset;
    const { batch, step } = this.position;
    const most =
      training.hardNegatives && stepsToMining(training.hardNegatives, step, this.record.mined);
    const taken = this.steps.together(steps, batch, most);
    const rates = taken.map((_, i) => learningRateAt(step + 1 + i, this.plan.steps, training));
    const outcomes = await this.steps.take(taken, step + 1, rates);
    for (const [i, outcome] of outcomes.entries()) {
      await this.account(taken[i], outcome, {
        learningRate: rates[i],
        isLastOfEpoch: batch + i + 1 === steps.length,
        following: outcomes.length - i - 1,
      });
    }
  }

  /** Puts a step that was taken on record. */
  private async account(
    questions: StepQuestions,
    outcome: StepNumbers,
    circumstances: Pick<StepOutcome, 'learningRate' | 'isLastOfEpoch' | 'following'>,
  ): Promise<void> {
    const total = this.plan.steps;
    const step = this.position.step + 1;
    const epoch = this.position.epoch + 1;
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
      ...circumstances,
      labels: questions.map(({ truth }) => truth),
    });
    if (line) {
      this.lastStep = line;
      await this.record.append({ kind: 'step', ...line });
      this.work.onStep?.(line);
      this.work.onProgress?.({
        stage: trainingStage,
        done: step,
        total,
        detail: `loss ${line.loss.toFixed(3)}, accuracy ${line.accuracy.toFixed(2)}`,
      });
    }
  }

  /** In a short run an epoch of nothing but bad steps is enough. */
  private get mostSkipped(): number {
    return Math.min(mostSkippedSteps, Math.max(2, this.plan.stepsPerEpoch));
  }

  /** Leaves a step out that has no sound numbers, or ends the training, as the preset says. */
  private async skip(
    bad: string,
    at: Pick<SkippedStep, 'step' | 'epoch'>,
    questions: StepQuestions,
  ): Promise<void> {
    const { training } = this.plan.preset;
    this.skippedInARow++;
    if (training.onBadLoss !== 'skip' || this.skippedInARow >= this.mostSkipped) {
      throw lossNotFinite(at.step, bad, questions, training.precision);
    }
    const skipped = { ...at, questions: questions.map(({ id }) => id) };
    await this.record.append({ kind: 'skipped', ...skipped });
    this.work.onSkipped?.(skipped);
  }

  private async save(): Promise<void> {
    await this.record.save(this.position, await this.steps.runner.snapshot());
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
    const weights = scoringWeights(await this.steps.runner.snapshot());
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
    const modelHash = await this.record.finish(await this.steps.runner.snapshot());
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
