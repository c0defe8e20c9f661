import { UserError } from '../errors';
import { Random } from '../random';
import { dealOptionSets } from './optionSets';
import { reportText, textKey } from './optionText';
import { splitPatients } from './patientSplit';
import type { SplitShares } from './patientSplit';
import { reportModes } from './record';
import type { OptionMode, ReportMode, ScanMetadata } from './record';
import { planYesNo } from './planYesNo';
import type { PromptForm } from './planYesNo';
import type { ReportRow } from './tables';

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

export interface PlanSettings {
  readonly mode: OptionMode | 'mixed';
  readonly options: number;
  readonly questionsPerVolume: number;
  readonly seed: number;
  readonly split?: SplitShares;
  /** Of yes/no questions; statements where absent. */
  readonly prompts?: PromptForm | 'mixed';
}

/**
 * Decides every question before anything is written: which part each patient belongs to, which text
 * stands beside which, and where the true one stands. Distractors come from patients of the same
 * part, so that no report of a held-out patient is seen in training.
 *
 * @throws UserError `build-no-questions`, `split-invalid`.
 */
export function planQuestions(sources: readonly Source[], settings: PlanSettings): QuestionPlan {
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => {
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  };
  const parts = partsOf(sources, settings, skip).map(({ split, members }) => {
    const draft = settings.mode === 'yes_no' ? planYesNo : draftPart;
    const drafts = draft(members, split ?? '', settings, skip);
    return { split, drafts };
  });
  let count = 0;
  const planned = parts.map(({ split, drafts }) => ({
    split,
    questions: orderOptions(drafts, Random.fromSeed(settings.seed, 'order', split ?? '')).map(
      (question) => ({ ...question, id: `q${String(++count).padStart(6, '0')}` }),
    ),
  }));
  const reasons = [...skipped].map(([reason, number]) => ({ reason, count: number }));
  for (const { split, questions } of planned) {
    if (questions.length === 0) {
      throw noQuestions(split, reasons);
    }
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
  const partOf = splitPatients(patients, split, Random.fromSeed(seed, 'split'));
  const parts = new Map(Object.keys(split).map((name): [string, Source[]] => [name, []]));
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

/** A question whose options have no order yet. */
export interface Draft {
  readonly source: Source;
  readonly mode: OptionMode;
  readonly truth: PlannedOption;
  readonly distractors: readonly PlannedOption[];
}

/** The questions of one part, in the order of its members, round after round. */
function draftPart(
  members: readonly Source[],
  split: string,
  settings: PlanSettings,
  skip: Skip,
): Draft[] {
  const texts = members.map((source) => textsOf(source, settings.mode));
  const drafts: Draft[] = [];
  for (let round = 0; round < settings.questionsPerVolume; round++) {
    const random = Random.fromSeed(settings.seed, 'deal', split, round);
    const modes = texts.map((available) => {
      const choices = [...available.keys()];
      return choices.length === 0 ? undefined : random.pick(choices);
    });
    const found = new Map<number, Draft>();
    for (const mode of reportModes) {
      const indices = members.flatMap((_, index) => (modes[index] === mode ? [index] : []));
      for (const [index, draft] of draftMode(members, texts, indices, mode, settings, random)) {
        found.set(index, draft);
      }
    }
    members.forEach((_, index) => {
      const draft = found.get(index);
      if (draft !== undefined) {
        drafts.push(draft);
      } else if (round === 0) {
        skip(
          modes[index] === undefined
            ? emptyReason(settings.mode)
            : 'too few other reports to choose from',
        );
      }
    });
  }
  return drafts;
}

type TextsByMode = ReadonlyMap<ReportMode, { readonly text: string; readonly key: string }>;

/** The option texts that a report gives, in the modes wanted. */
function textsOf({ report, labels }: Source, mode: OptionMode | 'mixed'): TextsByMode {
  const wanted = reportModes.filter((each) => mode === 'mixed' || mode === each);
  return new Map(
    wanted.flatMap((each) => {
      const text = reportText(report, each, labels?.positive);
      const key = textKey(text);
      return key === undefined ? [] : [[each, { text, key }] as const];
    }),
  );
}

function emptyReason(mode: OptionMode | 'mixed'): string {
  return mode === 'impression' ? 'report without impression' : 'report without text';
}

function* draftMode(
  members: readonly Source[],
  texts: readonly TextsByMode[],
  indices: readonly number[],
  mode: ReportMode,
  settings: PlanSettings,
  random: Random,
): Generator<[number, Draft]> {
  const entries = indices.flatMap((index) => {
    const content = texts[index].get(mode);
    const { patient, report } = members[index];
    return content === undefined
      ? []
      : [{ index, patient, textKey: content.key, volume: report.volume, text: content.text }];
  });
  const dealt = dealOptionSets(entries, settings.options, random);
  for (const [place, others] of dealt.entries()) {
    if (others !== undefined) {
      const option = (at: number, isTrue: boolean): PlannedOption => ({
        volume: entries[at].volume,
        text: entries[at].text,
        isTrue,
      });
      const { index } = entries[place];
      const truth = option(place, true);
      const distractors = others.map((other) => option(other, false));
      yield [index, { source: members[index], mode, truth, distractors }];
    }
  }
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
