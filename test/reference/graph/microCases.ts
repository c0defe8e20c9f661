import {
  adaptiveAveragePool,
  add,
  attention,
  averagePool,
  batchNorm,
  batchNormInference,
  binaryCrossEntropy,
  cast,
  causalMask,
  concat,
  conv,
  convTranspose,
  crossEntropy,
  div,
  embedding,
  equal,
  exp,
  expand,
  gatherElements,
  gelu,
  groupNorm,
  instanceNorm,
  l2Normalise,
  layerNorm,
  leakyRelu,
  linear,
  logSoftmax,
  logSumExp,
  matmul,
  maxPool,
  mul,
  pad,
  quickGelu,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  resize,
  sigmoid,
  slice,
  softCrossEntropy,
  softmax,
  sub,
  swapLast,
  tanh,
  transpose,
  type Value,
} from '../../../src/graph';

type Inputs = Record<string, Value>;

/** One case of the fixture: the output, or `out` with the further outputs that it holds. */
export interface MicroCase {
  readonly build: (inputs: Inputs) => Value | (Record<string, Value> & { readonly out: Value });
  /** float32 where onnxruntime's CPU provider has no float64 kernel. */
  readonly type?: 'float32';
}

const double = (build: MicroCase['build']): MicroCase => ({ build });
const single = (build: MicroCase['build']): MicroCase => ({ build, type: 'float32' });

const convolution = (options: Parameters<typeof conv>[3] = {}): MicroCase =>
  single(({ x, weight, bias }) => conv(x, weight, bias, options));

const affine = ({ weight, bias }: Inputs): { scale: Value; bias: Value } => ({
  scale: weight,
  bias,
});

const cosines = (a: Value, b: Value): Value => matmul(l2Normalise(a), swapLast(l2Normalise(b)));

/** Labels of a square of similarities whose pairs stand on the diagonal. */
const diagonal = ({ graph, shape }: Value): Value =>
  graph.constant(
    'int32',
    [Number(shape[0])],
    Array.from({ length: Number(shape[0]) }, (_, i) => i),
  );

/** mean + 0.1 sum + max over the last two axes. */
const reductions = (x: Value): Value => {
  const axes = [2, 3];
  const linearPart = add(reduceMean(x, { axes }), mul(reduceSum(x, { axes }), 0.1));
  return add(linearPart, reduceMax(x, { axes }));
};

/** Cases that onnxruntime cannot run on WebGPU, with the reason. */
export const notOnWebgpu: Readonly<Partial<Record<string, string>>> = {
  conv3d_k3_depthwise_p1: 'a convolution in groups takes one or two spatial axes there',
};

