import type { HardNegativeSettings } from '../core/preset';
import type { LongWork } from '../core/progress';
import type { Parameters } from '../networks';
import type { TrainingPosition } from './checkpoint';
import { Embedder } from './embedder';
import { mineHardNegatives } from './hardNegatives';
import type { MinedOptions } from './hardNegatives';
import type { TrainingPlan } from './trainingPlan';

/** The distractors that the model chose itself, and when. Kept in the checkpoint. */
export interface MinedState {
  /** Optimiser steps done at the mining. */
  readonly step: number;
  /** Minings so far, this one included. */
  readonly round: number;
  readonly options: MinedOptions;
}

/**
 * Whether it is time to mine: after the first epochs (one where the preset does not say), at the
 * beginning of each epoch, or after every so many steps. At a position at which was mined already,
 * it is not: a resumed run has that from its checkpoint.
 */
export function isMiningDue(
  { everySteps, afterEpochs = 1 }: HardNegativeSettings,
  { step, epoch, batch }: TrainingPosition,
  mined: MinedState | undefined,
): boolean {
  if (epoch < afterEpochs || mined?.step === step) {
    return false;
  }
  return everySteps === undefined
    ? batch === 0
    : mined === undefined || step - mined.step >= everySteps;
}

/** How many steps may be taken in an epoch before mining is due again. */
export function stepsToMining(
  { everySteps }: HardNegativeSettings,
  step: number,
  mined: MinedState | undefined,
): number {
  return everySteps === undefined || mined === undefined
    ? Infinity
    : mined.step + everySteps - step;
}

/** Mines with the weights of this moment. */
export async function mine(
  plan: TrainingPlan,
  settings: HardNegativeSettings,
  { step }: TrainingPosition,
  before: MinedState | undefined,
  weights: Parameters,
  work: LongWork,
): Promise<MinedState> {
  const { preset, provider, encoder, store, questions, description } = plan;
  const embedder = new Embedder(preset, weights, provider);
  const round = before?.round ?? 0;
  try {
    const options = await mineHardNegatives(
      { embedder, encoder, store },
      questions,
      { settings, seed: description.seed, round },
      { signal: work.signal },
    );
    return { step, round: round + 1, options };
  } finally {
    await embedder.dispose();
  }
}
