import type { Steps } from '../progress';
import { Random } from '../random';
import type { Draft, PlanSettings, PlannedOption, Skip, Source } from './planQuestions';

/** How a yes/no question is put. */
export type PromptForm = 'statement' | 'question';

/** The two options of each form: the finding is there, it is not. */
const promptTexts: Readonly<Record<PromptForm, (finding: string) => readonly [string, string]>> = {
  // As CT-CLIP's zero-shot prompts.
  statement: (finding) => [`${finding} is present.`, `${finding} is not present.`],
  question: (finding) => {
    const question = `Does this scan show ${finding.toLowerCase()}?`;
    return [`${question} Yes.`, `${question} No.`];
  },
};
const promptForms: readonly PromptForm[] = ['statement', 'question'];

/**
 * Questions of two options on findings of the labels table. Each finding is asked of as many scans
 * that show it as of scans that do not, drawn at random, so that neither the finding nor the wording
 * tells the answer. A scan gives at most `questionsPerVolume` questions, each on another finding;
 * rare findings choose their scans first.
 */
export function* planYesNo(
  members: readonly Source[],
  split: string,
  { seed, questionsPerVolume, prompts = 'statement' }: Omit<PlanSettings, 'split'>,
  skip: Skip,
): Steps<Draft[]> {
  const random = Random.fromSeed(seed, 'yes or no', split);
  const asked = members.map((): Draft[] => []);
  const findings = rarestFirst(members);
  for (const [done, finding] of findings.entries()) {
    yield { stage: 'Choosing findings', done, total: findings.length };
    const free = (which: 'positive' | 'negative'): number[] =>
      members.flatMap(({ labels }, index) =>
        labels?.[which].includes(finding) && asked[index].length < questionsPerVolume
          ? [index]
          : [],
      );
    const [present, absent] = [free('positive'), free('negative')].map((indices) =>
      leastAskedFirst(random.shuffled(indices), asked),
    );
    const pairs = Math.min(present.length, absent.length);
    for (const index of [...present.slice(0, pairs), ...absent.slice(0, pairs)]) {
      const form = prompts === 'mixed' ? random.pick(promptForms) : prompts;
      asked[index].push(draftOn(finding, members[index], form));
    }
  }
  for (const questions of asked) {
    if (questions.length === 0) {
      skip('no finding left that as many scans show as do not');
    }
  }
  return asked.flat();
}

function draftOn(finding: string, source: Source, form: PromptForm): Draft {
  const [yes, no] = promptTexts[form](finding).map((text): PlannedOption => ({
    text,
    isTrue: false,
    kind: 'generated',
  }));
  const isThere = source.labels?.positive.includes(finding) === true;
  const [truth, other] = isThere ? [yes, no] : [no, yes];
  return {
    source,
    mode: 'yes_no',
    truth: { ...truth, isTrue: true, kind: 'true' },
    distractors: [other],
  };
}

/** All findings that any scan shows, those of the fewest scans first. */
function rarestFirst(members: readonly Source[]): string[] {
  const counts = new Map<string, number>();
  for (const finding of members.flatMap(({ labels }) => labels?.positive ?? [])) {
    counts.set(finding, (counts.get(finding) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1)).map(([name]) => name);
}

/** Spreads the questions over the scans. */
function leastAskedFirst(indices: readonly number[], asked: readonly Draft[][]): number[] {
  return [...indices].sort((a, b) => asked[a].length - asked[b].length);
}
