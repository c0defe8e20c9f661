import type { UserError } from '../../core/errors';
import type { Plane } from '../../core/volume/types';
import type { RenderingPreset, RenderingView } from '../../protocol/rendering';
import type { RenderedVolume } from './volume';

/** Where everything before one plane is taken away, so that what lies behind it is seen. */
export interface CutAway {
  readonly plane: Plane;
  /** Where the plane stands, as a share of the volume's extent along its axis, 0 to 1. */
  readonly share: number;
}

/** What a listener learns after each change. */
export interface RenderingState {
  readonly preset: RenderingPreset;
  /** Undefined after the patient was turned by hand. */
  readonly view: RenderingView | undefined;
}

export interface RenderingOptions {
  readonly preset: RenderingPreset;
  readonly view: RenderingView;
  /** A CSS colour. */
  readonly background: string;
  readonly onChange: (state: RenderingState) => void;
  /** The rendering is of no use any more: dispose of it, and say why. */
  readonly onProblem: (problem: UserError) => void;
}

/** A rendering in a container; draws itself whenever something changed. */
export interface VolumeRendering {
  setPreset(preset: RenderingPreset): void;
  /** Another volume or a finer one; the camera stays. */
  setVolume(volume: RenderedVolume): void;
  /**
   * Takes away what lies between the viewer and a plane; undefined shows all. Which half that is
   * stays while the patient is turned, and is chosen anew when another plane or view is.
   */
  setCutAway(cut: CutAway | undefined): void;
  /** Looks from a side at the whole volume. */
  resetCamera(view: RenderingView): void;
  /** Degrees to the patient's left around the long axis, and upwards. */
  rotate(azimuth: number, elevation: number): void;
  /** Larger by a factor. */
  zoom(factor: number): void;
  /** The container's size changed. Called by itself where the browser tells. */
  resize(): void;
  /** Frees everything, graphics memory too. */
  dispose(): void;
}

/**
 * Draws `volume` into `container`, an element with a size of its own.
 *
 * @throws UserError with a code of `RenderingProblem`.
 */
export type CreateVolumeRendering = (
  container: HTMLElement,
  volume: RenderedVolume,
  options: RenderingOptions,
) => VolumeRendering;

declare global {
  /** What the script `rendering.js` leaves behind when it ran. */
  var ctMcqaRendering: { readonly createVolumeRendering: CreateVolumeRendering } | undefined;
}
