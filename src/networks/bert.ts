import type { BertSettings } from '../core/preset';
import {
  add,
  cast,
  gather,
  gelu,
  matmul,
  mul,
  reshape,
  sizeOf,
  slice,
  softmax,
  sub,
  transpose,
  type Value,
} from '../graph';
import { filled, normal } from './initialisers';
import { layerNormLayer, linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';

const epsilon = 1e-12;
const biases = filled(0);
/** BERT's initializer_range. */
const usualDeviation = 0.02;
/** Added to the attention scores of padding, as in the original BERT. */
const maskedScore = -10_000;

/**
 * BERT's encoder (Devlin et al. 2019): post-norm, exact GELU, no dropout, one kind of segment.
 * ids and mask (1 token, 0 padding) are [N, S] integers; the result is what stands after the last
 * layer at the first token, [CLS]: [N, hidden], or at every token: [N, S, hidden].
 */
export function bert(
  ids: Value,
  mask: Value,
  settings: BertSettings,
  parameter: ParameterSource,
  wanted: 'first' | 'all' = 'first',
): Value {
  const { graph } = ids;
  const [texts, tokens] = ids.shape;
  const padding = mul(sub(1, cast(mask, 'float32')), maskedScore);
  const scoreBias = reshape(padding, [texts, 1, 1, tokens]);
  let states = graph.within('embeddings', () => embed(ids, settings, parameter));
  for (let index = 0; index < settings.layers; index++) {
    const scope = `layers.${index}`;
    // Where nothing reads the last layer's other tokens, only [CLS] asks there.
    const firstOnly = wanted === 'first' && index === settings.layers - 1;
    const queries = firstOnly ? slice(states, { axis: 1, end: 1 }) : states;
    states = graph.within(scope, () =>
      encoderLayer(states, queries, scoreBias, settings, within(parameter, scope)),
    );
  }
  return wanted === 'all'
    ? states
    : reshape(slice(states, { axis: 1, end: 1 }), [texts, settings.hidden]);
}

/** Word, position and segment vectors, summed and normalised: [N, S, hidden]. */
function embed(
  ids: Value,
  { vocabularySize, maxPositions, hidden, initialDeviation = usualDeviation }: BertSettings,
  parameter: ParameterSource,
): Value {
  const weights = normal(initialDeviation);
  const table = (name: string, rows: number): Value =>
    parameter(`${name}.weight`, [rows, hidden], weights);
  const words = gather(table('word', vocabularySize), ids);
  const positions = slice(table('pos', maxPositions), { axis: 0, end: sizeOf(ids, 1) });
  const segment = slice(table('kind', 2), { axis: 0, end: 1 });
  return layerNormLayer(add(words, add(positions, segment)), epsilon, within(parameter, 'ln'));
}

/** Attention and feed-forward, each added to its input and normalised; for the queries given. */
function encoderLayer(
  states: Value,
  queries: Value,
  scoreBias: Value,
  settings: BertSettings,
  parameter: ParameterSource,
): Value {
  const { initialDeviation = usualDeviation, attentionGain = 1 } = settings;
  const dense = (x: Value, name: string, outputs: number, gain = 1): Value => {
    const weights = normal(gain * initialDeviation);
    return linearLayer(x, outputs, within(parameter, name), { weights, biases });
  };
  const norm = (x: Value, name: string): Value =>
    layerNormLayer(x, epsilon, within(parameter, name));
  const { hidden, feedForward } = settings;

  const attended = attention(
    {
      queries: dense(queries, 'q', hidden),
      keys: dense(states, 'k', hidden),
      values: dense(states, 'v', hidden, attentionGain),
    },
    scoreBias,
    settings.heads,
  );
  const x = norm(add(queries, dense(attended, 'o', hidden, attentionGain)), 'ln1');
  const inner = gelu(dense(x, 'up', feedForward));
  return norm(add(x, dense(inner, 'down', hidden)), 'ln2');
}

interface AttentionInputs {
  /** [N, asked, hidden] */
  readonly queries: Value;
  /** [N, S, hidden], as are the values. */
  readonly keys: Value;
  readonly values: Value;
}

/** softmax(Q Kᵀ / √size + bias) V for every head; [N, asked, hidden]. */
function attention(
  { queries, keys, values }: AttentionInputs,
  scoreBias: Value,
  heads: number,
): Value {
  const [texts, tokens, hidden] = keys.shape;
  const asked = queries.shape[1];
  const size = Number(hidden) / heads;
  const scaled = mul(queries, 1 / Math.sqrt(size));
  const byHead = transpose(reshape(scaled, [texts, asked, heads, size]), [0, 2, 1, 3]);
  const keysByHead = transpose(reshape(keys, [texts, tokens, heads, size]), [0, 2, 3, 1]);
  const valuesByHead = transpose(reshape(values, [texts, tokens, heads, size]), [0, 2, 1, 3]);
  const share = softmax(add(matmul(byHead, keysByHead), scoreBias));
  return reshape(transpose(matmul(share, valuesByHead), [0, 2, 1, 3]), [texts, asked, hidden]);
}
