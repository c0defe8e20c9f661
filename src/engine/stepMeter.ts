import { predictedOption } from '../core/metrics/ranking';
import type { TrainStep } from '../core/run';

/** A quick run logs about this many steps, evenly spread: each line is a mean of several. */
const loggedSteps = 400;
/** In a slow run nobody waits longer than this for a line, seconds. */
const longestSilence = 10;
/** Share of the newest step in the running mean of the time a step takes. */
const newestShare = 0.1;

export interface StepOutcome {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  /** [B, K] */
  readonly logits: Float32Array;
  /** [B] */
  readonly labels: readonly number[];
  readonly learningRate: number;
  readonly isLastOfEpoch: boolean;
}

/** Gathers steps into the lines that are logged: means since the last line, speed, time left. */
export class StepMeter {
  private readonly every: number;
  private loss = 0;
  private right = 0;
  private questions = 0;
  private stepsSince = 0;
  private secondsSince = 0;
  private meanSeconds: number | undefined;
  private lastTime: number;

  /** @param clock seconds */
  constructor(
    private readonly steps: number,
    private readonly epochs: number,
    private readonly clock: () => number = () => performance.now() / 1000,
  ) {
    this.every = Math.max(1, Math.floor(steps / loggedSteps));
    this.lastTime = this.clock();
  }

  /** What passes until the next step (validation, a checkpoint) is not training time. */
  resume(): void {
    this.lastTime = this.clock();
  }

  /** Takes in one step; a line where one is due. */
  add(outcome: StepOutcome): TrainStep | undefined {
    const now = this.clock();
    const seconds = now - this.lastTime;
    this.lastTime = now;
    this.meanSeconds =
      this.meanSeconds === undefined
        ? seconds
        : (1 - newestShare) * this.meanSeconds + newestShare * seconds;
    this.secondsSince += seconds;
    this.loss += outcome.loss;
    this.stepsSince++;
    this.questions += outcome.labels.length;
    this.right += countRight(outcome.logits, outcome.labels);
    const isDue =
      outcome.step % this.every === 0 ||
      outcome.isLastOfEpoch ||
      this.secondsSince >= longestSilence;
    return isDue ? this.takeLine(outcome) : undefined;
  }

  private takeLine({ step, epoch, learningRate }: StepOutcome): TrainStep {
    const line: TrainStep = {
      step,
      steps: this.steps,
      epoch,
      epochs: this.epochs,
      loss: this.loss / this.stepsSince,
      accuracy: this.right / this.questions,
      learningRate,
      questionsPerSecond: this.questions / Math.max(this.secondsSince, 1e-9),
      secondsLeft: (this.steps - step) * (this.meanSeconds ?? 0),
    };
    this.loss = this.right = this.questions = this.stepsSince = this.secondsSince = 0;
    return line;
  }
}

function countRight(logits: Float32Array, labels: readonly number[]): number {
  const options = logits.length / labels.length;
  let right = 0;
  labels.forEach((label, question) => {
    const row = logits.subarray(question * options, (question + 1) * options);
    right += predictedOption([...row]) === label ? 1 : 0;
  });
  return right;
}
