import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readDataset } from '../../core/dataset/readDataset';
import { readLineBatches } from '../../core/dataset/lines';
import { UserError } from '../../core/errors';
import type { LongWork } from '../../core/progress';
import { isSamePath } from '../../core/storage/samePath';

/** A question file this big is not read through to see whether it has questions on a volume, bytes. */
const largestSearched = 100 * 2 ** 20;

/** Whether a question file speaks of a volume of this name: a quick look that parses nothing. */
export async function mentionsVolume(
  datasetPath: string,
  volumePath: string,
  { signal }: LongWork = {},
): Promise<boolean> {
  const name = basename(volumePath).replace(/\.nii(\.gz)?$/i, '');
  try {
    if ((await stat(datasetPath)).size > largestSearched) {
      return false;
    }
    for await (const batch of readLineBatches(datasetPath, { ...(signal && { signal }) })) {
      if (batch.some(({ text }) => text.includes(name))) {
        return true;
      }
    }
    return false;
  } catch (error) {
    if (error instanceof UserError) {
      return false; // Unreadable: nothing to offer.
    }
    throw error;
  }
}

/** Lines (1-based) of the questions on a volume, by question id. */
export async function linesOfQuestions(
  datasetPath: string,
  volumePath: string,
  imageRoots: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { questions } = await readDataset(datasetPath, {}, { imageRoots });
  return new Map(
    questions
      .filter(({ imagePath }) => isSamePath(imagePath, volumePath))
      .map(({ id, line }) => [id, line]),
  );
}
