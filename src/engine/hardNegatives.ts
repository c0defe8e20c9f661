import { promptedText, textKey } from '../core/dataset/optionText';
import { questionPatient } from '../core/dataset/record';
import type { McqOption, OptionMode, ScanMetadata } from '../core/dataset/record';
import { volumeStem } from '../core/dataset/volumeName';
import type { HardNegativeSettings } from '../core/preset';
import type { LongWork } from '../core/progress';
import { Random } from '../core/random';
import { matchers } from './matcher';
import type { AnsweringParts } from './matcher';
import { modeOf } from './modelQuestions';
import type { AnsweredQuestion } from './questions';

/*
 * Hard-negative mining: the reports that the model itself finds most like a scan, true ones aside,
 * become the distractors of its question.
 *
 * What was mined depends on the weights at that moment, which a run that is resumed later does not
 * have any more. So it is data of the run: `MinedOptions` stands in the checkpoint, and
 * `withMinedOptions` makes the same questions of it again.
 */

/** By question id: which options stand for which question's true text. */
export type MinedOptions = Readonly<Record<string, readonly MinedOption[]>>;
type MinedOption = readonly [option: number, sourceQuestion: string];

/** What the mining of a run depends on. */
export interface Mining {
  readonly settings: HardNegativeSettings;
  readonly seed: number;
  /** How many minings came before. */
  readonly round: number;
}

/**
 * Texts that are compared with a scan. Dual towers compare vectors, so nearly all texts can be looked
 * at; cross-attention runs for each pair.
 */
const mostCandidates = { dualTower: 4096, crossAttention: 32 } as const;

/** A true text of the questions. */
interface Candidate {
  readonly question: AnsweredQuestion;
  readonly patient: string;
  readonly key: string | undefined;
  readonly text: string;
}

/**
 * Finds for every question the true texts of other questions of the same mode that the model gives
 * the highest logits for its scan: never of the same patient, never two that say the same, never what
 * the true text or an option that stays says. `share` of its distractors (at least one) are replaced,
 * drawn by the seed. Yes/no questions, whose options belong together, stay as they are; so does a
 * question for which there are not enough other texts.
 *
 * The same weights, questions, seed and round give the same options; ties go to the earlier text.
 *
 * @param parts the model with its weights of this moment
 * @param questions as the file has them, not as mined before
 * @throws CancelledError
 */
export async function mineHardNegatives(
  parts: AnsweringParts,
  questions: readonly AnsweredQuestion[],
  { settings: { share = 1 }, seed, round }: Mining,
  work: LongWork,
): Promise<MinedOptions> {
  const random = Random.fromSeed(seed, 'hard negatives', round);
  const pools = candidatesByMode(questions);
  const isDualTower = parts.embedder.preset.fusion.kind !== 'cross_attention';
  const shared = new Map(
    [...pools].map(([mode, pool]) => [mode, some(pool, mostCandidates.dualTower, random)]),
  );
  const asked = questions.flatMap((question, index) => {
    const pool = shared.get(modeOf(question)) ?? [];
    const candidates = isDualTower ? pool : some(pool, mostCandidates.crossAttention, random);
    const count = Math.max(1, Math.round(share * (question.texts.length - 1)));
    const distractors = [...question.texts.keys()].filter((option) => option !== question.truth);
    const replaced = random
      .shuffled(distractors)
      .slice(0, count)
      .sort((a, b) => a - b);
    return candidates.length === 0 ? [] : [{ index, candidates, replaced }];
  });
  const textsOf = sharedTexts();
  const requests = asked.map(({ index, candidates }) => ({
    ...questions[index],
    texts: textsOf(candidates),
  }));
  const mined: Record<string, readonly MinedOption[]> = {};
  const { kind } = parts.embedder.preset.fusion;
  await matchers[kind](parts, requests, work, (request, { logits }) => {
    const { index, candidates, replaced } = asked[request];
    const question = questions[index];
    const chosen = mostConfusable(question, replaced, candidates, logits);
    if (chosen.length === replaced.length) {
      mined[question.id] = replaced.map((option, i) => [option, chosen[i].question.id]);
    }
  });
  return mined;
}