/** All cases of the fixture, by name. */
export const microCases: Readonly<Record<string, MicroCase>> = {
  conv3d_k3_s1_p1: convolution({ padding: 1 }),
  conv3d_k3_s1_p0: convolution(),
  conv3d_k3_s2_p1: convolution({ stride: 2, padding: 1 }),
  conv3d_k3_s2_p0: convolution({ stride: 2 }),
  conv3d_k1_s1_p0: convolution(),
  conv3d_k1_s2_p0: convolution({ stride: 2 }),
  conv3d_k133_s1_p011: convolution({ padding: [0, 1, 1] }),
  conv3d_k133_s122_p011: convolution({ stride: [1, 2, 2], padding: [0, 1, 1] }),
  conv3d_k133_s1_p0: convolution(),
  conv3d_k3_depthwise_p1: convolution({ padding: 1, groups: 4 }),
  conv_transpose3d_k2_s2: single(({ x, weight, bias }) =>
    convTranspose(x, weight, bias, { stride: 2 }),
  ),
  avg_pool3d_2: single(({ x }) => averagePool(x, 2)),
  avg_pool3d_k3_s2_p1: single(({ x }) => averagePool(x, 3, { stride: 2, padding: 1 })),
  max_pool3d_2: double(({ x }) => maxPool(x, 2)),
  max_pool3d_k3_s2_p1: double(({ x }) => maxPool(x, 3, { stride: 2, padding: 1 })),
  adaptive_avg_pool3d_1: double(({ x }) => adaptiveAveragePool(x, 1)),

  instance_norm_affine: double((inputs) => instanceNorm(inputs.x, 1e-5, affine(inputs))),
  instance_norm_plain: double(({ x }) => instanceNorm(x, 1e-5)),
  group_norm_2: double((inputs) => groupNorm(inputs.x, 2, 1e-5, affine(inputs))),
  batch_norm_train: double((inputs) => {
    const running = { mean: inputs.running_mean, variance: inputs.running_var };
    const { output, next } = batchNorm(inputs.x, affine(inputs), running);
    return {
      out: output,
      'out.running_mean_after': next.mean,
      'out.running_var_after': next.variance,
    };
  }),
  batch_norm_eval: double((inputs) => {
    const running = { mean: inputs.running_mean, variance: inputs.running_var };
    return batchNormInference(inputs.x, affine(inputs), running);
  }),
  layer_norm: single(({ x, weight, bias }) => layerNorm(x, weight, bias, 1e-5)),
  'layer_norm_plain_1e-12': single(({ x }) => {
    const [ones, zeros] = [1, 0].map((n) =>
      x.graph.constant(x.type, [6], Array<number>(6).fill(n)),
    );
    return layerNorm(x, ones, zeros, 1e-12);
  }),

  linear: double(({ x, weight, bias }) => linear(x, weight, bias)),
  linear_nobias: double(({ x, weight }) => linear(x, weight)),
  bmm: double(({ a, b }) => matmul(a, b)),

  gelu_erf: single(({ x }) => gelu(x)),
  gelu_tanh: single(({ x }) => gelu(x, 'tanh')),
  quick_gelu: double(({ x }) => quickGelu(x)),
  geglu: single(({ x }) =>
    mul(slice(x, { axis: 1, end: 4 }), gelu(slice(x, { axis: 1, start: 4, end: 8 }))),
  ),
  relu: double(({ x }) => relu(x)),
  'leaky_relu_0.1': single(({ x }) => leakyRelu(x, 0.1)),
  tanh: double(({ x }) => tanh(x)),
  sigmoid: double(({ x }) => sigmoid(x)),
  softmax_last: double(({ x }) => softmax(x)),
  softmax_dim1: double(({ x }) => softmax(x, 1)),
  log_softmax_last: double(({ x }) => logSoftmax(x)),
  logsumexp: double(({ x }) => logSumExp(x, { axes: [1] })),

  cross_entropy_mean: double(({ logits, target }) => crossEntropy(logits, target)),
  cross_entropy_weighted_smooth: double(({ logits, target, class_weight: classWeights }) =>
    crossEntropy(logits, target, { smoothing: 0.1, classWeights }),
  ),
  cross_entropy_ignore: double(({ logits, target }) =>
    crossEntropy(logits, target, { ignoredLabel: -100 }),
  ),
  bce_with_logits: single(({ logits, target, pos_weight: positiveWeights }) =>
    binaryCrossEntropy(logits, target, { positiveWeights }),
  ),
  infonce_symmetric: double(({ image, text, log_scale: scale }) => {
    const logits = mul(cosines(image, text), exp(scale));
    const both = add(
      crossEntropy(logits, diagonal(logits)),
      crossEntropy(transpose(logits, [1, 0]), diagonal(logits)),
    );
    return { out: mul(both, 0.5), 'out.logits': logits };
  }),
  npair: double(({ anchor, positive }) => {
    const similarity = matmul(anchor, swapLast(positive));
    const size = (x: Value): Value => reduceMean(reduceSum(mul(x, x), { axes: [1] }));
    const penalty = mul(add(size(anchor), size(positive)), 0.02 / 4);
    return {
      out: add(crossEntropy(similarity, diagonal(similarity)), penalty),
      'out.similarity': similarity,
    };
  }),
  npair_labels: double(({ anchor, embed, labels }) => {
    const alike = cast(equal(reshape(labels, [6, 1]), labels), anchor.type);
    const targets = div(alike, reduceSum(alike, { axes: [1], keep: true }));
    return softCrossEntropy(matmul(anchor, swapLast(embed)), targets);
  }),

  embedding: double(({ table, index }) => embedding(table, index)),
  embedding_padding_idx_0: double(({ table, index }) => embedding(table, index, 0)),
  gather_last: double(({ x, index }) => gatherElements(x, index, 1)),

  attention_mask: double(({ q, k, v, mask }) => attention(q, k, v, { mask })),
  attention_bias: double(({ q, k, v, bias }) => attention(q, k, v, { bias })),
  attention_causal: double(({ q, k, v }) => attention(q, k, v, { mask: causalMask(q, 4) })),

  trilinear_up_half: double(({ x }) => resize(x, [5, 6, 7])),
  trilinear_down_half: double(({ x }) => resize(x, [2, 3, 3])),
  trilinear_up_align: double(({ x }) => resize(x, [5, 6, 7], { alignCorners: true })),
  trilinear_down_align: double(({ x }) => resize(x, [2, 3, 3], { alignCorners: true })),
  trilinear_scale2: double(({ x }) => resize(x, [4, 6, 4])),
  nearest_scale2: double(({ x }) => resize(x, [4, 6, 4], { mode: 'nearest' })),

  cosine_similarity: double(({ a, b }) =>
    reduceSum(mul(l2Normalise(a), l2Normalise(b)), { axes: [1] }),
  ),
  cosine_similarity_matrix: double(({ a, b }) => cosines(a, b)),
  l2_normalize: double(({ x }) => l2Normalise(x)),

  dropout_mask: double(({ x, mask }) => mul(mul(x, cast(mask, x.type)), 1 / 0.7)),
  concat_dim1: double(({ a, b, c }) => concat([a, b, c], 1)),
  slice_strided: double(({ x }) =>
    slice(slice(x, { axis: 1, start: 1, end: 6, step: 2 }), { axis: 3, start: 2, end: 5 }),
  ),
  expand: double(({ x, y }) => mul(expand(x, [3, 4, 5]), y)),
  broadcast_arith: double(({ a, b, c }) => sub(mul(add(a, b), c), div(a, add(2, mul(c, c))))),
  mean_sum_reduce: double(({ x }) => reductions(x)),
  permute_reshape: double(({ x }) => {
    const reshaped = reshape(transpose(x, [0, 2, 3, 1]), [2, 12, 2]);
    return mul(reshaped, x.graph.constant(x.type, [2], [0, 1]));
  }),
  zero_pad3d: double(({ x }) =>
    pad(pad(pad(x, { axis: 4, before: 1, after: 1 }), { axis: 3, after: 2 }), {
      axis: 2,
      before: 2,
    }),
  ),
};
