import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../errors';
import { takeSteps } from '../progress';
import type { LongWork } from '../progress';
import type { CandidateRules, DifferenceRange, SimilarityMaker } from './distractors';
import { optionForm, writtenOption } from './optionForm';
import type { TextForm } from './optionForm';
import { metadataPrompt, requireTemplate } from './metadataPrompt';
import { planQuestions } from './planQuestions';
import type { NegativeShares, PlannedQuestion, Source } from './planQuestions';
import type { PromptForm } from './planYesNo';
import type { SplitShares } from './patientSplit';
import { optionModes } from './record';
import type { DatasetSideFile, McqRecord, OptionMode } from './record';
import { compareByEmbedding } from './reportEmbedding';
import type { ReportEmbedding } from './reportEmbedding';
import { requireQuestionFileName } from './sideFile';
import { readSources } from './sources';
import type { SourceFiles } from './sources';
import { patientOf } from './volumeName';
import { writeQuestionFiles } from './writeQuestions';
import { pathBeside } from './writtenPaths';

export interface BuildOptions extends SourceFiles {
  readonly mode?: OptionMode | 'mixed';
  /** Options a question, the true one counted; 2 to 20. */
  readonly options?: number;
  /** What yes/no questions say: "{finding} is present.", "Does this scan show {finding}? Yes.", or either. */
  readonly prompts?: PromptForm | 'mixed';
  /** Shares of the questions by how their distractors come about; random ones where absent. */
  readonly negatives?: NegativeShares;
  /** Folder of a run whose text tower tells how alike reports are; TF-IDF does where absent. */
  readonly embeddings?: string;
  /** In how many findings of the labels table every two options of a question differ. */
  readonly labelDifference?: DifferenceRange;
  /** Options that nobody could tell apart: kept out of one question (where absent), or marked. */
  readonly undecidable?: 'avoid' | 'flag';
  /** Whether options carry their texts or refer to the table; by size where absent. */
  readonly texts?: TextForm;
  /**
   * Starts every option with the metadata of the question's scan by a template: "Age: {age}, Sex:
   * {sex}." (see {@link metadataPrompt}).
   */
  readonly metadataPrompt?: string;
  /** Shares of the patients, or `own` for CT-RATE's own split, which the volumes' names say. */
  readonly split?: SplitShares | 'own';
  readonly seed?: number;
  readonly questionsPerVolume?: number;
  /** Replaces question files that were changed since they were built, or that nobody built. */
  readonly replace?: boolean;
}

export interface BuiltFile {
  readonly path: string;
  /** Name of the part where there is a split. */
  readonly split?: string;
  readonly questions: number;
  readonly patients: number;
  readonly modes: Readonly<Record<OptionMode, number>>;
}

export interface BuildResult {
  readonly files: readonly BuiltFile[];
  readonly questions: number;
  /** Volumes of the reports table that no question was made of, by reason. */
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  /** Volumes of the reports table that have a file. */
  readonly imagesFound: number;
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
}

export type BuildSettings = Required<
  Omit<
    BuildOptions,
    | 'metadata'
    | 'labels'
    | 'exclude'
    | 'split'
    | 'labelDifference'
    | 'metadataPrompt'
    | 'embeddings'
    | 'replace'
  >
> &
  BuildOptions & { readonly rules: CandidateRules };

/**
 * Builds question files from tables and volumes; the same options and inputs give the same bytes.
 * A volume without a file is left out, unless no volume at all has one: then the questions are built
 * with the paths of CT-RATE's layout, to be filled later, and a note says so.
 *
 * @param embedding that of the run which the options name, where they name one.
 * @throws UserError `build-*` for options that cannot be met, `build-exists` for files that hold a
 *   user's work, `table-*`, `split-invalid`; CancelledError.
 */
export async function buildDataset(
  options: BuildOptions,
  work: LongWork = {},
  embedding?: ReportEmbedding,
): Promise<BuildResult> {
  const settings = buildSettings(options);
  const { sources, imagesFound, ...found } = await readSources(settings, work);
  const compare = await comparison(sources, settings, embedding, work);
  const plan = await takeSteps(
    planQuestions(sources, { ...settings, ...compare }, found.skipped),
    work,
  );

  const parts = plan.parts.map(({ split, questions }) => {
    const path = partPath(settings.out, split);
    return { split, path, questions, form: optionForm(settings.texts, questions) };
  });
  await writeQuestionFiles(
    parts.map(({ path, questions, form }) => ({
      path,
      questions,
      recordOf: (question: PlannedQuestion) => recordOf(question, settings, form),
      side: sideFileOf(path, settings, embedding),
    })),
    { replace: settings.replace === true, inputs: inputsOf(settings) },
    work,
  );
  const files = parts.map(({ split, path, questions }) => ({
    path,
    ...(split !== undefined && { split }),
    ...countsOf(questions),
  }));
  const questions = files.reduce((sum, file) => sum + file.questions, 0);
  const notes = [...found.notes, ...notesOn(sources, imagesFound, settings)];
  if (settings.texts === 'auto' && parts.some(({ form }) => form === 'ref')) {
    notes.push(referenceNote);
  }
  return { files, questions, skipped: plan.skipped, imagesFound, notes };
}

