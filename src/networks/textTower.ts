import type { ModelPreset } from '../core/preset';
import type { Value } from '../graph';
import { bert } from './bert';
import { readsTokens } from './fusion';
import { within, type ParameterSource } from './parameters';

/**
 * ids, mask [N, S] -> what the text network says of each text before the projection: [N, hidden], or
 * of each token where the fusion reads them: [N, S, hidden].
 */
export function textFeatures(
  ids: Value,
  mask: Value,
  preset: ModelPreset,
  parameter: ParameterSource,
): Value {
  const wanted = readsTokens(preset) ? 'all' : 'first';
  return ids.graph.within('text', () =>
    bert(ids, mask, preset.text, within(parameter, 'text'), wanted),
  );
}
