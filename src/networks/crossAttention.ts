import type { CrossAttentionFusion } from '../core/preset';
import { add, gelu, reshape, slice, type Value } from '../graph';
import { multiHeadAttention } from './attention';
import { filled, xavierUniform } from './initialisers';
import { layerNormLayer, linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';

const epsilon = 1e-5;

/**
 * How well texts fit scans, token by token: [..., N].
 *
 * Each layer adds three things to the states of the text tokens, each of their layer norm (pre-norm,
 * Xiong et al. 2020):
 *   x += crossAttention(LN(x), image tokens)     every text token looks for its evidence
 *   x += selfAttention(LN(x)), padding not seen  the text tokens look at each other
 *   x += W₂ gelu(W₁ LN(x))
 * and the logit is w · LN(x₁) + b of the first token, [CLS]. The cross-attention comes before the
 * self-attention, so that already one layer gathers in the first token what all tokens found.
 *
 * @param image tokens [..., T, dimension]; leading axes broadcast with those of the text
 * @param text tokens [..., N, S, dimension] or, for all pairs with an image of [B, 1, T, dimension],
 *   [N, S, dimension]
 * @param mask int32, like the text without its last axis: 1 token, 0 padding
 */
export function crossAttentionLogits(
  image: Value,
  text: Value,
  mask: Value,
  settings: CrossAttentionFusion,
  parameter: ParameterSource,
): Value {
  const [tokens] = mask.shape.slice(-1);
  const visible = reshape(mask, [...mask.shape.slice(0, -1), 1, 1, tokens]);
  let states = text;
  for (let index = 0; index < settings.layers; index++) {
    const scope = `layers.${index}`;
    // Nothing reads the last layer's other tokens.
    const isLast = index === settings.layers - 1;
    states = text.graph.within(scope, () =>
      fusionLayer(states, image, visible, isLast, settings, within(parameter, scope)),
    );
  }
  const first = layerNormLayer(states, epsilon, within(parameter, 'ln'));
  const logit = linearLayer(first, 1, within(parameter, 'head'));
  return reshape(logit, logit.shape.slice(0, -2));
}

/** [..., S, dimension] -> the same, or of the first token only: [..., 1, dimension]. */
function fusionLayer(
  states: Value,
  image: Value,
  visible: Value,
  firstOnly: boolean,
  { dimension, heads, feedForward }: CrossAttentionFusion,
  parameter: ParameterSource,
): Value {
  const norm = (x: Value, name: string): Value =>
    layerNormLayer(x, epsilon, within(parameter, name));
  const dense = (x: Value, name: string, outputs = dimension): Value => {
    const weights = xavierUniform(Number(x.shape.at(-1)), outputs);
    return linearLayer(x, outputs, within(parameter, name), { weights, biases: filled(0) });
  };
  const attend = (name: string, asking: Value, seen: Value, mask?: Value): Value => {
    const inputs = {
      queries: dense(asking, `${name}.q`),
      keys: dense(seen, `${name}.k`),
      values: dense(seen, `${name}.v`),
      ...(mask && { mask }),
    };
    return dense(multiHeadAttention(inputs, heads), `${name}.o`);
  };

  const informed = add(states, attend('cross', norm(states, 'ln1'), image));
  const normed = norm(informed, 'ln2');
  const firstOf = (x: Value): Value => (firstOnly ? slice(x, { axis: -2, end: 1 }) : x);
  const gathered = add(firstOf(informed), attend('self', firstOf(normed), normed, visible));
  const inner = gelu(dense(norm(gathered, 'ln3'), 'up', feedForward));
  return add(gathered, dense(inner, 'down'));
}