/** How alike reports are, where a run is to tell. */
export async function comparison(
  sources: readonly Source[],
  { embeddings, mode }: BuildSettings,
  embedding: ReportEmbedding | undefined,
  work: LongWork,
): Promise<{ readonly compare?: SimilarityMaker }> {
  if (embeddings === undefined) {
    return {};
  }
  if (embedding === undefined) {
    throw new Error('the run of the options was not opened');
  }
  return { compare: await compareByEmbedding(sources, mode, embedding, work) };
}

const referenceNote =
  'Options refer to the reports table: with their texts a file would have more than 50 MB, which editors do not check as you type.';

function notesOn(
  sources: readonly Source[],
  imagesFound: number,
  settings: BuildSettings,
): string[] {
  const notes: string[] = [];
  if (imagesFound === 0) {
    const lack = existsSync(settings.images)
      ? `No volume of the reports table is in ${settings.images}`
      : `There is no folder ${settings.images}`;
    notes.push(`${lack}; image paths follow CT-RATE's layout, to be filled later.`);
  }
  const { metadataPrompt: template } = settings;
  const isNameless = ({ metadata }: Source): boolean => metadataPrompt(metadata, template) === '';
  const nameless = template === undefined ? 0 : sources.filter(isNameless).length;
  if (nameless > 0) {
    notes.push(
      `${nameless} of ${sources.length} volumes have nothing in a metadata table that the metadata prompt names; their options start without.`,
    );
  }
  return notes;
}

/** The options with their defaults; paths absolute. Throws UserError `build-*` for what cannot be met. */
export function buildSettings(options: BuildOptions): BuildSettings {
  const settings: BuildSettings = {
    ...options,
    mode: options.mode ?? 'full_report',
    options: options.mode === 'yes_no' ? 2 : (options.options ?? 4),
    prompts: options.prompts ?? 'statement',
    negatives: options.negatives ?? { random: 1 },
    undecidable: options.undecidable ?? 'avoid',
    texts: options.texts ?? 'auto',
    rules: {
      undecidable: options.undecidable ?? 'avoid',
      ...(options.labelDifference && { labelDifference: options.labelDifference }),
    },
    seed: options.seed ?? 0,
    questionsPerVolume: options.questionsPerVolume ?? 1,
    out: resolve(options.out),
    images: resolve(options.images),
  };
  requireQuestionFileName(settings.out);
  if (settings.metadataPrompt !== undefined) {
    requireTemplate(settings.metadataPrompt);
  }
  for (const { code, broken, message, remedy } of requirements) {
    if (broken(settings)) {
      throw new UserError(code, message, remedy);
    }
  }
  return settings;
}

const isWhole = (value: number, low: number, high: number): boolean =>
  Number.isInteger(value) && value >= low && value <= high;

