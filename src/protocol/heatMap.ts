import type { ExplainMethod } from '../core/explanation';
import type { Affine } from '../core/volume/types';
import type { Call } from './webview';

/** What in a volume speaks for an option of one of its questions. */
export interface HeatMapRequest {
  /** The volume, as the page numbers it. */
  readonly file: number;
  /** The question file, absolute, and the question in it. */
  readonly path: string;
  readonly question: string;
  readonly option: number;
  /** The option it is compared with; all others together where absent. */
  readonly against?: number;
  readonly method: ExplainMethod;
  /** Whether the user is to say which run is asked, though they did before. */
  readonly anotherRun?: boolean;
}

export interface HeatMap {
  /** Voxels along x, y, z: to the patient's left, back and head. */
  readonly shape: readonly [number, number, number];
  readonly affine: Affine;
  /** x fastest; above 0 speaks for the option. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The largest value by amount. */
  readonly strongest: number;
  readonly options: readonly HeatMapOption[];
  /** The run that was asked. */
  readonly run: string;
}

export interface HeatMapOption {
  readonly label: string;
  readonly probability: number;
}

/** Null where the user thought better of it. */
export type HeatMapCall = Call<'explain', HeatMapRequest, HeatMap | null>;

/** Words of the bar under a heat map; `{0}` are filled in by the page. */
export interface HeatMapStrings {
  /** {0} is the option, {1} its probability. */
  readonly option: string;
  readonly supports: string;
  readonly against: string;
  readonly allOthers: string;
  readonly method: string;
  readonly methods: Readonly<Record<ExplainMethod, string>>;
  /** {0} is the run. */
  readonly run: string;
  readonly runHint: string;
  readonly working: string;
}