/** The questions with what was mined in place of their own distractors. */
export function withMinedOptions(
  questions: readonly AnsweredQuestion[],
  mined: MinedOptions,
): AnsweredQuestion[] {
  const byId = new Map(questions.map((question) => [question.id, question]));
  return questions.map((question) => {
    const texts = [...question.texts];
    const bareTexts = [...bareTextsOf(question)];
    const options: McqOption[] = [...question.record.options];
    for (const [option, sourceId] of Object.hasOwn(mined, question.id) ? mined[question.id] : []) {
      const source = byId.get(sourceId);
      if (source === undefined) {
        throw new Error(`no question ${sourceId} to take a text of`);
      }
      bareTexts[option] = bareTextsOf(source)[source.truth];
      texts[option] = told(bareTexts[option], question, question.record.metadata);
      const volume = volumeStem(source.imagePath);
      options[option] = { text: texts[option], label: 0, source: volume, kind: 'hard' };
    }
    const { prompt, record } = question;
    return {
      ...question,
      texts,
      ...(prompt && { prompt: { ...prompt, bareTexts } }),
      record: { ...record, options },
    };
  });
}

/** The highest logits first, as many as options are replaced, or all that can be had. */
function mostConfusable(
  question: AnsweredQuestion,
  replaced: readonly number[],
  candidates: readonly Candidate[],
  logits: readonly number[],
): Candidate[] {
  const kept = bareTextsOf(question).filter((_, option) => !replaced.includes(option));
  const keys = new Set(kept.map(textKey));
  const patient = questionPatient(question.record);
  const chosen: Candidate[] = [];
  const best = [...candidates.keys()].sort((a, b) => logits[b] - logits[a] || a - b);
  for (const index of best) {
    const candidate = candidates[index];
    if (chosen.length === replaced.length) {
      break;
    }
    if (candidate.patient !== patient && !keys.has(candidate.key)) {
      keys.add(candidate.key);
      chosen.push(candidate);
    }
  }
  return chosen;
}

/** The true texts of the questions, by mode; without yes/no questions. */
function candidatesByMode(
  questions: readonly AnsweredQuestion[],
): ReadonlyMap<OptionMode, readonly Candidate[]> {
  const pools = new Map<OptionMode, Candidate[]>();
  for (const question of questions) {
    const mode = modeOf(question);
    if (mode !== 'yes_no') {
      const bare = bareTextsOf(question)[question.truth];
      const candidate = {
        question,
        patient: questionPatient(question.record),
        key: textKey(bare),
        // The metadata of its own scan would say whose report it is.
        text: told(bare, question, undefined),
      };
      const pool = pools.get(mode);
      if (pool) {
        pool.push(candidate);
      } else {
        pools.set(mode, [candidate]);
      }
    }
  }
  return pools;
}

/** At most `count` of the candidates, drawn at random. */
function some(
  candidates: readonly Candidate[],
  count: number,
  random: Random,
): readonly Candidate[] {
  return candidates.length <= count ? candidates : random.shuffled(candidates).slice(0, count);
}

/** The texts of candidates; of the same list always the same array, which is looked at once. */
function sharedTexts(): (candidates: readonly Candidate[]) => readonly string[] {
  const made = new Map<readonly Candidate[], readonly string[]>();
  return (candidates) => {
    const texts = made.get(candidates) ?? candidates.map(({ text }) => text);
    made.set(candidates, texts);
    return texts;
  };
}

function bareTextsOf({ texts, prompt }: AnsweredQuestion): readonly string[] {
  return prompt?.bareTexts ?? texts;
}

/** A text as the options of a question are: after the metadata of a scan, where they have some. */
function told(bare: string, question: AnsweredQuestion, scan: ScanMetadata | undefined): string {
  const { prompt } = question;
  return prompt === undefined ? bare : promptedText(bare, modeOf(question), scan, prompt.template);
}
