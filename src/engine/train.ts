import { CancelledError, throwIfCancelled, UserError } from '../core/errors';
import { savingStage, trainingStage, yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import type {
  RunDescription,
  RunState,
  TrainOptions,
  TrainResult,
  TrainStep,
  ValidationStep,
} from '../core/run';
import { writeFileAtomically } from '../core/storage/atomicFile';
import { buildInferenceModel } from '../networks';
import type { Parameters } from '../networks';
import { hashWeights, saveCheckpoint } from './checkpoint';
import type { TrainingPosition } from './checkpoint';
import { Embedder } from './embedder';
import type { Vectors } from './embedder';
import { epochBatches } from './questionOrder';
import { answerQuestions, lossAndAccuracy } from './questions';
import type { AnsweredQuestion } from './questions';
import { learningRateAt } from './schedule';
import { fillArrays } from './stepFeeds';
import { StepMeter } from './stepMeter';
import { fitTextOnly, saveTextOnly } from './textOnly';
import { planTraining } from './trainingPlan';
import type { TrainingPlan } from './trainingPlan';
import { TrainingRunner } from './trainingRunner';

/** How a caller follows training. */
export interface TrainWork extends LongWork {
  readonly onStep?: (step: TrainStep) => void;
  readonly onValidation?: (step: ValidationStep) => void;
}

/**
 * Trains a model into a run folder (see runFolder.ts). When cancelled it saves a checkpoint that
 * `resume` goes on from, exactly: the weights come out the same, bit for bit on one machine, as
 * without the break.
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
  private description: RunDescription;
  private lastStep: TrainStep | undefined;
  private lastValidation: ValidationStep | undefined;
  private readonly meter: StepMeter;
  private readonly started = performance.now();

  private constructor(
    private readonly plan: TrainingPlan,
    private readonly work: TrainWork,
    private readonly runner: TrainingRunner,
    /** Ready-made text states where the text tower is frozen; else empty. */
    private readonly features: Vectors,
  ) {
    this.position = plan.start.position;
    this.description = plan.description;
    this.meter = new StepMeter(plan.steps, plan.preset.training.epochs);
  }

  static async begin(plan: TrainingPlan, work: TrainWork): Promise<Training> {
    const { folder, preset, questions, encoder } = plan;
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
      plan.start,
    );
    try {
      await folder.removeLeftovers();
      await folder.rewindMetrics(plan.start.position.step);
      await saveTextOnly(folder.textOnly, baseline);
      // Last: a run that says it trains has everything it needs for that.
      await folder.write(plan.description);
    } catch (error) {
      await runner.dispose();
      throw error;
    }
    return new Training(plan, work, runner, features);
  }

  async toTheEnd(): Promise<TrainResult> {
    try {
      this.work.onProgress?.({
        stage: trainingStage,
        done: this.position.step,
        total: this.plan.steps,
      });
      await this.pause();
      while (this.position.epoch < this.plan.preset.training.epochs) {
        await this.epoch();
      }
      return await this.finish();
    } catch (error) {
      await this.breakOff(error);
      throw error;
    }
  }

  async dispose(): Promise<void> {
    await this.runner.dispose();
  }

  /** The rest of the epoch under way, its validation and its checkpoint. */
  private async epoch(): Promise<void> {
    const { preset, questions, description } = this.plan;
    const { epoch, batch } = this.position;
    const counts = questions.map(({ texts }) => texts.length);
    const batches = epochBatches(counts, preset.training.batch, description.seed, epoch + 1);
    this.meter.resume();
    for (let index = batch; index < batches.length; index++) {
      await this.step(
        batches[index].map((question) => questions[question]),
        index + 1 === batches.length,
      );
      await this.pause();
    }
    this.position = { step: this.position.step, epoch: epoch + 1, batch: 0 };
    const weights = await this.save();
    await this.validate(weights);
  }

  private async step(
    questions: readonly AnsweredQuestion[],
    isLastOfEpoch: boolean,
  ): Promise<void> {
    const { preset, steps, folder } = this.plan;
    const step = this.position.step + 1;
    const optionCount = questions[0].texts.length;
    const arrays = await this.runner.arrays(optionCount);
    const { store, encoder, description } = this.plan;
    const { tokens } = description;
    await fillArrays(arrays, questions, { store, encoder, tokens, features: this.features });
    const learningRate = learningRateAt(step, steps, preset.training);
    const { loss, logits } = await this.runner.step(optionCount, step, learningRate);
    if (!Number.isFinite(loss)) {
      throw lossNotFinite(step, `the loss became ${loss}`);
    }
    const line = this.meter.add({
      step,
      epoch: this.position.epoch + 1,
      loss,
      logits,
      labels: questions.map(({ truth }) => truth),
      learningRate,
      isLastOfEpoch,
    });
    this.position = { ...this.position, step, batch: this.position.batch + 1 };
    if (line) {
      this.lastStep = line;
      await folder.appendMetrics({ kind: 'step', ...line });
      this.work.onStep?.(line);
      this.work.onProgress?.({
        stage: trainingStage,
        done: step,
        total: steps,
        detail: `loss ${line.loss.toFixed(3)}, accuracy ${line.accuracy.toFixed(2)}`,
      });
    }
  }

  /** Lets a cancellation arrive: its message takes two turns of the event loop. */
  private async pause(): Promise<void> {
    await yieldToEvents();
    await yieldToEvents();
    throwIfCancelled(this.work.signal);
  }

  /** Saves a checkpoint; the weights in it. */
  private async save(): Promise<Parameters> {
    const { folder } = this.plan;
    const state = await this.runner.snapshot();
    for (const [name, { data }] of state.weights) {
      if (!data.every(Number.isFinite)) {
        throw lossNotFinite(this.position.step, `the weight ${name} overflowed`);
      }
    }
    await saveCheckpoint(folder.checkpoint, { position: this.position, ...state });
    this.description = {
      ...this.description,
      step: this.position.step,
      modelHash: hashWeights(state.weights),
    };
    await folder.write(this.description);
    return state.weights;
  }

  private async validate(weights: Parameters): Promise<void> {
    const { preset, provider, validQuestions, encoder, store, folder } = this.plan;
    if (validQuestions.length === 0) {
      return;
    }
    const embedder = new Embedder(preset, weights, provider);
    try {
      const logits = await answerQuestions({ embedder, encoder, store }, validQuestions, {
        signal: this.work.signal,
      });
      this.lastValidation = {
        step: this.position.step,
        epoch: this.position.epoch,
        epochs: preset.training.epochs,
        questions: validQuestions.length,
        ...lossAndAccuracy(
          logits,
          validQuestions.map(({ truth }) => truth),
        ),
      };
    } finally {
      await embedder.dispose();
    }
    await folder.appendMetrics({ kind: 'validation', ...this.lastValidation });
    this.work.onValidation?.(this.lastValidation);
  }

  /** Writes the inference model. */
  private async finish(): Promise<TrainResult> {
    const { folder, preset, provider } = this.plan;
    const { weights } = await this.runner.snapshot();
    const modelHash = hashWeights(weights);
    const { preprocessing, text } = this.description;
    await writeFileAtomically(
      folder.model,
      buildInferenceModel(preset, weights, {
        preset: preset.name,
        preprocessing,
        text,
        model_hash: modelHash,
      }),
    );
    this.description = {
      ...ended(this.description, 'finished'),
      modelHash,
      finished: new Date().toISOString(),
    };
    await folder.write(this.description);
    return {
      folder: folder.path,
      device: provider,
      steps: this.position.step,
      seconds: (performance.now() - this.started) / 1000,
      ...(this.lastStep && { lastStep: this.lastStep }),
      ...(this.lastValidation && { lastValidation: this.lastValidation }),
      modelHash,
    };
  }

  /** After a cancellation what was learnt is kept; after a failure the last checkpoint stands. */
  private async breakOff(error: unknown): Promise<void> {
    if (!(error instanceof CancelledError)) {
      this.description = ended(this.description, 'failed');
      // The disk may be what failed: then the error that is under way says so.
      await this.plan.folder.write(this.description).catch(() => undefined);
      return;
    }
    this.description = ended(this.description, 'cancelled');
    if (this.position.step === 0) {
      // Nothing was learnt: weights as they were drawn make no model.
      await this.plan.folder.write(this.description);
      return;
    }
    this.work.onProgress?.({ stage: savingStage, done: 0, total: 1 });
    await this.save();
  }
}

/** What run.json says once no process trains the run any more. */
function ended(description: RunDescription, state: RunState): RunDescription {
  return { ...description, state, process: undefined };
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

function lossNotFinite(step: number, what: string): UserError {
  return new UserError(
    'loss-not-finite',
    `Training diverged at step ${step}: ${what}.`,
    'Train again with a learning rate of a third, or resume from the last checkpoint with it (--resume --lr).',
  );
}
