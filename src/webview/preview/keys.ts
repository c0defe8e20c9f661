import { planeLayouts } from '../../core/volume/slices';
import type { Plane } from '../../core/volume/types';

/** What a key asks of the viewer. */
export type KeyAction =
  | { readonly kind: 'slice'; readonly by: number }
  /** To one end of the stack. */
  | { readonly kind: 'end'; readonly last: boolean }
  | { readonly kind: 'move'; readonly axis: 0 | 1 | 2; readonly by: number }
  | { readonly kind: 'window'; readonly preset: number }
  | { readonly kind: 'centre' | 'crosshair' | 'facts' | 'speak' };

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
    c: { kind: 'centre' },
    x: { kind: 'crosshair' },
    i: { kind: 'facts' },
    v: { kind: 'speak' },
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

/** The action of a key while `plane` is active; undefined for keys that are not ours. */
export function keyAction({ key, shiftKey }: Key, plane: Plane): KeyAction | undefined {
  const step = steps.get(key);
  if (!shiftKey || step === undefined) {
    return plainKeys.get(key.length === 1 ? key.toLowerCase() : key);
  }
  const [right, downwards] = step;
  const { across, down, upsideDown } = planeLayouts[plane];
  return right !== 0
    ? { kind: 'move', axis: across, by: right }
    : { kind: 'move', axis: down, by: upsideDown ? -downwards : downwards };
}
