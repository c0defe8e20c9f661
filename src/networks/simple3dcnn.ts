import type { Simple3dCnnSettings } from '../core/preset';
import { reduceMean, relu, type Value } from '../graph';
import { conv3Layer, conv3PoolLayer, linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';

/**
 * Convolutions 3x3x3 with ReLU, halved by max pooling between them, then the mean over the volume
 * and a linear layer. volume [B, 1, D, H, W] -> [B, dimension].
 */
export function simple3dCnn(
  volume: Value,
  { widths }: Simple3dCnnSettings,
  dimension: number,
  parameter: ParameterSource,
): Value {
  const pooled = simple3dCnnFeatures(volume, widths, parameter);
  return volume.graph.within('fc', () => linearLayer(pooled, dimension, within(parameter, 'fc')));
}

/** What the linear layer reads: the mean of each channel over the volume, [B, last width]. */
export function simple3dCnnFeatures(
  volume: Value,
  widths: readonly number[],
  parameter: ParameterSource,
): Value {
  const last = widths.length - 1;
  const filtered = simple3dCnnFiltered(volume, widths, last, parameter);
  return reduceMean(relu(filtered), { axes: [2, 3, 4] });
}

/**
 * What convolution `layer` gives, before its ReLU: [B, widths[layer], D, H, W] / 2^layer.
 *
 * ReLU comes after the pooling: both orders give the same numbers and gradients, because ReLU is
 * monotone, but this one touches an eighth of the voxels.
 */
export function simple3dCnnFiltered(
  volume: Value,
  widths: readonly number[],
  layer: number,
  parameter: ParameterSource,
): Value {
  const layerOf = (index: number, build: typeof conv3Layer, x: Value): Value => {
    const scope = `convs.${index}`;
    return volume.graph.within(scope, () => build(x, widths[index], within(parameter, scope)));
  };
  const input = widths
    .slice(0, layer)
    .reduce((x, _, index) => relu(layerOf(index, conv3PoolLayer, x)), volume);
  return layerOf(layer, conv3Layer, input);
}
