import {
  add,
  div,
  less,
  mul,
  oneHot,
  reduceSum,
  relu,
  reshape,
  softCrossEntropy,
  sub,
  transpose,
  where,
  type GraphBuilder,
  type Value,
} from '../graph';

/*
 * Losses over a batch as functions of similarities. In the formulae B questions have K options each,
 * t(i) is the true option of question i and ε the label smoothing.
 */

/** Far below every logit: its share of the softmax is 0, and it is finite. */
const leftOut = -1e9;

/**
 * Cross-entropy of rows of logits among the allowed choices, mean over the rows:
 * loss = -1/B Σᵢ Σⱼ qᵢⱼ log softmax(xᵢ)ⱼ,  qᵢⱼ = (1 - ε) [j is true] + ε aᵢⱼ / Σⱼ aᵢⱼ
 * (label smoothing: Szegedy et al. 2016).
 *
 * @param logits [B, N]
 * @param truth [B, N], 1 at the true choice of each row
 * @param allowed [B, N], a: 0 for what is left out of the softmax, else 1
 */
function crossEntropyAmong(logits: Value, truth: Value, allowed: Value, smoothing: number): Value {
  const among = where(less(allowed, 0.5), leftOut, logits);
  if (smoothing === 0) {
    return softCrossEntropy(among, truth);
  }
  const even = div(allowed, reduceSum(allowed, { axes: [-1], keep: true }));
  return softCrossEntropy(among, add(mul(truth, 1 - smoothing), mul(even, smoothing)));
}

/**
 * Symmetric InfoNCE over the scans and true texts of a batch (van den Oord et al. 2018; CLIP,
 * Radford et al. 2021): xᵢⱼ is the logit of scan i with the true text of question j,
 * loss = (CE(rows of x) + CE(columns of x)) / 2, the truth of each being the pair itself.
 *
 * @param logits x, [B, B]
 * @param allowed [B, B], symmetric, 1 on the diagonal: 0 where text j is no negative of scan i (the
 *   same patient, or the same text), which leaves the pair out of both softmaxes
 */
export function infoNce(logits: Value, allowed: Value, smoothing = 0): Value {
  const own = identityMatrix(logits.graph, Number(logits.shape[0]));
  const flipped = (x: Value): Value => transpose(x, [1, 0]);
  const ofScans = crossEntropyAmong(logits, own, allowed, smoothing);
  const ofTexts = crossEntropyAmong(flipped(logits), own, flipped(allowed), smoothing);
  return mul(add(ofScans, ofTexts), 0.5);
}

/**
 * Multi-class N-pair loss (Sohn 2016): each scan against all texts of the batch, options included,
 * mean over i of log(1 + Σⱼ exp(xᵢⱼ - xᵢₜ)) over the allowed false j, which is a cross-entropy.
 *
 * @param logits x, [B, B K]: scan i with every text, question by question
 * @param label int32 [B], the true option of each question
 * @param allowed [B, B K], as of {@link infoNce}; the own options are always allowed
 */
export function nPair(logits: Value, label: Value, allowed: Value, smoothing = 0): Value {
  const [batch, texts] = logits.shape.map(Number);
  const choices = texts / batch;
  const ownQuestion = reshape(identityMatrix(logits.graph, batch), [batch, batch, 1]);
  const trueOption = reshape(oneHot(label, choices, 'float32'), [batch, 1, choices]);
  const truth = reshape(mul(ownQuestion, trueOption), [batch, texts]);
  return crossEntropyAmong(logits, truth, allowed, smoothing);
}

/**
 * Triplet loss with a margin m (Schroff et al. 2015), mean over the false options of all questions:
 * loss = 1 / (B (K - 1)) Σᵢ Σ_{k ≠ t(i)} max(0, m + sᵢₖ - sᵢₜ)
 *
 * @param similarity s, [B, K]
 * @param label int32 [B]
 */
export function triplet(similarity: Value, label: Value, margin: number): Value {
  const [batch, choices] = similarity.shape.map(Number);
  const truth = oneHot(label, choices, 'float32');
  const ofTruth = reduceSum(mul(similarity, truth), { axes: [-1], keep: true });
  const excess = relu(add(sub(similarity, ofTruth), margin));
  const falseOptions = Math.max(1, batch * (choices - 1));
  return div(reduceSum(mul(excess, sub(1, truth))), falseOptions);
}

/** float32 [size, size] */
export function identityMatrix(graph: GraphBuilder, size: number): Value {
  const numbers = Float32Array.from({ length: size ** 2 }, (_, i) => Number(i % (size + 1) === 0));
  return graph.constant('float32', [size, size], numbers);
}
