import { existsSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { UserError, throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import { writeFileAtomically } from '../storage/atomicFile';
import { findVolumes } from './findVolumes';
import { metadataPrompt, promptedText } from './optionText';
import { planQuestions } from './planQuestions';
import type { PlannedQuestion, Source, SourceLabels } from './planQuestions';
import type { PromptForm } from './planYesNo';
import type { SplitShares } from './patientSplit';
import { optionModes } from './record';
import type { DatasetSideFile, McqOption, McqRecord, OptionMode, ScanMetadata } from './record';
import { sideFilePath } from './sideFile';
import { readLabels, readMetadata, readReports } from './tables';
import type { LabelRow } from './tables';
import { ctRateLayout, patientOf } from './volumeName';

export type Negatives = 'random' | 'easy' | 'hard' | 'mixed';

export interface BuildOptions {
  /** Reports table with CT-RATE's columns. */
  readonly reports: string;
  readonly metadata?: string;
  /** Labels table: keywords are made with it. */
  readonly labels?: string;
  /** Folder below which the volumes are, in any layout. */
  readonly images: string;
  /** `NAME.mcqa.jsonl`; with a split `NAME.train.mcqa.jsonl` and so on. */
  readonly out: string;
  readonly mode?: OptionMode | 'mixed';
  /** Options a question, the true one counted; 2 to 20. */
  readonly options?: number;
  /** What yes/no questions say: "{finding} is present.", "Does this scan show {finding}? Yes.", or either. */
  readonly prompts?: PromptForm | 'mixed';
  /** How distractors are chosen; only `random` so far. */
  readonly negatives?: Negatives;
  /** Starts every option with the metadata of the question's scan: "Age: 67, Sex: M." */
  readonly metadataPrompt?: boolean;
  readonly split?: SplitShares;
  readonly seed?: number;
  readonly questionsPerVolume?: number;
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

type Settings = Required<Omit<BuildOptions, 'metadata' | 'labels' | 'split'>> & BuildOptions;

/**
 * Builds question files from tables and volumes; the same options and inputs give the same bytes.
 * A volume without a file is left out, unless no volume at all has one: then the questions are built
 * with the paths of CT-RATE's layout, to be filled later, and a note says so.
 *
 * @throws UserError `build-*` for options that cannot be met, `table-*`, `split-invalid`; CancelledError.
 */
export async function buildDataset(
  options: BuildOptions,
  work: LongWork = {},
): Promise<BuildResult> {
  const settings = withDefaults(options);
  const { sources, imagesFound, withoutImage } = await readSources(settings, work);
  const plan = planQuestions(sources, settings);
  throwIfCancelled(work.signal);

  const files: BuiltFile[] = [];
  for (const { split, questions } of plan.parts) {
    const path = partPath(settings.out, split);
    await writePart(path, questions, settings, work);
    files.push({ path, ...(split !== undefined && { split }), ...countsOf(questions) });
  }
  const skipped = [...plan.skipped];
  if (withoutImage > 0) {
    skipped.unshift({ reason: 'no image file', count: withoutImage });
  }
  const questions = files.reduce((sum, file) => sum + file.questions, 0);
  const notes = notesOn(sources, imagesFound, settings);
  return { files, questions, skipped, imagesFound, notes };
}

function notesOn(sources: readonly Source[], imagesFound: number, settings: Settings): string[] {
  const notes: string[] = [];
  if (imagesFound === 0) {
    const lack = existsSync(settings.images)
      ? `No volume of the reports table is in ${settings.images}`
      : `There is no folder ${settings.images}`;
    notes.push(`${lack}; image paths follow CT-RATE's layout, to be filled later.`);
  }
  const nameless = sources.filter(({ metadata }) => metadataPrompt(metadata) === '').length;
  if (settings.metadataPrompt && nameless > 0) {
    notes.push(
      `${nameless} of ${sources.length} volumes have no age and sex in a metadata table; their options start without.`,
    );
  }
  return notes;
}

function withDefaults(options: BuildOptions): Settings {
  const settings: Settings = {
    ...options,
    mode: options.mode ?? 'full_report',
    options: options.mode === 'yes_no' ? 2 : (options.options ?? 4),
    prompts: options.prompts ?? 'statement',
    negatives: options.negatives ?? 'random',
    metadataPrompt: options.metadataPrompt ?? false,
    seed: options.seed ?? 0,
    questionsPerVolume: options.questionsPerVolume ?? 1,
    out: resolve(options.out),
    images: resolve(options.images),
  };
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
  readonly broken: (settings: Settings) => boolean;
  readonly message: string;
  readonly remedy: string;
}[] = [
  {
    code: 'build-negatives-unsupported',
    broken: ({ negatives }) => negatives !== 'random',
    message: 'Only random distractors can be built so far; easy, hard and mixed ones come later.',
    remedy: 'Use --negatives random.',
  },
  {
    code: 'build-out-name',
    broken: ({ out }) => !/[^/\\]\.mcqa\.jsonl$/.test(out),
    message: 'The name of a question file must end in .mcqa.jsonl.',
    remedy: 'Choose a name such as chest.mcqa.jsonl.',
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

/** Joins the tables and the volumes found. */
async function readSources(
  settings: Settings,
  work: LongWork,
): Promise<{ sources: Source[]; imagesFound: number; withoutImage: number }> {
  const reports = await readReports(settings.reports, work);
  const labels =
    settings.labels === undefined ? undefined : await readLabels(settings.labels, work);
  const labelled = new Map(
    labels?.rows.map((row) => [row.volume, sourceLabels(row, labels.names)]),
  );
  const scans = settings.metadata === undefined ? [] : await readMetadata(settings.metadata, work);
  const metadata = new Map<string, ScanMetadata>(scans.map((row) => [row.volume, row.metadata]));
  const volumes = await findVolumes(settings.images, work);
  const imagesFound = reports.filter(({ volume }) => volumes.has(volume)).length;
  const usable = imagesFound > 0 ? reports.filter(({ volume }) => volumes.has(volume)) : reports;
  const sources = usable.map((report): Source => {
    const { volume } = report;
    const file = volumes.get(volume) ?? resolve(settings.images, ctRateLayout(volume));
    const known = metadata.get(volume);
    return {
      report,
      patient: patientOf(volume),
      imagePath: imagePathFor(file, settings),
      labels: labelled.get(volume),
      ...(known && Object.keys(known).length > 0 && { metadata: known }),
    };
  });
  return { sources, imagesFound, withoutImage: reports.length - usable.length };
}

function sourceLabels({ positive, unknown }: LabelRow, names: readonly string[]): SourceLabels {
  const isNegative = (name: string): boolean => !positive.includes(name) && !unknown.includes(name);
  return { positive, negative: names.filter(isNegative) };
}

/**
 * Relative to the question file where the volume is below its folder, so that the pair can be moved
 * together; else relative to the image root that the side file names.
 */
function imagePathFor(file: string, { out, images }: Settings): string {
  const besides = relative(dirname(out), file);
  const below = !besides.startsWith('..') && !isAbsolute(besides);
  return slashed(below ? besides : relative(images, file));
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
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

async function writePart(
  path: string,
  questions: readonly PlannedQuestion[],
  settings: Settings,
  work: LongWork,
): Promise<void> {
  const sideFile = `${JSON.stringify(sideFileOf(path, settings), undefined, 2)}\n`;
  const questionsAWrite = 500;
  await writeFileAtomically(path, async (file) => {
    for (let start = 0; start < questions.length; start += questionsAWrite) {
      throwIfCancelled(work.signal);
      const batch = questions.slice(start, start + questionsAWrite);
      await file.appendFile(
        batch.map((each) => `${JSON.stringify(recordOf(each, settings))}\n`).join(''),
      );
      const done = start + batch.length;
      work.onProgress?.({ stage: 'Writing questions', done, total: questions.length });
      await yieldToEvents();
    }
    // Before the questions take their place: without the side file they would not find their images.
    await writeFileAtomically(sideFilePath(path), sideFile);
  });
}

function recordOf(question: PlannedQuestion, settings: Settings): McqRecord {
  const { id, source, mode, options } = question;
  return {
    id,
    image_path: source.imagePath,
    options: options.map(({ volume, text, isTrue }): McqOption => ({
      text: settings.metadataPrompt ? promptedText(text, mode, source.metadata) : text,
      label: isTrue ? 1 : 0,
      ...(volume !== undefined && { source: volume }),
      kind: isTrue ? 'true' : volume === undefined ? 'generated' : 'random',
    })),
    mode,
    ...(source.metadata && { metadata: source.metadata }),
  };
}

function sideFileOf(path: string, settings: Settings): DatasetSideFile {
  const beside = (target: string): string =>
    slashed(relative(dirname(path), resolve(target))) || '.';
  const { reports, metadata, labels, images, mode, seed } = settings;
  return {
    version: 1,
    reports: beside(reports),
    ...(labels !== undefined && { labels: beside(labels) }),
    image_roots: [beside(images)],
    mode,
    metadata_prompt: settings.metadataPrompt,
    seed,
    built: {
      options: settings.options,
      negatives: settings.negatives,
      questions_per_volume: settings.questionsPerVolume,
      ...(metadata !== undefined && { metadata: beside(metadata) }),
      ...(settings.split && { split: settings.split }),
    },
  };
}
