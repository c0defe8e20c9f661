import type { ModelPreset } from '../core/preset';
import { exp, l2Normalise, type Value } from '../graph';
import { bert } from './bert';
import { filled } from './initialisers';
import { linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';
import { simple3dCnn } from './simple3dcnn';

/** volume [B, 1, D, H, W] -> embeddings of length 1, [B, dimension]. */
export function imageTower(volume: Value, preset: ModelPreset, parameter: ParameterSource): Value {
  const { dimension } = preset.fusion;
  return volume.graph.within('image', () =>
    l2Normalise(simple3dCnn(volume, preset.image, dimension, within(parameter, 'image'))),
  );
}

/** ids, mask [N, S] -> what the text network says of each text, [N, hidden]. */
export function textFeatures(
  ids: Value,
  mask: Value,
  preset: ModelPreset,
  parameter: ParameterSource,
): Value {
  return ids.graph.within('text', () => bert(ids, mask, preset.text, within(parameter, 'text')));
}

/** Text features [..., hidden] -> embeddings of length 1, [..., dimension]. */
export function projectText(
  features: Value,
  preset: ModelPreset,
  parameter: ParameterSource,
): Value {
  return features.graph.within('proj', () =>
    l2Normalise(
      linearLayer(features, preset.fusion.dimension, within(parameter, 'proj'), { bias: false }),
    ),
  );
}

/** The learnt factor exp(logit_scale) that turns cosines into logits. */
export function logitScale({ fusion }: ModelPreset, parameter: ParameterSource): Value {
  if (fusion.kind !== 'cosine') {
    throw new Error(`${fusion.kind} fusion has no logit scale`);
  }
  return exp(parameter('logit_scale', [], filled(Math.log(fusion.initialScale))));
}
