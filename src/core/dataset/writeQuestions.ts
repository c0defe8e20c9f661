import { throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import { writeFileAtomically } from '../storage/atomicFile';
import type { DatasetSideFile, McqRecord } from './record';
import { sideFilePath } from './sideFile';

const questionsAWrite = 500;

/**
 * Writes a question file and its side file: both, or neither. The questions are made as they are
 * written, since all of them at once may not fit into memory.
 *
 * @throws UserError where the folder cannot be written to; CancelledError.
 */
export async function writeQuestions<T>(
  path: string,
  questions: readonly T[],
  recordOf: (question: T) => McqRecord,
  side: DatasetSideFile,
  work: LongWork,
): Promise<void> {
  await writeFileAtomically(path, async (file) => {
    for (let start = 0; start < questions.length; start += questionsAWrite) {
      throwIfCancelled(work.signal);
      const batch = questions.slice(start, start + questionsAWrite);
      await file.appendFile(batch.map((each) => `${JSON.stringify(recordOf(each))}\n`).join(''));
      const done = start + batch.length;
      work.onProgress?.({ stage: 'Writing questions', done, total: questions.length });
      await yieldToEvents();
    }
    // Before the questions take their place: without the side file they would not find their images.
    await writeFileAtomically(sideFilePath(path), `${JSON.stringify(side, undefined, 2)}\n`);
  });
}
