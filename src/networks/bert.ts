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
const weights = normal(0.02);
const biases = filled(0);
/** Added to the attention scores of padding, as in the original BERT. */
const maskedScore = -10_000;

/**
 * BERT's encoder (Devlin et al. 2019): post-norm, exact GELU, no dropout, one kind of segment.
 * ids and mask (1 token, 0 padding) are [N, S] integers; the result is the state of the first
 * token, [CLS], after the last layer: [N, hidden].
 */
export function bert(
  ids: Value,
  mask: Value,
  settings: BertSettings,
  parameter: ParameterSource,
): Value {
  const { graph } = ids;
  const [texts, tokens] = ids.shape;
  const padding = mul(sub(1, cast(mask, 'float32')), maskedScore);
  const scoreBias = reshape(padding, [texts, 1, 1, tokens]);
  let states = graph.within('embeddings', () => embed(ids, settings, parameter));
  for (let index = 0; index < settings.layers; index++) {
    const scope = `layers.${index}`;
    // Nothing reads the last layer's other tokens: only [CLS] asks there.
    const queries = index === settings.layers - 1 ? slice(states, { axis: 1, end: 1 }) : states;
    states = graph.within(scope, () =>
      encoderLayer(states, queries, scoreBias, settings, within(parameter, scope)),
    );
  }
  return reshape(slice(states, { axis: 1, end: 1 }), [texts, settings.hidden]);
}

/** Word, position and segment vectors, summed and normalised: [N, S, hidden]. */
function embed(
  ids: Value,
  { vocabularySize, maxPositions, hidden }: BertSettings,
  parameter: ParameterSource,
): Value {
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
  const dense = (x: Value, name: string, outputs: number): Value =>
    linearLayer(x, outputs, within(parameter, name), { weights, biases });
  const norm = (x: Value, name: string): Value =>
    layerNormLayer(x, epsilon, within(parameter, name));
  const { hidden, feedForward } = settings;

  const attended = attention(states, queries, scoreBias, settings, parameter);
  const x = norm(add(queries, dense(attended, 'o', hidden)), 'ln1');
  const inner = gelu(dense(x, 'up', feedForward));
  return norm(add(x, dense(inner, 'down', hidden)), 'ln2');
}

/** softmax(Q Kᵀ / √size + bias) V for every head; [N, queries, hidden]. */
function attention(
  states: Value,
  queries: Value,
  scoreBias: Value,
  { hidden, heads }: BertSettings,
  parameter: ParameterSource,
): Value {
  const size = hidden / heads;
  const [texts, tokens] = states.shape;
  const asked = queries.shape[1];
  const project = (x: Value, name: string): Value =>
    linearLayer(x, hidden, within(parameter, name), { weights, biases });

  const query = mul(project(queries, 'q'), 1 / Math.sqrt(size));
  const byHead = transpose(reshape(query, [texts, asked, heads, size]), [0, 2, 1, 3]);
  const keys = transpose(reshape(project(states, 'k'), [texts, tokens, heads, size]), [0, 2, 3, 1]);
  const values = transpose(
    reshape(project(states, 'v'), [texts, tokens, heads, size]),
    [0, 2, 1, 3],
  );
  const share = softmax(add(matmul(byHead, keys), scoreBias));
  return reshape(transpose(matmul(share, values), [0, 2, 1, 3]), [texts, asked, hidden]);
}
