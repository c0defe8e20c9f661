import type { CardMove } from '../../protocol/questionCard';

/** What a key asks of the card. */
export type CardAction =
  | { readonly kind: 'move'; readonly to: CardMove }
  | { readonly kind: 'window'; readonly preset: number }
  | { readonly kind: 'differences' | 'openVolume' | 'reveal' };

interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const actions = new Map<string, CardAction>(
  Object.entries({
    ArrowLeft: { kind: 'move', to: 'previous' },
    ArrowRight: { kind: 'move', to: 'next' },
    w: { kind: 'move', to: 'nextWrong' },
    'Shift+w': { kind: 'move', to: 'previousWrong' },
    '1': { kind: 'window', preset: 0 },
    '2': { kind: 'window', preset: 1 },
    '3': { kind: 'window', preset: 2 },
    '4': { kind: 'window', preset: 3 },
    d: { kind: 'differences' },
    o: { kind: 'openVolume' },
    e: { kind: 'reveal' },
  } satisfies Record<string, CardAction>),
);

/** The key of a move, as `aria-keyshortcuts` spells it. */
export function keyOfMove(to: CardMove): string | undefined {
  return [...actions].find(([, action]) => action.kind === 'move' && action.to === to)?.[0];
}

/** The action of a key; undefined for keys that are not ours, and those of the editor (Ctrl+W). */
export function cardAction(pressed: Key): CardAction | undefined {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) {
    return undefined;
  }
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  return actions.get(pressed.shiftKey ? `Shift+${key}` : key);
}
