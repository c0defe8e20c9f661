import type {
  DoctorReport,
  EvaluateAnswer,
  EvaluateOptions,
  MetricsLine,
  PresetSummary,
  RunSummary,
  ScoreOptions,
  ScoreResult,
  TrainOptions,
  TrainResult,
} from '../core/run';
import type { BuildOptions, BuildResult } from '../core/dataset/build';
import type { LintFileOptions, LintFinding } from '../core/dataset/lint';
import type { OverviewResult } from '../core/dataset/overviewResult';
import type { BuildPreview } from '../core/dataset/previewBuild';
import type { SuggestedSources } from '../core/dataset/suggestSources';
import type { SampleOptions, SampleSummary } from '../core/sample/writeCorpus';
import type { VolumeInfo } from '../core/volume/describe';
import type { Slice } from '../core/volume/slices';
import type { Plane, VolumeHeader } from '../core/volume/types';
import type { Progress } from '../core/progress';
import type { SerialisedError } from './errors';

/**
 * Every request the worker answers: what it takes, what it gives back, and what it tells while it
 * works (`event`; `never` where there is only progress). Paths are absolute.
 */
export interface WorkerRequests {
  'volume/info': { params: { path: string }; result: VolumeInfo; event: never };
  'volume/open': { params: { path: string }; result: OpenVolume; event: never };
  'volume/slice': { params: SliceRequest; result: Slice; event: never };
  'volume/close': { params: { handle: string }; result: null; event: never };
  'volume/middle': { params: { path: string }; result: MiddleSlices; event: never };
  'presets/list': { params: { modelsFolder: string }; result: PresetSummary[]; event: never };
  'runs/list': { params: { folder: string }; result: RunSummary[]; event: never };
  train: { params: TrainOptions; result: TrainResult; event: TrainEvent };
  evaluate: { params: EvaluateOptions; result: EvaluateAnswer; event: never };
  score: { params: ScoreOptions; result: ScoreResult; event: never };
  'dataset/lint': {
    params: { path: string } & LintFileOptions;
    result: LintFinding[];
    event: never;
  };
  'dataset/overview': {
    params: { paths: readonly string[] };
    result: OverviewResult;
    event: never;
  };
  'dataset/build': { params: BuildRequest; result: BuildResult; event: never };
  'dataset/previewBuild': { params: BuildRequest; result: BuildPreview; event: never };
  'dataset/suggest': { params: { reports: string }; result: SuggestedSources; event: never };
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

export interface BuildRequest {
  readonly options: BuildOptions;
  /** Where the tokenizers are, for a build that compares reports by a run. */
  readonly modelsFolder: string;
}

/** A volume the worker holds open for slices (it reads it again by itself if it had to let it go). */
export interface OpenVolume {
  readonly handle: string;
  readonly header: VolumeHeader;
  readonly info: VolumeInfo;
  /** Number of slices by plane. */
  readonly slices: Readonly<Record<Plane, number>>;
}

/** The middle slice of each plane; the worker keeps nothing of the volume. */
export interface MiddleSlices {
  readonly header: VolumeHeader;
  readonly info: VolumeInfo;
  /** Axial, coronal, sagittal. */
  readonly slices: readonly Slice[];
  /** Number of slices of each plane, in the same order. */
  readonly counts: readonly number[];
}

export interface SliceRequest {
  readonly handle: string;
  readonly plane: Plane;
  /** 0 .. slices[plane] - 1 */
  readonly index: number;
}

/** What a training tells is what it logs. */
export type TrainEvent = MetricsLine;

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
