import type { Device } from './run';
import type { Affine } from './volume/types';

/**
 * How a map is made. `gradient`: gradient × (voxel - air), averaged over copies of the volume with
 * a little noise (SmoothGrad, Smilkov et al. 2017). `integrated`: the same with the mean gradient
 * on the way from a volume of air (integrated gradients, Sundararajan et al. 2017), so that a map
 * adds up to what the whole volume changes. `occlusion`: what is lost where a block is air (Zeiler
 * and Fergus 2014); slowest, and the plainest to read.
 */
export const explainMethods = ['gradient', 'integrated', 'occlusion'] as const;
export type ExplainMethod = (typeof explainMethods)[number];

/** The size of what is hidden at a time, mm. */
export interface OcclusionSizes {
  /** Edge of the block; a sixth of each axis where absent. */
  readonly blockMm?: number;
  /** From one block to the next; half a block where absent. */
  readonly stepMm?: number;
}

/** What is to be explained, and how. Paths are absolute. */
export interface ExplainOptions {
  readonly modelsFolder: string;
  readonly run: string;
  readonly volume: string;
  /** Folders to look for images in, beside those the data set names. */
  readonly imageRoots?: readonly string[];
  readonly device?: Device;
  /** The options of a question about the volume (its first where none is named), or any texts. */
  readonly texts:
    | { readonly kind: 'question'; readonly path: string; readonly question?: string }
    | { readonly kind: 'texts'; readonly texts: readonly string[] };
  readonly method: ExplainMethod;
  /** Indices of the options to make a map of, or the one that the model chooses; all where absent. */
  readonly only?: readonly number[] | 'answer';
  /**
   * What speaks for an option is measured against this one: the difference of their logits. Where
   * absent, against all others together: the option's log-odds. A single text has its logit only.
   */
  readonly against?: number;
  /** Gradients averaged; 8 where absent. */
  readonly samples?: number;
  /** Of the noise; 0 where absent. */
  readonly seed?: number;
  readonly occlusion?: OcclusionSizes;
}

/** What in a volume speaks for each option, as a model sees it. */
export interface Explanation {
  readonly run: string;
  readonly modelHash: string;
  /** Fingerprint of the preprocessing. */
  readonly preprocessing: string;
  readonly method: ExplainMethod;
  readonly question?: string;
  /** Index of the option that all maps are measured against; absent where it is all others. */
  readonly against?: number;
  /** In the order of the question. */
  readonly options: readonly ExplainedOption[];
  /** [depth, height, width] of the box that the model sees: voxels along z, y, x. */
  readonly shape: readonly [number, number, number];
  /** Box voxel (x, y, z), to the patient's left, back and head, to world mm (RAS+). See `TensorGrid`. */
  readonly affine: Affine;
  /** For a scale of colours: minus and plus the largest value of any map by amount. */
  readonly range: readonly [number, number];
}

export interface ExplainedOption {
  readonly label: string;
  readonly text: string;
  readonly logit: number;
  /** Softmax over the options. */
  readonly probability: number;
  readonly truth?: boolean;
  /**
   * Per box voxel, at `x + width * (y + height * z)`: above 0 where what is there speaks for the
   * option, below where against it, in units of the logit; a gradient's are the shares of the single
   * voxels, those of occlusion what a whole block about the voxel changes. Absent where it was not
   * asked for.
   */
  readonly map?: Float32Array;
}
