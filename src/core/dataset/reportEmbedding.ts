import { takeSteps } from '../progress';
import type { LongWork } from '../progress';
import { VectorSimilarity } from './distractors';
import type { SimilarityMaker } from './distractors';
import { optionTexts } from './draftReports';
import type { Source } from './planQuestions';
import { reportModes } from './record';
import type { OptionMode, ReportMode } from './record';

/** A trained model as the builder needs it: it turns texts into vectors. */
export interface ReportEmbedding {
  /** Names the weights. */
  readonly modelHash: string;
  /** The vector of each distinct text, all of one length. @throws CancelledError */
  embed(
    texts: Iterable<string>,
    mode: ReportMode,
    work: LongWork,
  ): Promise<ReadonlyMap<string, Float32Array>>;
}

/** Embeds every text that the sources give in `mode`; texts are then compared by their vectors. */
export async function compareByEmbedding(
  sources: readonly Source[],
  mode: OptionMode | 'mixed',
  embedding: ReportEmbedding,
  work: LongWork,
): Promise<SimilarityMaker> {
  const available = await takeSteps(optionTexts(sources, mode), work);
  const vectors = new Map<string, Float32Array>();
  for (const each of reportModes) {
    const texts = new Set(available.flatMap((byMode) => byMode.get(each)?.text ?? []));
    for (const [text, vector] of texts.size > 0 ? await embedding.embed(texts, each, work) : []) {
      vectors.set(text, vector);
    }
  }
  const vectorOf = (text: string): Float32Array => {
    const vector = vectors.get(text);
    if (vector === undefined) {
      throw new Error('a text has no embedding');
    }
    return vector;
  };
  return (texts) => VectorSimilarity.of(texts.map(vectorOf));
}
