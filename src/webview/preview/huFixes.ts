import type { HuJudgement } from '../../core/volume/hu';
import type { RescaleChoice } from '../../core/volume/rescale';

/** What may help, the likeliest first: what the judgement found, and the way back from another choice. */
export function offeredFixes(
  { source, remedy }: HuJudgement,
  current: RescaleChoice,
): RescaleChoice[] {
  if (source !== 'uncertain') {
    return [];
  }
  const wanted = new Set<RescaleChoice>([...(remedy?.rescale ? [remedy.rescale] : []), 'auto']);
  return [...wanted].filter((choice) => choice !== current);
}