const requirements: readonly {
  readonly code: string;
  readonly broken: (settings: BuildSettings) => boolean;
  readonly message: string;
  readonly remedy: string;
}[] = [
  {
    code: 'build-negatives',
    broken: ({ negatives }) => {
      const shares = Object.values(negatives);
      return !shares.every((share) => share >= 0) || !shares.some((share) => share > 0);
    },
    message: 'The shares of the kinds of distractors must be 0 or more, and not all 0.',
    remedy: 'Use hard, or shares such as hard=2,random=1.',
  },
  {
    code: 'build-embeddings-unused',
    broken: ({ embeddings, negatives: { hard = 0, easy = 0 }, mode }) =>
      embeddings !== undefined && (hard + easy === 0 || mode === 'yes_no'),
    message: 'The run tells how alike reports are, which only hard and easy distractors ask for.',
    remedy: 'Add --negatives hard, or leave the run out.',
  },
  {
    code: 'build-labels-needed',
    broken: ({ labelDifference, labels }) => labelDifference !== undefined && labels === undefined,
    message: 'In how many findings options differ is known from a labels table.',
    remedy: 'Give one with --labels.',
  },
  {
    code: 'build-label-difference',
    broken: ({ labelDifference: range }) =>
      range !== undefined &&
      !(isWhole(range.least, 0, 1000) && (range.most ?? range.least) >= range.least),
    message: 'Options differ in a whole number of findings, from a lower one to a higher one.',
    remedy: 'Use a range such as 1-2, or 3- for three and more.',
  },
  {
    // The sum of the differences of three sets from each other is even.
    code: 'build-label-difference',
    broken: ({ labelDifference: range, options }) =>
      range !== undefined && options > 2 && range.least === range.most && range.least % 2 === 1,
    message: 'Of three reports, no two can differ in the same odd number of findings.',
    remedy: 'Use a range such as 1-2, or two options a question.',
  },
  {
    code: 'build-mode-unknown',
    broken: ({ mode }) => mode !== 'mixed' && !optionModes.includes(mode),
    message: 'The mode is not known.',
    remedy: `Choose one of ${optionModes.join(', ')}, mixed.`,
  },
  {
    code: 'build-labels-needed',
    broken: ({ mode, labels }) => mode === 'yes_no' && labels === undefined,
    message: 'Yes/no questions are made from a labels table.',
    remedy: 'Give one with --labels.',
  },
  {
    code: 'build-option-count',
    broken: ({ options }) => !isWhole(options, 2, 20),
    message: 'A question has 2 to 20 options.',
    remedy: 'Choose a whole number from 2 to 20.',
  },
  {
    code: 'build-questions-per-volume',
    broken: ({ questionsPerVolume }) => !isWhole(questionsPerVolume, 1, 1000),
    message: 'A volume gives 1 to 1000 questions.',
    remedy: 'Choose a whole number from 1 to 1000.',
  },
  {
    code: 'build-seed',
    broken: ({ seed }) => !isWhole(seed, 0, Number.MAX_SAFE_INTEGER),
    message: 'The seed must be a whole number from 0 up.',
    remedy: 'Choose a number such as 0.',
  },
];

function inputsOf({ reports, metadata, labels, exclude = [] }: BuildSettings): string[] {
  return [reports, ...exclude, ...[metadata, labels].flatMap((table) => table ?? [])];
}

/** `NAME.train.mcqa.jsonl` for the part `train` of `NAME.mcqa.jsonl`. */
function partPath(out: string, part: string | undefined): string {
  return part === undefined ? out : out.replace(/\.mcqa\.jsonl$/, `.${part}.mcqa.jsonl`);
}

function countsOf(
  questions: readonly PlannedQuestion[],
): Pick<BuiltFile, 'questions' | 'patients' | 'modes'> {
  const modes = { full_report: 0, impression: 0, keywords: 0, yes_no: 0 };
  for (const { mode } of questions) {
    modes[mode]++;
  }
  const patients = new Set(questions.map(({ source }) => source.patient)).size;
  return { questions: questions.length, patients, modes };
}

/** A question as it stands in the file. */
export function recordOf(
  question: PlannedQuestion,
  settings: BuildSettings,
  form: 'inline' | 'ref',
): McqRecord {
  const { id, source, mode, options } = question;
  return {
    id,
    image_path: source.imagePath,
    ...(isToldByName(source) ? {} : { patient: source.patient }),
    options: options.map((option) =>
      writtenOption(option, question, form, settings.metadataPrompt),
    ),
    mode,
    ...(source.metadata && { metadata: source.metadata }),
  };
}

/** Whether the path of the image says whose scan it is: then the record need not. */
function isToldByName({ report, patient }: Source): boolean {
  return report.patient === undefined || patient === patientOf(report.volume);
}

function sideFileOf(
  path: string,
  settings: BuildSettings,
  embedding: ReportEmbedding | undefined,
): DatasetSideFile {
  const beside = (target: string): string => pathBeside(path, target);
  const { reports, metadata, labels, images, exclude = [], embeddings, mode, seed } = settings;
  return {
    version: 1,
    reports: beside(reports),
    ...(labels !== undefined && { labels: beside(labels) }),
    ...(metadata !== undefined && { metadata: beside(metadata) }),
    image_roots: [beside(images)],
    mode,
    metadata_prompt: settings.metadataPrompt ?? false,
    seed,
    built: {
      options: settings.options,
      negatives: settings.negatives,
      ...(embeddings !== undefined && {
        embeddings: { run: beside(embeddings), model_hash: embedding?.modelHash },
      }),
      undecidable: settings.undecidable,
      ...(settings.labelDifference && { label_difference: settings.labelDifference }),
      questions_per_volume: settings.questionsPerVolume,
      ...(exclude.length > 0 && { exclude: exclude.map(beside) }),
      ...(settings.split && { split: settings.split }),
    },
  };
}
