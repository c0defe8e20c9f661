import type { MetadataSettings, ModelPreset } from '../core/preset';
import { metadataFeatureNames } from '../core/dataset/metadataFeatures';
import { relu, type Value } from '../graph';
import { linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';

/** Width of the hidden layer where the preset does not say. */
const usualHidden = 32;

/** The metadata settings of a preset whose networks read them as numbers; undefined for prompts. */
export function metadataInput({ metadata }: ModelPreset): MetadataSettings | undefined {
  return metadata === undefined || metadata.use === 'prompt' ? undefined : metadata;
}

/** How many numbers the metadata input has (M). */
export function metadataSize({ fields }: MetadataSettings): number {
  return metadataFeatureNames(fields).length;
}

/** MLP with one hidden layer and ReLU: metadata [B, M] -> [B, dimension]. */
export function metadataVectorOf(
  metadata: Value,
  { hidden = usualHidden }: MetadataSettings,
  dimension: number,
  parameter: ParameterSource,
): Value {
  return metadata.graph.within('metadata', () => {
    const layer = (x: Value, name: string, outputs: number): Value =>
      linearLayer(x, outputs, within(parameter, `metadata.${name}`));
    return layer(relu(layer(metadata, 'up', hidden)), 'down', dimension);
  });
}
