import type { ReportEmbedding } from '../core/dataset/reportEmbedding';
import { UserError } from '../core/errors';
import { readsTokens } from '../networks';
import { textWithoutScan } from './modelQuestions';
import { openRun } from './run';

/**
 * Lends the text tower of a run to `use`: reports that it takes for alike make hard distractors.
 *
 * @throws UserError `embeddings-cross-attention` where texts have no vector of their own; those of `openRun`
 */
export async function withReportEmbedding<T>(
  runFolder: string,
  modelsFolder: string,
  use: (embedding: ReportEmbedding) => Promise<T>,
): Promise<T> {
  const run = await openRun(runFolder, { modelsFolder });
  try {
    const { preset, name } = run.description;
    if (readsTokens(preset)) {
      throw new UserError(
        'embeddings-cross-attention',
        `The run ${name} compares texts with images word by word and has no vector for a text.`,
        'Choose a run whose fusion is "cosine" or "dot".',
      );
    }
    return await use({
      modelHash: run.modelHash,
      embed: async (texts, mode, work) => {
        const read = new Map(
          [...texts].map((text) => [text, textWithoutScan(preset, text, mode)] as const),
        );
        await run.encoder.prepare(read.values(), work);
        const vectors = await run.embedder.embedTexts(read.values(), run.encoder, work);
        return new Map(
          [...read].flatMap(([text, asRead]) => {
            const vector = vectors.get(asRead);
            return vector === undefined ? [] : [[text, vector] as const];
          }),
        );
      },
    });
  } finally {
    await run.dispose();
  }
}
