import { UserError } from '../errors';
import type { Steps } from '../progress';
import { Random } from '../random';
import { draftReports } from './draftReports';
import type { CandidateRules, Doubt, EditName, KindShares, SimilarityMaker } from './distractors';
import { splitPatients } from './patientSplit';
import type { SplitShares } from './patientSplit';
import type { OptionKind, OptionMode, ScanMetadata } from './record';
import { planYesNo } from './planYesNo';
import type { PromptForm } from './planYesNo';
import type { ReportRow } from './tables';
import { parseVolumeName } from './volumeName';

/** One volume that questions can be made of. */
export interface Source {
  readonly report: ReportRow;
  readonly patient: string;
  /** As it goes into the record. */
  readonly imagePath: string;
  /** Its labels, where a labels table has the volume. */
  readonly labels: SourceLabels | undefined;
  readonly metadata?: ScanMetadata;
}

/** What a labels table says of a volume. */
export interface SourceLabels {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

export interface PlannedOption {
  /** The volume whose report it is; undefined for a text made of a label. */
  readonly volume?: string;
  /** Without the metadata sentence. */
  readonly text: string;
  readonly isTrue: boolean;
  readonly kind: OptionKind;
  readonly similarity?: number;
  readonly edits?: readonly EditName[];
  readonly undecidable?: Doubt;
}

export interface PlannedQuestion {
  readonly id: string;
  readonly source: Source;
  readonly mode: OptionMode;
  readonly options: readonly PlannedOption[];
}

export interface QuestionPlan {
  readonly parts: readonly {
    readonly split: string | undefined;
    readonly questions: readonly PlannedQuestion[];
  }[];
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
}

/** Shares of questions by how their distractors come about: dealt from other reports, or their own report changed. */
export type NegativeShares = KindShares & { readonly counterfactual?: number };

export interface PlanSettings {
  readonly mode: OptionMode | 'mixed';
  readonly options: number;
  readonly questionsPerVolume: number;
  readonly seed: number;
  readonly split?: SplitShares | 'own';
  /** What share of the questions gets distractors of each kind; random ones where absent. */
  readonly negatives?: NegativeShares;
  /** Which reports may stand together; those that nobody could tell apart are kept apart where absent. */
  readonly rules?: CandidateRules;
  /** Of yes/no questions; statements where absent. */
  readonly prompts?: PromptForm | 'mixed';
  /** Tells how alike reports are, for hard and easy distractors; TF-IDF where absent. */
  readonly compare?: SimilarityMaker;
}

/**
 * Decides every question before anything is written: which part each patient belongs to, which text
 * stands beside which, and where the true one stands. Distractors come from patients of the same
 * part, so that no report of a held-out patient is seen in training.
 *
 * @param skippedBefore volumes left out already, which are counted with those left out here
 * @throws UserError `build-no-questions`, `split-invalid`.
 */
export function* planQuestions(
  sources: readonly Source[],
  settings: PlanSettings,
  skippedBefore: QuestionPlan['skipped'] = [],
): Steps<QuestionPlan> {
  const skipped = new Map(skippedBefore.map(({ reason, count }) => [reason, count]));
  const skip = (reason: string): void => {
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  };
  const draft = settings.mode === 'yes_no' ? planYesNo : draftReports;
  const parts: { readonly split: string | undefined; readonly drafts: readonly Draft[] }[] = [];
  for (const { split, members } of partsOf(sources, settings, skip)) {
    parts.push({ split, drafts: yield* draft(members, split ?? '', settings, skip) });
  }
  let count = 0;
  const planned = parts.map(({ split, drafts }) => ({
    split,
    questions: orderOptions(drafts, Random.fromSeed(settings.seed, 'order', split ?? '')).map(
      (question) => ({ ...question, id: `q${String(++count).padStart(6, '0')}` }),
    ),
  }));
  const reasons = [...skipped].map(([reason, number]) => ({ reason, count: number }));
  const empty = planned.find(({ questions }) => questions.length === 0);
  if (empty !== undefined || planned.length === 0) {
    throw noQuestions(empty?.split, reasons);
  }
  return { parts: planned, skipped: reasons };
}

export type Skip = (reason: string) => void;

function partsOf(
  sources: readonly Source[],
  { split, seed }: PlanSettings,
  skip: Skip,
): { split: string | undefined; members: Source[] }[] {
  if (split === undefined) {
    return [{ split: undefined, members: [...sources] }];
  }
  const patients = sources.map(({ patient }) => patient);
  const partOf =
    split === 'own'
      ? ownSplits(sources)
      : splitPatients(patients, split, Random.fromSeed(seed, 'split'));
  const names = split === 'own' ? [...new Set(partOf.values())].sort() : Object.keys(split);
  const parts = new Map(names.map((name): [string, Source[]] => [name, []]));
  for (const source of sources) {
    const members = parts.get(partOf.get(source.patient) ?? '');
    if (members === undefined) {
      skip('patient in no part of the split');
    } else {
      members.push(source);
    }
  }
  return [...parts].map(([name, members]) => ({ split: name, members }));
}

/** CT-RATE's own split, which the names of its volumes say, by patient. */
function ownSplits(sources: readonly Source[]): ReadonlyMap<string, string> {
  return new Map(
    sources.flatMap(({ patient, report }) => {
      const split = parseVolumeName(report.volume)?.split;
      return split === undefined ? [] : [[patient, split] as const];
    }),
  );
}

/** A question whose options have no order yet. */
export interface Draft {
  readonly source: Source;
  readonly mode: OptionMode;
  readonly truth: PlannedOption;
  readonly distractors: readonly PlannedOption[];
}

/** Shuffles options so that over a part the true one stands at each place equally often (give or take one). */
function orderOptions(drafts: readonly Draft[], random: Random): Omit<PlannedQuestion, 'id'>[] {
  const size = (drafts.at(0)?.distractors.length ?? 0) + 1;
  const places = random.shuffled(drafts.map((_, index) => index % size));
  return drafts.map(({ source, mode, truth, distractors }, index) => {
    const options = random.shuffled(distractors);
    options.splice(places[index], 0, truth);
    return { source, mode, options };
  });
}

function noQuestions(
  split: string | undefined,
  skipped: readonly { readonly reason: string; readonly count: number }[],
): UserError {
  const why = skipped.map(({ reason, count }) => `${count} left out: ${reason}`).join('; ');
  return new UserError(
    'build-no-questions',
    `No question can be built${split === undefined ? '' : ` for "${split}"`}${why && ` (${why})`}.`,
    'Use more reports, fewer options a question, another mode, or a larger share.',
  );
}
