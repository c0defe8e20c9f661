import { maxPool, reduceMean, relu, type Value } from '../graph';
import { conv3Layer, linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';

export interface Simple3dCnnSettings {
  /** Channels after each convolution. */
  readonly widths: readonly number[];
  /** Size of the output. */
  readonly dimension: number;
}

/**
 * Convolutions 3x3x3 with ReLU, halved by max pooling between them, then the mean over the volume
 * and a linear layer. volume [B, 1, D, H, W] -> [B, dimension].
 *
 * ReLU comes after the pooling: both orders give the same numbers and gradients, because ReLU is
 * monotone, but this one touches an eighth of the voxels.
 */
export function simple3dCnn(
  volume: Value,
  { widths, dimension }: Simple3dCnnSettings,
  parameter: ParameterSource,
): Value {
  const features = widths.reduce((x, channels, index) => {
    const scope = `convs.${index}`;
    return x.graph.within(scope, () => {
      const filtered = conv3Layer(x, channels, within(parameter, scope));
      return relu(index < widths.length - 1 ? maxPool(filtered, 2) : filtered);
    });
  }, volume);
  return volume.graph.within('fc', () =>
    linearLayer(reduceMean(features, { axes: [2, 3, 4] }), dimension, within(parameter, 'fc')),
  );
}
