import { renderingViews, viewLetter, type RenderingView } from '../../protocol/rendering';

/** What a key asks of a rendering. */
export type KeyAction =
  /** Degrees, as the viewer goes around the patient. */
  | { readonly kind: 'rotate'; readonly azimuth: number; readonly elevation: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'view'; readonly view: RenderingView };

const degrees = 15;
const larger = 1.2;

const rotate = (azimuth: number, elevation: number): KeyAction => ({
  kind: 'rotate',
  azimuth,
  elevation,
});

/** Arrows turn the patient the way they point. */
const keyActions = new Map<string, KeyAction>([
  ['ArrowLeft', rotate(degrees, 0)],
  ['ArrowRight', rotate(-degrees, 0)],
  ['ArrowUp', rotate(0, -degrees)],
  ['ArrowDown', rotate(0, degrees)],
  ['+', { kind: 'zoom', factor: larger }],
  // The same key without Shift, on many keyboards.
  ['=', { kind: 'zoom', factor: larger }],
  ['-', { kind: 'zoom', factor: 1 / larger }],
  ...renderingViews.map((view): [string, KeyAction] => [viewLetter(view), { kind: 'view', view }]),
]);

/** The action of a key; undefined for keys that are not ours. */
export function keyAction(key: string): KeyAction | undefined {
  return keyActions.get(key.length === 1 ? key.toUpperCase() : key);
}
