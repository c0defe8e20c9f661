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
import type { Explanation, ExplainOptions } from '../core/explanation';
import type { BuildOptions, BuildResult } from '../core/dataset/build';
import type { LintFileOptions, LintFinding } from '../core/dataset/lint';
import type { OverviewResult } from '../core/dataset/overviewResult';
import type { BuildPreview } from '../core/dataset/previewBuild';
import type { SuggestedSources } from '../core/dataset/suggestSources';
import type { RescaleRequest } from '../core/dataset/tableRescale';
import type { Sentence } from '../core/sentence';
import type { ContextRequest, VolumeContext } from '../core/dataset/volumeContext';
import type { VolumeQuestions, VolumeQuestionsRequest } from '../core/dataset/volumeQuestions';
import type { SampleOptions, SampleSummary } from '../core/sample/writeCorpus';
import type { VolumeFindings, VolumeInfo } from '../core/volume/describe';
import type { HeaderDescription } from '../core/volume/headerDescription';
import type { Rescale } from '../core/volume/rescale';
import type { Slice } from '../core/volume/slices';
import type { Plane, VolumeHeader } from '../core/volume/types';
import type { CodedPiece } from '../core/volume/voxelCodec';
import type { VoxelEncoding } from '../core/volume/voxelEncoding';
import type { Progress } from '../core/progress';
import type { SerialisedError } from './errors';

/**
 * Every request the worker answers: what it takes, what it gives back, and what it tells while it
 * works (`event`; `never` where there is only progress). Paths are absolute.
 */
export interface WorkerRequests {
  'volume/info': { params: VolumeRequest; result: VolumeInfo; event: never };
  'volume/open': { params: OpenVolumeRequest; result: OpenVolume; event: never };
  'volume/openModelView': { params: ModelViewRequest; result: OpenVolume; event: never };
  'volume/piece': { params: { handle: string }; result: VolumePieceAnswer; event: never };
  /** Lasts as long as voxels are offered or on their way; the result is whether all were sent. */
  'volume/stream': { params: { handle: string }; result: boolean; event: VoxelAddress };
  'volume/slice': { params: SliceRequest; result: Slice | null; event: never };
  'volume/header': { params: { path: string }; result: HeaderDescription; event: never };
  'volume/close': { params: { handle: string }; result: null; event: never };
  'volume/middle': { params: VolumeRequest; result: MiddleSlices; event: never };
  'volume/context': { params: ContextRequest; result: VolumeContext; event: never };
  'volume/questions': { params: VolumeQuestionsRequest; result: VolumeQuestions; event: never };
  'presets/list': { params: { modelsFolder: string }; result: PresetSummary[]; event: never };
  'runs/list': { params: { folder: string }; result: RunSummary[]; event: never };
  train: { params: TrainOptions; result: TrainResult; event: TrainEvent };
  evaluate: { params: EvaluateOptions; result: EvaluateAnswer; event: never };
  score: { params: ScoreOptions; result: ScoreResult; event: never };
  explain: { params: ExplainOptions; result: Explanation; event: never };
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

/** A volume to be read; with slope and intercept of the file unless something else is asked for. */
export interface VolumeRequest {
  readonly path: string;
  readonly rescale?: RescaleRequest;
}

export interface OpenVolumeRequest {
  readonly path: string;
  readonly rescale: Rescale;
  /** Whether pieces are packed: they go further than to the next process of this machine. */
  readonly packs: boolean;
}

/** The box that a preset's model gets of a volume, as a volume. */
export interface ModelViewRequest extends OpenVolumeRequest {
  readonly preset: string;
  readonly modelsFolder: string;
}

/** What is known of a volume before its voxels. */
export interface VolumeDescription {
  readonly header: VolumeHeader;
  readonly encoding: VoxelEncoding;
  /** Where the volume is too large for a viewer: what its pieces are of. */
  readonly proxy?: ProxyDescription;
}

/** The same volume in voxels `factor` times as long, wide and high. */
export interface ProxyDescription {
  readonly factor: number;
  readonly header: VolumeHeader;
}

/** A volume whose voxels can be asked for piece by piece. */
export interface OpenVolume extends VolumeDescription {
  readonly handle: string;
}

/** One answer after the other gives the volume; the last says what was found out about all of it. */
export type VolumePieceAnswer =
  | { readonly kind: 'voxels'; readonly piece: CodedPiece }
  | (VolumeFindings & { readonly kind: 'end' });

/** Where the voxels of one volume can be fetched, once. */
export interface VoxelAddress {
  readonly port: number;
  /** 256 random bits: who does not know them gets nothing. */
  readonly token: string;
}

/** The middle slice of each plane; the worker keeps nothing of the volume. */
export interface MiddleSlices {
  readonly header: VolumeHeader;
  readonly info: VolumeInfo;
  /** What deserves a second look. */
  readonly notes: readonly Sentence[];
  /** Axial, coronal, sagittal. */
  readonly slices: readonly Slice[];
  /** Number of slices of each plane, in the same order. */
  readonly counts: readonly number[];
}

export interface SliceRequest {
  readonly handle: string;
  readonly plane: Plane;
  /** From 0 on the display grid. */
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
