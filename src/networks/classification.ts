import { ctRateLabels } from '../core/dataset/findingLabels';
import type { ModelPreset } from '../core/preset';
import type { Value } from '../graph';
import { linearLayer } from './layers';
import { within, type ParameterSource } from './parameters';

/** The findings that a preset classifies, in the order of the head's outputs; none without a head. */
export function findingsOf({ classification }: ModelPreset): readonly string[] {
  return classification === undefined ? [] : (classification.findings ?? ctRateLabels);
}

/** A logit a finding from the image side: summary [B, d] -> [B, F]. */
export function findingLogits(
  summary: Value,
  preset: ModelPreset,
  parameter: ParameterSource,
): Value {
  return summary.graph.within('findings', () =>
    linearLayer(summary, findingsOf(preset).length, within(parameter, 'findings')),
  );
}
