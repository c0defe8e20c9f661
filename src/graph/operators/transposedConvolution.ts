import { staticShape, type Value } from '../value';
import { perAxis, type ConvolutionOptions, type PerAxis } from './convolution';
import { inputGradient } from './convolutionInputGradient';
import { add } from './elementwise';
import { reshape } from './layout';

/**
 * The adjoint of a convolution, as torch.nn.functional.conv_transpose: x [N, I, ...space], weight
 * [I, O/groups, ...kernel], bias [O]. Made of operators that have gradients, so it needs no rule.
 */
export function convTranspose(
  x: Value,
  weight: Value,
  bias?: Value,
  {
    stride = 1,
    padding = 0,
    dilation = 1,
    groups = 1,
    outputPadding = 0,
  }: ConvolutionOptions & { readonly outputPadding?: PerAxis } = {},
): Value {
  const [batch, , ...places] = staticShape(x);
  const [, outputs, ...kernel] = staticShape(weight);
  const [strides, pads, dilations, extra] = [stride, padding, dilation, outputPadding].map(
    (value) => perAxis(value, places.length),
  );
  const space = places.map(
    (count, axis) =>
      strides[axis] * (count - 1) +
      dilations[axis] * (kernel[axis] - 1) +
      1 +
      extra[axis] -
      2 * pads[axis],
  );
  const result = inputGradient([batch, outputs * groups, ...space], weight, x, {
    strides,
    dilations,
    padding: pads,
    groups,
  });
  return bias === undefined
    ? result
    : add(result, reshape(bias, [outputs * groups, ...space.map(() => 1)]));
}
