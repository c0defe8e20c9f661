import type { RunFacts, RunStatus } from '../../protocol/run';
import type { ScoresContent } from '../../protocol/scores';
import type { TrainStep, ValidationStep } from '../../core/run';
import type { Services } from '../services';

/** A run page that follows a training under way. */
export interface RunPageHandle {
  step(step: TrainStep): void;
  validation(step: ValidationStep): void;
  /** How the run stands: what it is doing, and in the end how it ended. */
  status(status: RunStatus): void;
  /** Facts that became known meanwhile, such as the device that `auto` found. */
  facts(facts: Partial<RunFacts>): void;
}
