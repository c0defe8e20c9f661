import type { Value } from '../value';
import { add, equal, mul, where } from './elementwise';
import { matmul, swapLast } from './matrix';
import { softmax } from './normalisation';

/** Score of a key that must not be seen: its share is exactly 0 in float32. */
const unseen = -1e30;

export interface AttentionOptions {
  /**
   * 1 where a query may see a key, 0 where not (padding); integers that broadcast to
   * [..., asked, seen]: [N, 1, 1, seen] for padding. A query that sees nothing weighs all alike.
   */
  readonly mask?: Value;
  /** Added to the scores, broadcast likewise. */
  readonly bias?: Value;
  /** Applied to the shares, for dropout. */
  readonly onShares?: (shares: Value) => Value;
}

/**
 * softmax(Q Kᵀ / √size + bias) V (Vaswani et al. 2017) over the last two axes: queries
 * [..., asked, size], keys [..., seen, size], values [..., seen, width] -> [..., asked, width].
 * Queries and keys may come from different places (cross-attention).
 */
export function attention(
  queries: Value,
  keys: Value,
  values: Value,
  { mask, bias, onShares = (shares) => shares }: AttentionOptions = {},
): Value {
  // The queries are scaled, not the scores, of which there are more.
  const scaled = mul(queries, 1 / Math.sqrt(Number(queries.shape.at(-1))));
  const product = matmul(scaled, swapLast(keys));
  const scores = bias === undefined ? product : add(product, bias);
  const seen = mask === undefined ? scores : where(equal(mask, 0), unseen, scores);
  return matmul(onShares(softmax(seen)), values);
}

/** 1 where token j of a text comes no later than token i, int32 [tokens, tokens]. */
export function causalMask({ graph }: Value, tokens: number): Value {
  const seen = Array.from({ length: tokens ** 2 }, (_, place) =>
    place % tokens <= Math.floor(place / tokens) ? 1 : 0,
  );
  return graph.constant('int32', [tokens, tokens], seen);
}
