import type { BuildOptions } from './build';
import { differenceText, negativesText, splitText } from './buildWords';
import type { DifferenceRange } from './distractors';
import type { SplitShares } from './patientSplit';
import type { NegativeShares } from './planQuestions';

type ArgumentOf = (value: never) => readonly string[];

const text = (value: string | number): readonly string[] => [String(value)];

/** How each option of the builder is said on the command line. */
const flags: { readonly [Name in keyof Required<BuildOptions>]: readonly [string, ArgumentOf] } = {
  reports: ['--reports', text],
  images: ['--images', text],
  metadata: ['--metadata', text],
  labels: ['--labels', text],
  exclude: ['--exclude', (paths: readonly string[]) => paths],
  out: ['--out', text],
  mode: ['--mode', text],
  prompts: ['--prompts', text],
  options: ['--options', text],
  negatives: ['--negatives', (value: NegativeShares) => [negativesText(value)]],
  embeddings: ['--embeddings', text],
  labelDifference: ['--label-difference', (value: DifferenceRange) => [differenceText(value)]],
  undecidable: ['--undecidable', text],
  texts: ['--texts', text],
  metadataPrompt: ['--metadata-prompt', text],
  split: ['--split', (value: SplitShares | 'own') => [splitText(value)]],
  questionsPerVolume: ['--per-volume', text],
  replace: ['--replace', () => []],
  seed: ['--seed', text],
};

/** The arguments with which `ct-mcqa` does the same: `['build', '--reports', …]`. */
export function buildArguments(options: BuildOptions): string[] {
  const named = Object.entries(flags) as [keyof BuildOptions, readonly [string, ArgumentOf]][];
  return [
    'build',
    ...named.flatMap(([name, [flag, argumentsOf]]) => {
      const value = options[name];
      return value === undefined || value === false || (Array.isArray(value) && value.length === 0)
        ? []
        : [flag, ...argumentsOf(value as never)];
    }),
  ];
}
