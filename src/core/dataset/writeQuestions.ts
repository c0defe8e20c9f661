import { throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import { writeFilesAtomically } from '../storage/atomicFile';
import type { FileToWrite } from '../storage/atomicFile';
import type { DatasetSideFile, McqRecord } from './record';
import { sideFilePath } from './sideFile';

const questionsAWrite = 500;

/** A question file that is to be written, and what stands beside it. */
export interface QuestionFile<T> {
  readonly path: string;
  readonly questions: readonly T[];
  /** Called as the question is written, since all records at once may not fit into memory. */
  readonly recordOf: (question: T) => McqRecord;
  readonly side: DatasetSideFile;
}

/**
 * Writes question files and their side files: all of them, or none. Were the parts of a split written
 * one by one, a build that fails halfway could leave a new part beside an old one, and a patient in both.
 *
 * @throws UserError where the folder cannot be written to; CancelledError.
 */
export async function writeQuestionFiles<T>(
  files: readonly QuestionFile<T>[],
  work: LongWork,
): Promise<void> {
  const total = files.reduce((sum, { questions }) => sum + questions.length, 0);
  let done = 0;
  const advance = async (count: number): Promise<void> => {
    done += count;
    work.onProgress?.({ stage: 'Writing questions', done, total });
    await yieldToEvents();
    throwIfCancelled(work.signal);
  };
  await writeFilesAtomically(
    files.flatMap((file) => [
      // Takes its place first: without it the questions would not find their images.
      { path: sideFilePath(file.path), write: `${JSON.stringify(file.side, undefined, 2)}\n` },
      { path: file.path, write: questionLines(file, advance) },
    ]),
  );
}

function questionLines<T>(
  { questions, recordOf }: QuestionFile<T>,
  advance: (count: number) => Promise<void>,
): FileToWrite['write'] {
  return async (file) => {
    for (let start = 0; start < questions.length; start += questionsAWrite) {
      const batch = questions.slice(start, start + questionsAWrite);
      await file.appendFile(batch.map((each) => `${JSON.stringify(recordOf(each))}\n`).join(''));
      await advance(batch.length);
    }
  };
}
