import type { Plane } from '../core/volume/types';

/** What the 3-D rendering can show, and its words; the tables behind the names are the page's. */

/** Presets in the order of their buttons. */
export const renderingPresets = ['lung', 'bone', 'soft', 'vessels', 'skin'] as const;
export type RenderingPreset = (typeof renderingPresets)[number];

/** Sides that the patient can be seen from, in the order of their buttons. */
export const renderingViews = [
  'anterior',
  'posterior',
  'right',
  'left',
  'superior',
  'inferior',
] as const;
export type RenderingView = (typeof renderingViews)[number];

/** The letter of a view's side, which is its key as well. */
export function viewLetter(view: RenderingView): string {
  return view.charAt(0).toUpperCase();
}

/** Why there is no rendering: no WebGL 2, the graphics device went away, a volume it cannot hold. */
export type RenderingProblem = 'rendering-webgl' | 'rendering-lost' | 'rendering-size';

/** Words of the rendering, in the user's language; `{0}` are filled in by the page. */
export interface RenderingStrings {
  readonly title: string;
  readonly preset: string;
  readonly presets: Readonly<Record<RenderingPreset, string>>;
  /** What a preset shows, with its range of HU. */
  readonly presetHints: Readonly<Record<RenderingPreset, string>>;
  readonly view: string;
  readonly views: Readonly<Record<RenderingView, string>>;
  /** {0} is the view, {1} its key. */
  readonly viewHint: string;
  readonly cutAway: string;
  readonly cutAwayHint: string;
  readonly noCut: string;
  readonly cutPlanes: Readonly<Record<Plane, string>>;
  /** For screen readers: {0} is the preset, {1} the view. */
  readonly description: string;
  /** In place of a view after the patient was turned by hand. */
  readonly turned: string;
  readonly keysHint: string;
  readonly preparing: string;
  readonly retry: string;
  readonly problems: Readonly<
    Record<RenderingProblem, { readonly message: string; readonly remedy: string }>
  >;
}
