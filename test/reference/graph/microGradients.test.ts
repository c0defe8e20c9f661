import assert from 'node:assert/strict';
import {
  add,
  cast,
  concat,
  conv,
  crossEntropy,
  div,
  equal,
  exp,
  expand,
  gather,
  gelu,
  gradients,
  l2Normalise,
  layerNorm,
  linear,
  log,
  logSoftmax,
  matmul,
  maxPool,
  mul,
  pad,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  slice,
  softmax,
  sub,
  swapLast,
  transpose,
  where,
  type Value,
} from '../../../src/graph';
import { evaluate, relativeDistance, type Numbers } from '../../graph/onnx';
import { readFixture } from '../../graph/safetensors';
import { needShared } from '../../shared';

type Inputs = Record<string, Value>;
type Case = (inputs: Inputs) => Value;

const convolution =
  (options: Parameters<typeof conv>[3] = {}): Case =>
  ({ x, weight, bias }) =>
    conv(x, weight, bias, options);

const cosines = (a: Value, b: Value): Value => matmul(l2Normalise(a), swapLast(l2Normalise(b)));

const diagonal = ({ graph, shape }: Value): Value =>
  graph.constant(
    'int32',
    [Number(shape[0])],
    Int32Array.from({ length: Number(shape[0]) }, (_, i) => i),
  );

const attention = (q: Value, k: Value, v: Value, biased: (scores: Value) => Value): Value =>
  matmul(softmax(biased(mul(matmul(q, swapLast(k)), 1 / Math.sqrt(Number(q.shape.at(-1)))))), v);

const masked = (scores: Value, mask: Value): Value => where(equal(mask, 0), -1e30, scores);

/** The cases of the fixture that today's operators can express. */
const cases: Readonly<Record<string, Case>> = {
  conv3d_k3_s1_p1: convolution({ padding: 1 }),
  conv3d_k3_s1_p0: convolution(),
  conv3d_k3_s2_p1: convolution({ stride: 2, padding: 1 }),
  conv3d_k3_s2_p0: convolution({ stride: 2 }),
  conv3d_k1_s1_p0: convolution(),
  conv3d_k1_s2_p0: convolution({ stride: 2 }),
  conv3d_k133_s1_p011: convolution({ padding: [0, 1, 1] }),
  conv3d_k133_s122_p011: convolution({ stride: [1, 2, 2], padding: [0, 1, 1] }),
  conv3d_k133_s1_p0: convolution(),
  max_pool3d_2: ({ x }) => maxPool(x, 2),
  max_pool3d_k3_s2_p1: ({ x }) => maxPool(x, 3, { stride: 2, padding: 1 }),
  adaptive_avg_pool3d_1: ({ x }) => reduceMean(x, { axes: [2, 3, 4], keep: true }),
  layer_norm: ({ x, weight, bias }) => layerNorm(x, weight, bias, 1e-5),
  'layer_norm_plain_1e-12': ({ x }) => {
    const { graph } = x;
    const [ones, zeros] = [1, 0].map((n) =>
      graph.constant('float32', [6], Array<number>(6).fill(n)),
    );
    return layerNorm(x, ones, zeros, 1e-12);
  },
  linear: ({ x, weight, bias }) => linear(x, weight, bias),
  linear_nobias: ({ x, weight }) => linear(x, weight),
  gelu_erf: ({ x }) => gelu(x),
  geglu: ({ x }) =>
    mul(slice(x, { axis: 1, end: 4 }), gelu(slice(x, { axis: 1, start: 4, end: 8 }))),
  relu: ({ x }) => relu(x),
  softmax_last: ({ x }) => softmax(x),
  softmax_dim1: ({ x }) => softmax(x, 1),
  log_softmax_last: ({ x }) => logSoftmax(x),
  cross_entropy_mean: ({ logits, target }) => crossEntropy(logits, target),
  infonce_symmetric: ({ image, text, log_scale: scale }) => {
    const logits = mul(cosines(image, text), exp(scale));
    const both = add(
      crossEntropy(logits, diagonal(logits)),
      crossEntropy(transpose(logits, [1, 0]), diagonal(logits)),
    );
    return mul(both, 0.5);
  },
  npair: ({ anchor, positive }) => {
    const similarity = matmul(anchor, swapLast(positive));
    const size = (x: Value): Value => reduceMean(reduceSum(mul(x, x), { axes: [1] }));
    const penalty = mul(add(size(anchor), size(positive)), 0.02 / 4);
    return add(crossEntropy(similarity, diagonal(similarity)), penalty);
  },
  embedding: ({ table, index }) => gather(table, index),
  attention_mask: ({ q, k, v, mask }) => attention(q, k, v, (scores) => masked(scores, mask)),
  attention_bias: ({ q, k, v, bias }) => attention(q, k, v, (scores) => add(scores, bias)),
  attention_causal: ({ q, k, v }) => {
    const seen = Array.from({ length: 16 }, (_, i) => (i % 4 <= Math.floor(i / 4) ? 1 : 0));
    const mask = q.graph.constant('int64', [4, 4], seen);
    return attention(q, k, v, (scores) => masked(scores, mask));
  },
  cosine_similarity: ({ a, b }) => reduceSum(mul(l2Normalise(a), l2Normalise(b)), { axes: [1] }),
  cosine_similarity_matrix: ({ a, b }) => cosines(a, b),
  l2_normalize: ({ x }) => l2Normalise(x),
  dropout_mask: ({ x, mask }) => mul(mul(x, cast(mask, 'float32')), 1 / 0.7),
  concat_dim1: ({ a, b, c }) => concat([a, b, c], 1),
  slice_strided: ({ x }) =>
    slice(slice(x, { axis: 1, start: 1, end: 6, step: 2 }), { axis: 3, start: 2, end: 5 }),
  expand: ({ x, y }) => mul(expand(x, [3, 4, 5]), y),
  broadcast_arith: ({ a, b, c }) => sub(mul(add(a, b), c), div(a, add(2, mul(c, c)))),
  permute_reshape: ({ x }) => {
    const reshaped = reshape(transpose(x, [0, 2, 3, 1]), [2, 12, 2]);
    return mul(reshaped, x.graph.constant('float32', [2], [0, 1]));
  },
  bmm: ({ a, b }) => matmul(a, b),
  logsumexp: ({ x }) => log(reduceSum(exp(x), { axes: [1] })),
  zero_pad3d: ({ x }) =>
    pad(pad(pad(x, { axis: 4, before: 1, after: 1 }), { axis: 3, after: 2 }), {
      axis: 2,
      before: 2,
    }),
};

