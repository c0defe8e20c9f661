import { attention, reshape, transpose, type Value } from '../graph';

export interface AttentionInputs {
  /** [..., asked, width] */
  readonly queries: Value;
  /** [..., S, width], as are the values; leading axes broadcast with those of the queries. */
  readonly keys: Value;
  readonly values: Value;
  /** Integers, 1 for what may be seen, broadcast to [..., heads, asked, S]; all where absent. */
  readonly mask?: Value;
}

/** Attention by every head, heads side by side again: [..., asked, width]. */
export function multiHeadAttention(
  { queries, keys, values, mask }: AttentionInputs,
  heads: number,
): Value {
  const [q, k, v] = [queries, keys, values].map((x) => byHead(x, heads));
  return joined(attention(q, k, v, mask === undefined ? {} : { mask }));
}

/** [..., S, width] -> [..., heads, S, width / heads] */
function byHead(x: Value, heads: number): Value {
  const size = Number(x.shape.at(-1)) / heads;
  return headsAndTokensSwapped(reshape(x, [...x.shape.slice(0, -1), heads, size]));
}

/** [..., heads, S, size] -> [..., S, heads size] */
function joined(x: Value): Value {
  const apart = headsAndTokensSwapped(x);
  const [heads, size] = apart.shape.slice(-2).map(Number);
  return reshape(apart, [...apart.shape.slice(0, -2), heads * size]);
}

/** Swaps the third last and the second last axis. */
function headsAndTokensSwapped(x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  const first = axes.length - 3;
  return transpose(x, [...axes.slice(0, first), first + 1, first, first + 2]);
}
