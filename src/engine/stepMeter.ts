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
  /** Steps of the same run that are added after this one; the time that passed is theirs too. */
  readonly following?: number;
  /** Norm of all gradients, where the step computes it. */
  readonly gradientNorm?: number;
  /** Time spent waiting for data. */
  readonly waitSeconds?: number;
  /** What is wrong with a step that was left out: its numbers count nowhere. */
  readonly bad?: string;
  /** Of mixed precision: its loss counts, the norm of its gradients is none. */
  readonly hasOverflowed?: boolean;
  readonly lossScale?: number;
}

/** Sums since the last line. */
interface Sums {
  loss: number;
  right: number;
  questions: number;
  steps: number;
  seconds: number;
  waitSeconds: number;
  gradientNorm: number | undefined;
  overflows: number;
}

const nothing: Readonly<Sums> = {
  loss: 0,
  right: 0,
  questions: 0,
  steps: 0,
  seconds: 0,
  waitSeconds: 0,
  gradientNorm: undefined,
  overflows: 0,
};

/** Gathers steps into the lines that are logged: means since the last line, speed, time left. */
export class StepMeter {
  private readonly every: number;
  private sums: Sums = { ...nothing };
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
    const seconds = (this.clock() - this.lastTime) / (1 + (outcome.following ?? 0));
    this.lastTime += seconds;
    this.meanSeconds =
      this.meanSeconds === undefined
        ? seconds
        : (1 - newestShare) * this.meanSeconds + newestShare * seconds;
    const { sums } = this;
    sums.seconds += seconds;
    sums.waitSeconds += outcome.waitSeconds ?? 0;
    if (outcome.bad === undefined) {
      sums.loss += outcome.loss;
      sums.steps++;
      sums.questions += outcome.labels.length;
      sums.right += countRight(outcome.logits, outcome.labels);
      if (outcome.hasOverflowed) {
        sums.overflows++;
      } else if (outcome.gradientNorm !== undefined) {
        sums.gradientNorm = (sums.gradientNorm ?? 0) + outcome.gradientNorm;
      }
    }
    const isDue =
      outcome.step % this.every === 0 || outcome.isLastOfEpoch || sums.seconds >= longestSilence;
    return isDue && sums.steps > 0 ? this.takeLine(outcome) : undefined;
  }

  private takeLine({ step, epoch, learningRate, lossScale }: StepOutcome): TrainStep {
    const { sums } = this;
    const seconds = Math.max(sums.seconds, 1e-9);
    const { gradientNorm, overflows } = sums;
    const withNorm = sums.steps - overflows;
    this.sums = { ...nothing };
    return {
      step,
      steps: this.steps,
      epoch,
      epochs: this.epochs,
      loss: sums.loss / sums.steps,
      accuracy: sums.right / sums.questions,
      learningRate,
      questionsPerSecond: sums.questions / seconds,
      secondsLeft: (this.steps - step) * (this.meanSeconds ?? 0),
      waitShare: sums.waitSeconds / seconds,
      ...(gradientNorm !== undefined && { gradientNorm: gradientNorm / withNorm }),
      ...(lossScale !== undefined && { lossScale, overflows }),
    };
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
