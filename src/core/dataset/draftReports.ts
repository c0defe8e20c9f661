import type { Steps } from '../progress';
import { Random } from '../random';
import {
  Candidates,
  counterfactualsOf,
  dealOptionSets,
  dealtKinds,
  donorSentencesOf,
  similarityOf,
} from './distractors';
import type { DealtKind, DonorSentence, Similarity } from './distractors';
import { reportText, textKey } from './optionText';
import type {
  Draft,
  NegativeShares,
  PlannedOption,
  PlanSettings,
  Skip,
  Source,
} from './planQuestions';
import { reportModes } from './record';
import type { OptionMode, ReportMode } from './record';

/** A scan whose report gives a text in the mode at hand. */
interface Entry {
  /** Place among the members of the part. */
  readonly index: number;
  readonly source: Source;
  readonly text: string;
  readonly textKey: string;
}

/** Draws of one round over the scans of a part. */
interface RoundSettings {
  readonly settings: PlanSettings;
  readonly mode: ReportMode;
  readonly round: number;
  readonly random: Random;
}

/** The questions of one part whose options are reports, in the order of its members, round after round. */
export function* draftReports(
  members: readonly Source[],
  split: string,
  settings: PlanSettings,
  skip: Skip,
): Steps<Draft[]> {
  const texts = yield* optionTexts(members, settings.mode);
  const drafts: Draft[] = [];
  const asked = new Set<string>();
  for (let round = 0; round < settings.questionsPerVolume; round++) {
    const random = Random.fromSeed(settings.seed, 'deal', split, round);
    const modes = texts.map((available) => {
      const choices = [...available.keys()];
      return choices.length === 0 ? undefined : random.pick(choices);
    });
    const found = new Map<number, Draft>();
    for (const mode of reportModes) {
      const entries = members.flatMap((source, index): Entry[] => {
        const content = modes[index] === mode ? texts[index].get(mode) : undefined;
        return content === undefined ? [] : [{ index, source, ...content }];
      });
      const drafted = yield* draftMode(entries, { settings, mode, round, random });
      for (const [{ index }, draft] of drafted) {
        found.set(index, draft);
      }
    }
    members.forEach((_, index) => {
      const draft = found.get(index);
      if (draft !== undefined && isNew(draft, asked)) {
        drafts.push(draft);
      } else if (draft !== undefined) {
        skip('a question that its volume has already');
      } else if (round === 0) {
        skip(modes[index] === undefined ? emptyReason(settings.mode) : lonelyReason(settings));
      }
    });
  }
  return drafts;
}

/** Few reports give few questions: in the end the same options stand beside a report again. */
function isNew({ source, mode, distractors }: Draft, asked: Set<string>): boolean {
  const options = distractors.map(({ volume, text }) => volume ?? text).sort();
  const key = [source.report.volume, mode, ...options].join('\0');
  const { size } = asked;
  return asked.add(key).size > size;
}

type TextsByMode = ReadonlyMap<ReportMode, { readonly text: string; readonly textKey: string }>;

/** The option texts that the report of each source gives, in the modes wanted. */
export function* optionTexts(
  sources: readonly Source[],
  mode: OptionMode | 'mixed',
): Steps<TextsByMode[]> {
  const texts: TextsByMode[] = [];
  for (const source of sources) {
    yield { stage: 'Reading reports', done: texts.length, total: sources.length };
    texts.push(textsOf(source, mode));
  }
  return texts;
}

function textsOf({ report, labels }: Source, mode: OptionMode | 'mixed'): TextsByMode {
  const wanted = reportModes.filter((each) => mode === 'mixed' || mode === each);
  return new Map(
    wanted.flatMap((each) => {
      const text = reportText(report, each, labels?.positive);
      const key = textKey(text);
      return key === undefined ? [] : [[each, { text, textKey: key }] as const];
    }),
  );
}

function emptyReason(mode: OptionMode | 'mixed'): string {
  return mode === 'impression' ? 'report without impression' : 'report without text';
}

