import type { BuildOptions } from '../../core/dataset/build';
import {
  differenceFrom,
  differenceText,
  negativesFrom,
  negativesText,
  splitFrom,
  splitText,
  templateFrom,
} from '../../core/dataset/buildWords';
import { usualTemplate } from '../../core/dataset/metadataPrompt';
import type { BuildForm, PathField } from '../../protocol/build';

/** Fields that are written in a word of their own, and how it is read and shown. */
export const words: {
  readonly [Name in WordField]: {
    readonly read: (text: string) => BuildOptions[Name];
    readonly show: (value: NonNullable<BuildOptions[Name]>) => string;
  };
} = {
  negatives: { read: negativesFrom, show: negativesText },
  labelDifference: { read: differenceFrom, show: differenceText },
  metadataPrompt: { read: templateFrom, show: (template) => template },
  split: { read: splitFrom, show: splitText },
};

export type WordField = 'negatives' | 'labelDifference' | 'metadataPrompt' | 'split';

/** A part of the form. */
export type FieldGroup = 'sources' | 'questions' | 'output';

interface FieldPlace {
  readonly name: keyof BuildOptions;
  readonly group: FieldGroup;
  readonly required?: true;
  /** False where the field means nothing for what is chosen elsewhere: it is then not shown. */
  readonly applies?: (form: BuildForm) => boolean;
}

/** How a field is asked for; values that are shown stand for an absent option. */
export type Field = FieldPlace &
  (
    | { readonly kind: 'path'; readonly name: PathField }
    | {
        readonly kind: 'choice';
        readonly name: 'mode' | 'prompts' | 'undecidable' | 'texts';
        readonly values: readonly string[];
      }
    | {
        readonly kind: 'number';
        readonly name: 'options' | 'questionsPerVolume' | 'seed';
        readonly least: number;
        readonly most: number;
        readonly usual: number;
      }
    | {
        readonly kind: 'word';
        readonly name: WordField;
        /** Suggestions. */
        readonly values: readonly string[];
      }
  );

const isYesNo = ({ mode }: BuildForm): boolean => mode === 'yes_no';
const isOfReports = (form: BuildForm): boolean => !isYesNo(form);
const asksForAlike = ({ negatives: { hard = 0, easy = 0 } = {} }: BuildForm): boolean =>
  hard + easy > 0;

/** The form: one row a field. The first value of a choice is the builder's default. */
export const fields: readonly Field[] = [
  { name: 'reports', group: 'sources', kind: 'path', required: true },
  { name: 'images', group: 'sources', kind: 'path', required: true },
  { name: 'labels', group: 'sources', kind: 'path' },
  { name: 'metadata', group: 'sources', kind: 'path' },
  { name: 'exclude', group: 'sources', kind: 'path' },
  {
    name: 'mode',
    group: 'questions',
    kind: 'choice',
    values: ['full_report', 'impression', 'keywords', 'mixed', 'yes_no'],
  },
  {
    name: 'prompts',
    group: 'questions',
    kind: 'choice',
    values: ['statement', 'question', 'mixed'],
    applies: isYesNo,
  },
  {
    name: 'options',
    group: 'questions',
    kind: 'number',
    least: 2,
    most: 20,
    usual: 4,
    applies: isOfReports,
  },
  {
    name: 'negatives',
    group: 'questions',
    kind: 'word',
    values: ['random', 'hard', 'easy', 'mixed', 'counterfactual', 'hard=2,random=1'],
    applies: isOfReports,
  },
  {
    name: 'embeddings',
    group: 'questions',
    kind: 'path',
    applies: (form) => isOfReports(form) && asksForAlike(form),
  },
  {
    name: 'labelDifference',
    group: 'questions',
    kind: 'word',
    values: ['1-2', '2', '3-'],
    applies: (form) => isOfReports(form) && form.labels !== undefined,
  },
  {
    name: 'undecidable',
    group: 'questions',
    kind: 'choice',
    values: ['avoid', 'flag'],
    applies: isOfReports,
  },
  {
    name: 'metadataPrompt',
    group: 'questions',
    kind: 'word',
    values: [usualTemplate, 'A {age}-year-old {sex_word} patient.'],
    applies: ({ metadata }) => metadata !== undefined,
  },
  {
    name: 'questionsPerVolume',
    group: 'questions',
    kind: 'number',
    least: 1,
    most: 1000,
    usual: 1,
  },
  {
    name: 'seed',
    group: 'questions',
    kind: 'number',
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    usual: 0,
  },
  {
    name: 'split',
    group: 'output',
    kind: 'word',
    values: ['train=0.8,valid=0.2', 'train=0.8,valid=0.1,test=0.1', 'own'],
  },
  {
    name: 'texts',
    group: 'output',
    kind: 'choice',
    values: ['auto', 'inline', 'ref'],
    applies: isOfReports,
  },
  { name: 'out', group: 'output', kind: 'path', required: true },
];

/** True once the form says all that a preview needs. */
export function isPreviewable(form: BuildForm): boolean {
  return fields.every(({ name, required }) => !required || Boolean(form[name]));
}

/** Without the options that mean nothing for what is chosen elsewhere. */
export function applicable(form: BuildForm): BuildForm {
  const left = new Set<string>(
    fields.filter(({ applies }) => applies?.(form) === false).map(({ name }) => name),
  );
  return Object.fromEntries(Object.entries(form).filter(([name]) => !left.has(name)));
}
