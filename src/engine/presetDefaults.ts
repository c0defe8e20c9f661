import { isObject, valueAt } from '../core/jsonShape';
import { metadataFields } from '../core/preset';
import { withOverrides } from '../core/presetOverrides';

/** What a part of a preset is completed with where it names its kind alone, by path. */
interface Completion {
  readonly when: (preset: unknown) => boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

const is =
  (path: string, kind: string) =>
  (preset: unknown): boolean =>
    valueAt(preset, path) === kind;
const has =
  (path: string) =>
  (preset: unknown): boolean =>
    isObject(valueAt(preset, path));

/** Sizes as in the small presets; CT MCQA's own choice where the literature has no usual one. */
const completions: readonly Completion[] = [
  { when: is('fusion.kind', 'cosine'), values: { 'fusion.initialScale': 4 } },
  {
    when: is('fusion.kind', 'cross_attention'),
    values: { 'fusion.layers': 1, 'fusion.heads': 4, 'fusion.feedForward': 256 },
  },
  { when: has('metadata'), values: { 'metadata.fields': metadataFields } },
  { when: has('loss'), values: { 'loss.matching': 'option_cross_entropy' } },
  { when: has('classification'), values: { 'classification.weight': 1 } },
];

/**
 * The preset with what its parts leave out, so that one setting, such as a fusion's kind or the
 * smoothing of a loss, is enough to have it.
 */
export function completed(preset: unknown): unknown {
  return completions
    .filter(({ when }) => when(preset))
    .flatMap(({ values }) => Object.entries(values))
    .filter(([path]) => valueAt(preset, path) === undefined)
    .reduce((whole, [path, value]) => withOverrides(whole, { [path]: value }), preset);
}
