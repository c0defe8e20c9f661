import { elementCount, staticShape, type Value } from '../value';
import { conv, type Geometry } from './convolution';
import { gather } from './indexing';
import { reshape, transpose } from './layout';
import { cut, joinPhases, padSpace, pairAxes } from './phases';

/**
 * The gradient of x [N, C, ...space] in x * w. Along each axis
 *   Y[p] = Σ over taps k of X[stride p + dilation k - padding] W[k],
 * so with stride 1 dX is a convolution of dY by W flipped. With stride s the places i of one phase
 * r = (i + padding) mod s meet only every s-th tap, from the r-th on:
 *   dX[s q + r - padding] = Σ over j of dY[q - j] W[s j + r].
 * One convolution finds all phases as output channels; then they are interleaved. ConvTranspose
 * does the same at a tenth of the speed on onnxruntime's CPU provider, and not in three dimensions
 * on WebGPU.
 */
export function inputGradient(
  inputShape: readonly number[],
  w: Value,
  dy: Value,
  geometry: Geometry,
): Value {
  return geometry.strides.every((stride) => stride === 1)
    ? gradientOfDense(w, dy, geometry)
    : gradientOfStrided(inputShape, w, dy, geometry);
}

function gradientOfDense(w: Value, dy: Value, { dilations, padding, groups }: Geometry): Value {
  const [outputs, inputs, ...kernel] = staticShape(w);
  const byGroup = reshape(flipped(w), [groups, outputs / groups, inputs, elementCount(kernel)]);
  const swapped = transpose(byGroup, [0, 2, 1, 3]);
  const weight = reshape(swapped, [groups * inputs, outputs / groups, ...kernel]);
  const around = kernel.map((size, axis) => dilations[axis] * (size - 1) - padding[axis]);
  const fits = around.every((amount) => amount >= 0);
  // Where the padding reaches beyond the kernel, the outermost places of dY saw nothing of X.
  return conv(fits ? dy : padSpace(dy, around, around), weight, undefined, {
    padding: fits ? around : 0,
    dilation: dilations,
    groups,
  });
}

function gradientOfStrided(
  inputShape: readonly number[],
  w: Value,
  dy: Value,
  { strides, dilations, padding, groups }: Geometry,
): Value {
  const [batch, , ...space] = inputShape;
  const [outputs, inputs] = staticShape(w);
  const kernel = withoutDilation(w, dilations);
  const taps = staticShape(kernel).slice(2);
  const tapsOfPhase = taps.map((size, axis) => Math.ceil(size / strides[axis]));
  const missing = taps.map((size, axis) => tapsOfPhase[axis] * strides[axis] - size);

  const pairs = tapsOfPhase.flatMap((size, axis) => [size, strides[axis]]);
  const none = taps.map(() => 0);
  const filled = padSpace(kernel, none, missing);
  const byTap = reshape(filled, [groups, outputs / groups, inputs, ...pairs]);
  const [tapAxes, phaseAxes] = pairAxes(taps.length, 3);
  const weight = reshape(transpose(byTap, [0, ...phaseAxes, 2, 1, ...tapAxes]), [
    groups * elementCount(strides) * inputs,
    outputs / groups,
    ...tapsOfPhase,
  ]);

  const places = space.map((size, axis) => Math.ceil((size + padding[axis]) / strides[axis]));
  const counts = staticShape(dy).slice(2);
  const around = padSpace(
    dy,
    tapsOfPhase.map((size) => size - 1),
    places.map((size, axis) => size - counts[axis]),
  );
  const phases = conv(around, flipped(weight), undefined, { groups });
  const byPhase = reshape(phases, [batch * groups, ...strides, inputs, ...places]);
  return reshape(cut(joinPhases(byPhase, strides), padding, space), inputShape);
}

/** w with its kernel reversed along every axis. */
function flipped(w: Value): Value {
  const shape = staticShape(w);
  const taps = elementCount(shape.slice(2));
  const backwards = w.graph.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap));
  return reshape(gather(reshape(w, [shape[0], shape[1], taps]), backwards, 2), shape);
}

/** w with zeros between its taps, which does without dilation what w does with it. */
function withoutDilation(w: Value, dilations: readonly number[]): Value {
  const shape = staticShape(w);
  const kernel = shape.slice(2);
  const apart = reshape(w, [shape[0], shape[1], ...kernel.flatMap((size) => [size, 1])]);
  const zeros = dilations.flatMap((dilation) => [0, dilation - 1]);
  const spread = padSpace(
    apart,
    zeros.map(() => 0),
    zeros,
  );
  const long = reshape(spread, [
    shape[0],
    shape[1],
    ...kernel.map((size, axis) => size * dilations[axis]),
  ]);
  return cut(
    long,
    kernel.map(() => 0),
    kernel.map((size, axis) => (size - 1) * dilations[axis] + 1),
  );
}
