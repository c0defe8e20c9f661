import type {
  Device,
  DoctorReport,
  EvaluateResult,
  PresetSummary,
  RunSummary,
  ScoreResult,
  TrainResult,
  TrainStep,
  ValidationStep,
} from '../core/run';
import type { BuildOptions, BuildResult } from '../core/dataset/build';
import type { LintFinding } from '../core/dataset/lint';
import type { SampleOptions, SampleSummary } from '../core/sample/corpus';
import type { VolumeInfo } from '../core/volume/describe';
import type { Slice } from '../core/volume/slices';
import type { Plane, VolumeHeader } from '../core/volume/types';
import type { Progress } from '../core/progress';
import type { SerialisedError } from './errors';

export type {
  Device,
  DoctorReport,
  EvaluateResult,
  PresetSummary,
  RunSummary,
  ScoreResult,
  TrainResult,
  TrainStep,
  ValidationStep,
};

/**
 * Every request the worker answers: what it takes, what it gives back, and what it tells while it
 * works (`event`; `never` where there is only progress). Paths are absolute.
 */
export interface WorkerRequests {
  'volume/info': { params: { path: string }; result: VolumeInfo; event: never };
  'volume/open': { params: { path: string }; result: OpenVolume; event: never };
  'volume/slice': { params: SliceRequest; result: Slice; event: never };
  'volume/close': { params: { handle: string }; result: null; event: never };
  'presets/list': { params: { modelsFolder: string }; result: PresetSummary[]; event: never };
  'runs/list': { params: { folder: string }; result: RunSummary[]; event: never };
  train: { params: TrainRequest; result: TrainResult; event: TrainEvent };
  evaluate: { params: EvaluateRequest; result: EvaluateAnswer; event: never };
  score: { params: ScoreRequest; result: ScoreResult; event: never };
  'dataset/lint': { params: { path: string }; result: LintFinding[]; event: never };
  'dataset/build': { params: { options: BuildOptions }; result: BuildResult; event: never };
  'sample/write': {
    params: { folder: string; options: SampleOptions };
    result: SampleSummary;
    event: never;
  };
  doctor: { params: { modelsFolder: string }; result: DoctorReport; event: never };
}

export type WorkerMethod = keyof WorkerRequests;
export type ParamsOf<M extends WorkerMethod> = WorkerRequests[M]['params'];
export type ResultOf<M extends WorkerMethod> = WorkerRequests[M]['result'];
export type EventOf<M extends WorkerMethod> = WorkerRequests[M]['event'];

/** A volume the worker holds open for slices (it reads it again by itself if it had to let it go). */
export interface OpenVolume {
  readonly handle: string;
  readonly header: VolumeHeader;
  readonly info: VolumeInfo;
  /** Number of slices by plane. */
  readonly slices: Readonly<Record<Plane, number>>;
}

export interface SliceRequest {
  readonly handle: string;
  readonly plane: Plane;
  /** 0 .. slices[plane] - 1 */
  readonly index: number;
}

export interface TrainRequest {
  /** Folder of the presets and tokenizers that ship. */
  readonly modelsFolder: string;
  /** Name of a preset in it, or the path of a preset file. */
  readonly preset: string;
  readonly dataset: string;
  readonly valid?: string;
  readonly run: string;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly device?: Device;
  readonly seed?: number;
  /** Go on where the run folder's checkpoint stands. */
  readonly resume?: boolean;
}

export type TrainEvent =
  ({ readonly kind: 'step' } & TrainStep) | ({ readonly kind: 'validation' } & ValidationStep);

export interface EvaluateRequest {
  readonly modelsFolder: string;
  readonly run: string;
  readonly dataset: string;
  readonly device?: Device;
  /** Where to write the predictions; beside the data set where not given. */
  readonly predictions?: string;
}

export interface EvaluateAnswer {
  readonly result: EvaluateResult;
  /** The predictions file that was written. */
  readonly predictions: string;
}

export interface ScoreRequest {
  readonly modelsFolder: string;
  readonly run: string;
  readonly volume: string;
  readonly device?: Device;
  /** What to rank: the options of the volume's questions in a data set, or the rows of a reports table. */
  readonly texts:
    | { readonly kind: 'dataset'; readonly path: string; readonly predictions?: string }
    | { readonly kind: 'reports'; readonly path: string };
  /** How many of the ranking come back; all where not given. */
  readonly top?: number;
}

/** The envelope of a request: `work` names it in the notifications that belong to it. */
export interface WorkerRequestMessage {
  readonly work: number;
  readonly params: unknown;
}

/** Notifications from the worker to the host. */
export interface WorkerNotifications {
  'work/progress': { readonly work: number; readonly progress: Progress };
  'work/event': { readonly work: number; readonly event: unknown };
}

/** The `data` of a JSON-RPC error response. */
export type WorkerErrorData = SerialisedError;
