import type { RunState, SkippedStep, TrainStep, ValidationStep } from '../core/run';
import type { Call, Notice } from './webview';

/** What the run page says about a run besides its curves. */
export interface RunFacts {
  /** Name of the run folder. */
  readonly name: string;
  readonly folder: string;
  readonly preset: string;
  /** File name or path of the questions trained on. */
  readonly dataset: string;
  readonly valid?: string;
  /** The device in use, or as asked for (`auto`) until that is known. */
  readonly device: string;
  readonly questions?: number;
  readonly seed?: number;
  /** SHA-256 of the weights, once there are any. */
  readonly modelHash?: string;
  /** ISO 8601. */
  readonly created?: string;
}

/** How a run stands; `problem` says why it failed, in one line, and what to do. */
export interface RunStatus {
  readonly state: RunState;
  /** What is being done now, such as "Reading volumes 12/64". */
  readonly activity?: string;
  readonly problem?: { readonly message: string; readonly remedy?: string };
}

/** Everything the page shows. */
export interface RunSnapshot {
  readonly facts: RunFacts;
  readonly status: RunStatus;
  readonly steps: readonly TrainStep[];
  readonly validations: readonly ValidationStep[];
  /** Steps that were left out since their loss or gradients were no numbers. */
  readonly skipped: readonly SkippedStep[];
  /** True where the run is under way here, so that it can be cancelled. */
  readonly live: boolean;
}

/** The host's side of the run page. */
export interface RunHost {
  readonly calls:
    | Call<'snapshot', null, RunSnapshot>
    | Call<'cancel', null, null>
    | Call<'openFolder', null, null>;
  readonly notices: never;
}

/** The page's side. */
export interface RunPage {
  readonly calls: never;
  readonly notices:
    | Notice<'step', TrainStep>
    | Notice<'validation', ValidationStep>
    | Notice<'skipped', SkippedStep>
    | Notice<'status', RunStatus>
    | Notice<'facts', RunFacts>
    /** The run folder changed on disk: ask for the snapshot again. */
    | Notice<'changed', null>;
}

/** Words of the run page, in the user's language. */
export interface RunStrings {
  readonly loss: string;
  readonly accuracy: string;
  readonly step: string;
  readonly epoch: string;
  readonly throughput: string;
  readonly questionsPerSecond: string;
  readonly timeLeft: string;
  readonly learningRate: string;
  readonly preset: string;
  readonly dataset: string;
  readonly validSet: string;
  readonly device: string;
  readonly folder: string;
  readonly seed: string;
  readonly questions: string;
  readonly model: string;
  readonly started: string;
  readonly cancel: string;
  readonly cancelling: string;
  readonly openFolder: string;
  readonly training: string;
  readonly validation: string;
  readonly waiting: string;
  readonly states: Readonly<Record<RunState, string>>;
  readonly part: string;
  readonly table: string;
  readonly noSteps: string;
  /** {0} is how many, {1} the last of them, {2} the first of its questions. */
  readonly skipped: string;
  readonly skippedOne: string;
  readonly failedToLoad: string;
  readonly retry: string;
}
