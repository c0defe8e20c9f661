import type { VolumeInfo } from '../core/volume/describe';
import type { HuSource, Plane, VolumeHeader } from '../core/volume/types';
import type { WindowName } from '../core/volume/windows';
import type { Call, Notice } from './webview';

/** One slice as the page draws it; layout as core's `Slice`. */
export interface PreviewSlice {
  readonly plane: Plane;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** HU, row-major, top-left first; 16-bit where that loses nothing. */
  readonly hu: Int16Array | Float32Array;
  /** Size of a pixel, mm: across, down. */
  readonly pixelMm: readonly [number, number];
}

/** A volume that is open: all the page needs before it asks for more slices. */
export interface PreviewVolume {
  readonly fileName: string;
  readonly header: VolumeHeader;
  readonly info: VolumeInfo;
  readonly slices: Readonly<Record<Plane, number>>;
}

export interface SliceAddress {
  readonly plane: Plane;
  readonly index: number;
}

/** The host's side of the preview. */
export interface PreviewHost {
  readonly calls:
    | Call<'open', { readonly again: boolean }, PreviewVolume>
    | Call<'slice', SliceAddress, PreviewSlice>
    | Call<'showLog', null, null>;
  readonly notices: never;
}

/** How far opening a volume is: `done` of `total` units of a stage. */
export interface OpeningProgress {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

/** The page's side. */
export interface PreviewPage {
  readonly calls: never;
  readonly notices:
    | Notice<'progress', OpeningProgress>
    /** The file changed on disk: open it again. */
    | Notice<'changed', null>;
}

/** Words for pictures of volumes, on every page that shows some. */
export interface WindowStrings {
  readonly planes: Readonly<Record<Plane, string>>;
  readonly windows: Readonly<Record<WindowName, string>>;
  readonly window: string;
  /** {0} is the preset, {1} and {2} its level and width, {3} its key. */
  readonly windowHint: string;
  /** {0} is the plane. */
  readonly slice: string;
  /** {0} is the slice, {1} how many there are. */
  readonly sliceOf: string;
  readonly huWarning: string;
}

/** Words of the preview, in the user's language; `{0}` are filled in by the page. */
export interface PreviewStrings extends WindowStrings {
  readonly level: string;
  readonly width: string;
  readonly center: string;
  readonly centerHint: string;
  readonly crosshair: string;
  readonly facts: string;
  readonly keys: string;
  readonly keyRows: readonly (readonly [keys: string, does: string])[];
  readonly planeLabel: string;
  readonly voxel: string;
  readonly world: string;
  readonly hu: string;
  readonly loading: string;
  readonly failed: string;
  readonly retry: string;
  readonly showLog: string;
  readonly shape: string;
  readonly spacing: string;
  readonly orientation: string;
  readonly dtype: string;
  readonly slope: string;
  readonly range: string;
  readonly frames: string;
  readonly firstFrame: string;
  readonly format: string;
  readonly file: string;
  readonly affine: string;
  readonly huSource: string;
  readonly huSources: Readonly<Record<HuSource, string>>;
  readonly radiological: string;
  readonly unknownOrientation: string;
}

/**
 * `hu` as 16-bit integers where every value is one (as in nearly all CT), half the bytes for the
 * same picture; otherwise as it is.
 */
export function packHu(hu: Float32Array): Int16Array | Float32Array {
  const packed = new Int16Array(hu.length);
  for (let i = 0; i < hu.length; i++) {
    packed[i] = hu[i];
    if (packed[i] !== hu[i]) {
      return hu;
    }
  }
  return packed;
}
