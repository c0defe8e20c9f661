import type { FusionSettings } from '../core/preset';
import { throwIfCancelled } from '../core/errors';
import { yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import { dotProduct, imageKey, vectorOf } from './embedder';
import type { Embedder, ImageRequest } from './embedder';
import type { TextEncoder } from './texts';
import type { VolumeStore } from './volumeStore';

/** What a model and its inputs need to answer questions. */
export interface AnsweringParts {
  readonly embedder: Embedder;
  readonly encoder: TextEncoder;
  readonly store: VolumeStore;
}

/** A volume, what is known of it, and texts to hold against it. */
export interface AskedQuestion extends ImageRequest {
  readonly texts: readonly string[];
}

export interface Answer {
  /** One a text. */
  readonly logits: number[];
  /** One a finding, where the model classifies. */
  readonly findings?: Float32Array;
}

/** Answers the questions one by one, in any order. */
export type Matcher = (
  parts: AnsweringParts,
  questions: readonly AskedQuestion[],
  work: LongWork,
  onAnswer: (index: number, answer: Answer) => void,
) => Promise<void>;

/** Images whose tokens are held at a time. */
const imagesAtATime = 4;

/** How each fusion answers; whatever it is, each image and each text passes its tower once. */
export const matchers: Readonly<Record<FusionSettings['kind'], Matcher>> = {
  cosine: compareVectors,
  dot: compareVectors,
  cross_attention: fuseTokens,
};

/** Dual towers: a vector an image and a vector a text, whose products are the similarities. */
async function compareVectors(
  { embedder, encoder, store }: AnsweringParts,
  questions: readonly AskedQuestion[],
  work: LongWork,
  onAnswer: (index: number, answer: Answer) => void,
): Promise<void> {
  const images = await embedder.embedVolumes(questions, store, work);
  const texts = await embedder.embedTexts(textsOf(questions), encoder, work);
  const scale = embedder.logitScale;
  questions.forEach((question, index) => {
    const key = imageKey(question);
    const image = vectorOf(images.compared, key);
    const logits = question.texts.map((text) => scale * dotProduct(image, vectorOf(texts, text)));
    onAnswer(index, { logits, ...findingsOf(images.findings, key) });
  });
}

/**
 * Cross-attention: the states of all texts are held, image tokens of a few volumes at a time (they
 * are large), and the layers between them run for each question.
 */
async function fuseTokens(
  { embedder, encoder, store }: AnsweringParts,
  questions: readonly AskedQuestion[],
  work: LongWork,
  onAnswer: (index: number, answer: Answer) => void,
): Promise<void> {
  const states = await embedder.textFeatures(textsOf(questions), encoder, work);
  const groups = byImage(questions);
  let done = 0;
  for (let start = 0; start < groups.length; start += imagesAtATime) {
    const indices = groups.slice(start, start + imagesAtATime).flat();
    const asked = indices.map((index) => questions[index]);
    const images = await embedder.embedVolumes(asked, store, { signal: work.signal });
    for (const index of indices) {
      const key = imageKey(questions[index]);
      const tokens = vectorOf(images.compared, key);
      const texts = questions[index].texts.map((text) => vectorOf(states, text));
      const logits = await embedder.fuse(tokens, texts);
      onAnswer(index, { logits, ...findingsOf(images.findings, key) });
      work.onProgress?.({ stage: 'Scoring questions', done: ++done, total: questions.length });
      await yieldToEvents();
      throwIfCancelled(work.signal);
    }
  }
}

/** Indices of the questions on each image. */
function byImage(questions: readonly AskedQuestion[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  questions.forEach((question, index) => {
    const key = imageKey(question);
    const group = groups.get(key);
    if (group) {
      group.push(index);
    } else {
      groups.set(key, [index]);
    }
  });
  return [...groups.values()];
}

/** Each text once. Questions may share one long list of texts, which is looked at once. */
function textsOf(questions: readonly AskedQuestion[]): Set<string> {
  const lists = new Set(questions.map(({ texts }) => texts));
  return new Set([...lists].flat());
}

function findingsOf(
  findings: ReadonlyMap<string, Float32Array>,
  key: string,
): Pick<Answer, 'findings'> {
  const found = findings.get(key);
  return found === undefined ? {} : { findings: found };
}
