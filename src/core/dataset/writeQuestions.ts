import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UserError, throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import { isSamePath } from '../storage/samePath';
import { writeFilesAtomically } from '../storage/atomicFile';
import type { FileToWrite } from '../storage/atomicFile';
import type { DatasetSideFile, McqRecord } from './record';
import { readSideFile, sideFilePath } from './sideFile';

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
 * The side file keeps the SHA-256 of its question file. A file that is still as it was built is
 * replaced without a word, for it can be built again; one that somebody has changed is not.
 *
 * @param inputs what the questions are made from, which is never written over, not even on purpose
 * @throws UserError `build-over-input`, `build-exists` where a file holds a user's work and `replace` is false, those of
 *   a folder that cannot be written to; CancelledError.
 */
export async function writeQuestionFiles<T>(
  files: readonly QuestionFile<T>[],
  { replace, inputs }: { readonly replace: boolean; readonly inputs: readonly string[] },
  work: LongWork,
): Promise<void> {
  await refuseInputs(files, inputs);
  const earlier = await Promise.all(files.map(({ path }) => earlierFile(path)));
  const changed = files.filter((_, index) => earlier[index].isChanged).map(({ path }) => path);
  if (changed.length > 0 && !replace) {
    throw new UserError(
      'build-exists',
      `${changed.join(' and ')} would be replaced, with changes that were not built.`,
      'Choose another name, or replace it (on the command line: --replace).',
    );
  }
  const total = files.reduce((sum, { questions }) => sum + questions.length, 0);
  let done = 0;
  const advance = async (count: number): Promise<void> => {
    done += count;
    work.onProgress?.({ stage: 'Writing questions', done, total });
    await yieldToEvents();
    throwIfCancelled(work.signal);
  };
  await writeFilesAtomically(
    files.flatMap((file, index) => {
      const hash = createHash('sha256');
      const written = (text: string): string => {
        hash.update(text);
        return text;
      };
      const side = (): string => sideText(file.side, earlier[index].sideFile, hash.digest('hex'));
      return [
        { path: file.path, write: questionLines(file, written, advance) },
        // Written last and there first: without it the questions would not find their images.
        { path: sideFilePath(file.path), write: (open) => open.writeFile(side()) },
      ] satisfies FileToWrite[];
    }),
  );
}

function questionLines<T>(
  { questions, recordOf }: QuestionFile<T>,
  written: (text: string) => string,
  advance: (count: number) => Promise<void>,
): FileToWrite['write'] {
  return async (file) => {
    for (let start = 0; start < questions.length; start += questionsAWrite) {
      const batch = questions.slice(start, start + questionsAWrite);
      const text = batch.map((each) => `${JSON.stringify(recordOf(each))}\n`).join('');
      await file.appendFile(written(text));
      await advance(batch.length);
    }
  };
}

/**
 * What the user asks of the linter stays, and so do folders added to the one that the builder names;
 * all else is of the new build.
 */
function sideText(
  side: DatasetSideFile,
  earlier: DatasetSideFile | undefined,
  sha256: string,
): string {
  const content: DatasetSideFile = {
    ...side,
    image_roots: [...new Set([...(side.image_roots ?? []), ...addedRoots(earlier)])],
    ...(earlier?.lint && { lint: earlier.lint }),
    built: { ...side.built, sha256 },
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

async function refuseInputs<T>(
  files: readonly QuestionFile<T>[],
  inputs: readonly string[],
): Promise<void> {
  const real = (path: string): Promise<string> => realpath(path).catch(() => path);
  const read = await Promise.all(inputs.map(real));
  for (const path of files.flatMap((file) => [file.path, sideFilePath(file.path)])) {
    const written = await real(path);
    if (read.some((input) => isSamePath(input, written))) {
      throw new UserError(
        'build-over-input',
        `${path} is one of the files that the questions are made from.`,
        'Choose another name for the questions.',
      );
    }
  }
}

function addedRoots(earlier: DatasetSideFile | undefined): readonly string[] {
  const roots = earlier?.image_roots ?? [];
  return earlier?.built === undefined ? roots : roots.slice(1);
}

interface EarlierFile {
  readonly sideFile: DatasetSideFile | undefined;
  /** Whether there is a file that is not as it was built. */
  readonly isChanged: boolean;
}

async function earlierFile(path: string): Promise<EarlierFile> {
  const sha256 = await hashOf(path);
  const sideFile = await readSideFile(path).catch(() => undefined);
  return { sideFile, isChanged: sha256 !== undefined && sha256 !== sideFile?.built?.sha256 };
}

/** Of a file that can be read; of none otherwise. */
async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}
