import { staticShape, type Value } from '../value';
import { softplus } from './activations';
import { add, cast, div, equal, maximum, mul, negate, not, sub } from './elementwise';
import { reshape } from './layout';
import { logSoftmax } from './normalisation';
import { reduceMean, reduceSum } from './reduction';

export interface CrossEntropyOptions {
  /** Share of every target that is spread evenly over all classes; 0 to 1. */
  readonly smoothing?: number;
  /** Weight of each class, [classes]. */
  readonly classWeights?: Value;
  /** Rows with this label count for nothing; the mean is over the others. */
  readonly ignoredLabel?: number;
}

/**
 * Cross-entropy of logits [rows, classes] against labels, integers [rows], as
 * torch.nn.functional.cross_entropy:
 *   Σ rows of Σ classes -t w log softmax(logits) / Σ rows of w[label],
 * t = 1 at the label and 0 elsewhere, or with smoothing s: (1 - s) t + s / classes.
 */
export function crossEntropy(
  logits: Value,
  label: Value,
  { smoothing = 0, classWeights, ignoredLabel }: CrossEntropyOptions = {},
): Value {
  const [rows, classes] = logits.shape;
  const isTrue = oneHot(label, Number(classes), logits.type);
  const logLikelihoods = logSoftmax(logits);
  if (smoothing === 0 && classWeights === undefined && ignoredLabel === undefined) {
    return negate(reduceMean(reduceSum(mul(logLikelihoods, isTrue), { axes: [-1] })));
  }
  const kept =
    ignoredLabel === undefined
      ? undefined
      : reshape(cast(not(equal(label, ignoredLabel)), logits.type), [rows, 1]);
  const ofKept = (x: Value): Value => (kept === undefined ? x : mul(x, kept));
  const weighted = (x: Value): Value => (classWeights === undefined ? x : mul(x, classWeights));
  const total = ofKept(weighted(isTrue));
  const target =
    smoothing === 0
      ? total
      : ofKept(weighted(add(mul(isTrue, 1 - smoothing), smoothing / Number(classes))));
  return negate(div(reduceSum(mul(logLikelihoods, target)), reduceSum(total)));
}

/** Mean over the rows of -Σ target log softmax(logits); targets are like logits, rows sum to 1. */
export function softCrossEntropy(logits: Value, targets: Value): Value {
  return negate(reduceMean(reduceSum(mul(logSoftmax(logits), targets), { axes: [-1] })));
}

export interface BinaryCrossEntropyOptions {
  /** Factor on the loss of true targets, broadcast to the logits. */
  readonly positiveWeights?: Value;
  /** 1 where the target is known, 0 where it is missing; like the logits. */
  readonly known?: Value;
}

/**
 * Mean over all (known) targets t of the logits x, t = 0, 1 or between:
 *   -(p t log σ(x) + (1 - t) log(1 - σ(x))) = (1 - t) x + (1 + (p - 1) t) log(1 + exp(-x)),
 * as torch.nn.functional.binary_cross_entropy_with_logits. 0 where nothing is known.
 */
export function binaryCrossEntropy(
  logits: Value,
  targets: Value,
  { positiveWeights, known }: BinaryCrossEntropyOptions = {},
): Value {
  const surprise = softplus(negate(logits));
  const weighted =
    positiveWeights === undefined
      ? surprise
      : mul(add(mul(sub(positiveWeights, 1), targets), 1), surprise);
  const losses = add(mul(sub(1, targets), logits), weighted);
  return known === undefined
    ? reduceMean(losses)
    : div(reduceSum(mul(losses, known)), maximum(reduceSum(known), 1));
}

/** 1 at each label, 0 elsewhere: integers [rows] -> [rows, classes]. */
export function oneHot(label: Value, classes: number, type: Value['type']): Value {
  const candidates = label.graph.constant(
    label.type,
    [classes],
    Array.from({ length: classes }, (_, index) => index),
  );
  return cast(equal(reshape(label, [...staticShape(label), 1]), candidates), type);
}