describe('operators and their gradients against PyTorch', () => {
  let fixture: ReadonlyMap<string, Numbers>;

  before(function () {
    fixture = readFixture(
      needShared(this, 'fixtures', 'ref', 'micro-gradients.safetensors'),
    ).tensors;
  });

  for (const [name, build] of Object.entries(cases)) {
    it(name, async () => {
      const cotangent = fixture.get(`${name}.ct`);
      const output = fixture.get(`${name}.out`);
      assert(cotangent && output, 'the fixture has the case');
      const inputs = inputsOf(fixture, name);
      const wanted = Object.keys(inputs).filter((input) => fixture.has(`${name}.grad.${input}`));
      assert(wanted.length > 0);
      const results = await evaluate({ ...inputs, ct: single(cotangent) }, ({ ct, ...values }) => {
        const y = build(values);
        const found = gradients(
          reduceSum(mul(y, ct)),
          wanted.map((input) => values[input]),
        );
        return { out: y, ...Object.fromEntries([...found].map(([v, g]) => [`grad.${v.name}`, g])) };
      });
      for (const result of ['out', ...wanted.map((input) => `grad.${input}`)]) {
        const reference = fixture.get(`${name}.${result}`);
        assert(reference);
        const error = relativeDistance(results[result], reference.data);
        assert(error < 2e-6, `${result} is off by ${error}`);
      }
    });
  }
});

function inputsOf(fixture: ReadonlyMap<string, Numbers>, name: string): Record<string, Numbers> {
  const prefix = `${name}.in.`;
  return Object.fromEntries(
    [...fixture].flatMap(([key, numbers]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), single(numbers)]] : [],
    ),
  );
}

/** The product computes in float32. */
function single(numbers: Numbers): Numbers {
  return numbers.type === 'float64' ? { ...numbers, type: 'float32' } : numbers;
}