function lonelyReason({ negatives }: PlanSettings): string {
  return dealtShare(negatives) > 0
    ? 'too few other reports to choose from'
    : 'too little in the report that could be changed';
}

function dealtShare(negatives: NegativeShares = { random: 1 }): number {
  return dealtKinds.reduce((sum, kind) => sum + (negatives[kind] ?? 0), 0);
}

/** The questions of one mode: some about changed reports, the rest about the reports of others. */
function* draftMode(entries: readonly Entry[], how: RoundSettings): Steps<Map<Entry, Draft>> {
  const { negatives = {} } = how.settings;
  const { counterfactual = 0 } = negatives;
  const dealt = dealtShare(how.settings.negatives);
  const wanted = Math.round((entries.length * counterfactual) / (counterfactual + dealt));
  const drafts = yield* changedReports(entries, wanted, how);
  if (dealt > 0) {
    const others = entries.filter((entry) => !drafts.has(entry));
    for (const [entry, draft] of yield* dealtReports(others, how)) {
      drafts.set(entry, draft);
    }
  }
  return drafts;
}

/** Questions whose distractors are the true report, changed. */
function* changedReports(
  entries: readonly Entry[],
  count: number,
  { settings, mode, random }: RoundSettings,
): Steps<Map<Entry, Draft>> {
  const drafts = new Map<Entry, Draft>();
  const donors = count > 0 ? donorsFrom(entries, random) : [];
  for (const entry of count > 0 ? random.shuffled(entries) : []) {
    yield { stage: 'Changing reports', done: drafts.size, total: count };
    const { source, text } = entry;
    const versions = counterfactualsOf(text, settings.options - 1, random, donors);
    if (versions !== undefined) {
      const distractors = versions.map((version): PlannedOption => ({
        ...version,
        isTrue: false,
        kind: 'generated',
      }));
      drafts.set(entry, { source, mode, truth: truthOf(entry), distractors });
      if (drafts.size === count) {
        break;
      }
    }
  }
  return drafts;
}

/** Reports that sentences are taken from, to be put into others. */
const donorReports = 300;

function donorsFrom(entries: readonly Entry[], random: Random): DonorSentence[] {
  return random
    .shuffled(entries)
    .slice(0, donorReports)
    .flatMap(({ text }) => donorSentencesOf(text));
}

/** Questions whose distractors are reports of others. */
function* dealtReports(
  entries: readonly Entry[],
  { settings, mode, round, random }: RoundSettings,
): Steps<Map<Entry, Draft>> {
  const { options, negatives: shares = { random: 1 } } = settings;
  const { rules = { undecidable: 'avoid' } } = settings;
  const candidates = new Candidates(
    entries.map(({ source, text, textKey: key }) => ({
      patient: source.patient,
      text,
      textKey: key,
      labels: source.labels,
    })),
    rules,
  );
  const similarity = yield* similarityOf(candidates, settings.compare);
  const hands = yield* dealOptionSets(candidates, options, random, { shares, round, similarity });
  const drafts = new Map<Entry, Draft>();
  for (const [place, hand] of hands.entries()) {
    if (hand !== undefined) {
      const distractors = hand.others.map((other) =>
        distractor(candidates, entries, place, other, hand.kind, similarity),
      );
      const entry = entries[place];
      drafts.set(entry, { source: entry.source, mode, truth: truthOf(entry), distractors });
    }
  }
  return drafts;
}

function truthOf({ source, text }: Entry): PlannedOption {
  return { volume: source.report.volume, text, isTrue: true, kind: 'true' };
}

function distractor(
  candidates: Candidates,
  entries: readonly Entry[],
  truth: number,
  other: number,
  kind: DealtKind,
  similarity: Similarity,
): PlannedOption {
  const doubt = candidates.doubtBetween(truth, other);
  const { textOf } = candidates;
  return {
    volume: entries[other].source.report.volume,
    text: entries[other].text,
    isTrue: false,
    kind,
    similarity: twoDecimals(similarity.between(textOf[truth], textOf[other])),
    ...(doubt !== undefined && { undecidable: doubt }),
  };
}

function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
