import { planeLayouts } from '../../core/volume/slices';
import type { Plane } from '../../core/volume/types';
import type { PreviewTool } from '../../protocol/preview';
import type { PanelPage } from './viewState';

/** What a key asks of the viewer. */
export type KeyAction =
  | { readonly kind: 'slice'; readonly by: number }
  /** To one end of the stack. */
  | { readonly kind: 'end'; readonly last: boolean }
  | { readonly kind: 'move'; readonly axis: 0 | 1 | 2; readonly by: number }
  | { readonly kind: 'window'; readonly preset: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'tool'; readonly tool: PreviewTool }
  | { readonly kind: 'panel'; readonly page: PanelPage }
  | { readonly kind: 'thickness'; readonly factor: number }
  | { readonly [K in PlainAction]: { readonly kind: K } }[PlainAction];

/** Actions that need nothing more to be known. */
type PlainAction =
  | 'centre'
  | 'crosshair'
  | 'speak'
  | 'maximise'
  | 'fit'
  | 'convention'
  | 'projection'
  | 'measure'
  | 'removeMeasurement'
  | 'source'
  | 'rendering';

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
}

const plainKeys = new Map<string, KeyAction>(
  Object.entries({
    ArrowUp: { kind: 'slice', by: 1 },
    ArrowRight: { kind: 'slice', by: 1 },
    ArrowDown: { kind: 'slice', by: -1 },
    ArrowLeft: { kind: 'slice', by: -1 },
    PageUp: { kind: 'slice', by: 10 },
    PageDown: { kind: 'slice', by: -10 },
    Home: { kind: 'end', last: false },
    End: { kind: 'end', last: true },
    '1': { kind: 'window', preset: 0 },
    '2': { kind: 'window', preset: 1 },
    '3': { kind: 'window', preset: 2 },
    '4': { kind: 'window', preset: 3 },
    '5': { kind: 'window', preset: 4 },
    '+': { kind: 'zoom', factor: 1.25 },
    '=': { kind: 'zoom', factor: 1.25 },
    '-': { kind: 'zoom', factor: 0.8 },
    '0': { kind: 'fit' },
    c: { kind: 'centre' },
    x: { kind: 'crosshair' },
    v: { kind: 'speak' },
    f: { kind: 'maximise' },
    n: { kind: 'convention' },
    m: { kind: 'projection' },
    '[': { kind: 'thickness', factor: 0.5 },
    ']': { kind: 'thickness', factor: 2 },
    t: { kind: 'rendering' },
    s: { kind: 'source' },
    o: { kind: 'panel', page: 'report' },
    i: { kind: 'panel', page: 'header' },
    g: { kind: 'panel', page: 'histogram' },
    '?': { kind: 'panel', page: 'keys' },
    w: { kind: 'tool', tool: 'window' },
    p: { kind: 'tool', tool: 'pan' },
    d: { kind: 'tool', tool: 'distance' },
    r: { kind: 'tool', tool: 'rectangle' },
    e: { kind: 'tool', tool: 'ellipse' },
    Escape: { kind: 'tool', tool: 'crosshair' },
    Enter: { kind: 'measure' },
    Delete: { kind: 'removeMeasurement' },
    Backspace: { kind: 'removeMeasurement' },
  } satisfies Record<string, KeyAction>),
);

/** Steps across and down the picture of the arrow keys with Shift. */
const steps = new Map<string, readonly [number, number]>(
  Object.entries({
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  } satisfies Record<string, [number, number]>),
);

/**
 * The action of a key while `plane` is active, its pictures mirrored or not; undefined for keys that
 * are not ours.
 */
export function keyAction(
  { key, shiftKey }: Key,
  plane: Plane,
  isMirrored = false,
): KeyAction | undefined {
  const step = steps.get(key);
  if (!shiftKey || step === undefined) {
    return plainKeys.get(key.length === 1 ? key.toLowerCase() : key);
  }
  const [right, downwards] = step;
  const { across, down, upsideDown } = planeLayouts[plane];
  return right !== 0
    ? { kind: 'move', axis: across, by: isMirrored ? -right : right }
    : { kind: 'move', axis: down, by: upsideDown ? -downwards : downwards };
}
