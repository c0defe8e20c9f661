import { CancelledError } from '../core/errors';
import type { MetricsLine, RunDescription, RunState } from '../core/run';
import { writeFileAtomically } from '../core/storage/atomicFile';
import { buildInferenceModel } from '../networks';
import type { Parameters } from '../networks';
import { hashWeights, loadWeights, saveCheckpoint } from './checkpoint';
import type { TrainingPosition, ValidationRecord } from './checkpoint';
import { scoringWeights } from './deviceState';
import type { StateSnapshot } from './deviceState';
import type { MinedState } from './mining';
import { lossNotFinite } from './trainingFailures';
import type { TrainingPlan } from './trainingPlan';

/** Nobody loses more than this much training to a crash, milliseconds. */
const longestWithoutCheckpoint = 5 * 60 * 1000;

/**
 * What a training leaves in its run folder. Each file is whole at any moment, and the checkpoint
 * alone says where training goes on: a run that is killed between two files repeats what came after
 * the checkpoint, and writes the same again.
 */
export class TrainingRecord {
  validations: ValidationRecord | undefined;
  mined: MinedState | undefined;
  private description: RunDescription;
  private savedAt = performance.now();

  constructor(private readonly plan: TrainingPlan) {
    this.description = plan.description;
    this.validations = plan.start.validations;
    this.mined = plan.start.mined;
  }

  /** True when the last checkpoint is old. */
  get isDue(): boolean {
    return performance.now() - this.savedAt > longestWithoutCheckpoint;
  }

  async append(line: MetricsLine): Promise<void> {
    await this.plan.folder.appendMetrics(line);
  }

  /** Keeps the weights of a validation that did best. */
  async saveBest(position: TrainingPosition, weights: Parameters): Promise<void> {
    await saveCheckpoint(this.plan.folder.best, { position, weights, moments: new Map() });
    this.description = { ...this.description, modelHash: hashWeights(weights) };
  }

  /** Saves a checkpoint, and where the run stands in its description. */
  async save(position: TrainingPosition, state: StateSnapshot): Promise<void> {
    const { folder } = this.plan;
    for (const [name, { data }] of state.weights) {
      if (!data.every(Number.isFinite)) {
        throw lossNotFinite(position.step, `the weight ${name} overflowed`);
      }
    }
    const { validations, mined } = this;
    await saveCheckpoint(folder.checkpoint, {
      position,
      ...state,
      ...(validations && { validations }),
      ...(mined && { mined }),
    });
    this.description = {
      ...this.description,
      step: position.step,
      ...(validations === undefined
        ? { modelHash: hashWeights(scoringWeights(state)) }
        : { best: validations.best, last: validations.last }),
    };
    await folder.write(this.description);
    this.savedAt = performance.now();
  }

  /** Writes the inference model; the hash of its weights. */
  async finish(state: StateSnapshot): Promise<string> {
    const { folder, preset } = this.plan;
    const weights =
      this.validations === undefined ? scoringWeights(state) : await loadWeights(folder.best);
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
    const finished = new Date().toISOString();
    await folder.write({ ...this.ended('finished'), modelHash, finished });
    return modelHash;
  }

  /**
   * After a cancellation what was learnt is kept, by `save`; after a failure the last checkpoint
   * stands.
   */
  async breakOff(error: unknown, save: () => Promise<void>): Promise<void> {
    if (error instanceof CancelledError) {
      this.description = this.ended('cancelled');
      await save();
      return;
    }
    // The disk may be what failed: then the error that is under way says so.
    await this.plan.folder.write(this.ended('failed')).catch(() => undefined);
  }

  /** Says how the run stands where nothing was learnt yet. */
  async saveNothing(): Promise<void> {
    await this.plan.folder.write(this.description);
  }

  /** What run.json says once no process trains the run any more. */
  private ended(state: RunState): RunDescription {
    return { ...this.description, state, process: undefined };
  }
}
