import { dirname, resolve } from 'node:path';
import { UserError } from '../errors';
import type { LongWork } from '../progress';
import type { BuildResult } from './build';
import { readChoices } from './choicesTable';
import type { ChoiceQuestion } from './choicesTable';
import { findVolumes } from './findVolumes';
import type { McqRecord } from './record';
import { requireQuestionFileName } from './sideFile';
import { findImage } from './sources';
import { volumeNames } from './tables';
import { patientOf, volumeStem } from './volumeName';
import { writeQuestionFiles } from './writeQuestions';
import { imagePathIn, pathBeside, slashed } from './writtenPaths';

export interface ImportOptions {
  /** Table with the columns of M3D-VQA. */
  readonly table: string;
  /** Folder below which the volumes are, in any layout. */
  readonly images: string;
  /** `NAME.mcqa.jsonl` */
  readonly out: string;
  /** As {@link BuildOptions} has it. */
  readonly replace?: boolean;
}

/**
 * Makes a question file of somebody else's multiple-choice questions about volumes. An option says
 * the question and one of its answers ("Which organ is abnormal? Liver."), so that a model of images
 * and texts can tell them apart; their order is kept. Questions whose image is not found keep the
 * path that the table gives.
 *
 * @throws UserError `build-out-name`, `import-no-questions`, `table-*`; CancelledError.
 */
export async function importChoices(
  options: ImportOptions,
  work: LongWork = {},
): Promise<BuildResult> {
  const out = resolve(options.out);
  const images = resolve(options.images);
  requireQuestionFileName(out);
  const unusable = new Map<string, number>();
  const questions = await readChoices(options.table, work, (why) => {
    unusable.set(why, (unusable.get(why) ?? 0) + 1);
  });
  const skipped = [...unusable].map(([reason, count]) => ({ reason, count }));
  if (questions.length === 0) {
    const why = skipped.map(({ reason, count }) => `${count} left out: ${reason}`).join('; ');
    throw new UserError(
      'import-no-questions',
      `${options.table} gives no question${why && ` (${why})`}.`,
      'Check that it is a table of questions with their choices and answers.',
    );
  }
  const files = await filesOf(questions, options.table, images, work);
  const recordOf = (question: ChoiceQuestion & { number: number }): McqRecord => {
    const file = files.get(question.image);
    return {
      id: idOf(question),
      image_path: file === undefined ? slashed(question.image) : imagePathIn(out, file, images),
      options: question.choices.map((choice, index) => ({
        text: `${question.question} ${choice}`.trim(),
        label: index === question.answer ? 1 : 0,
      })),
    };
  };
  const numbered = questions.map((question, index) => ({ ...question, number: index + 1 }));
  const side = {
    version: 1,
    image_roots: [pathBeside(out, images)],
    built: { imported: pathBeside(out, options.table) },
  } as const;
  const file = { path: out, questions: numbered, recordOf, side };
  await writeQuestionFiles(
    [file],
    { replace: options.replace === true, inputs: [options.table] },
    work,
  );
  return {
    files: [
      {
        path: out,
        questions: questions.length,
        patients: new Set(questions.map(({ image }) => patientOf(image))).size,
        modes: { full_report: 0, impression: 0, keywords: 0, yes_no: 0 },
      },
    ],
    questions: questions.length,
    skipped,
    imagesFound: files.size,
    notes: notesOn(questions, files),
  };
}

function idOf({ number, type }: { readonly number: number; readonly type?: string }): string {
  const id = `q${String(number).padStart(6, '0')}`;
  return type === undefined ? id : `${id}-type-${type.replaceAll(/\s+/g, '-').slice(0, 40)}`;
}

/** The volumes that are there, by the path the table gives. M3D's `.npy` arrays are taken from the volume beside them. */
async function filesOf(
  questions: readonly ChoiceQuestion[],
  table: string,
  images: string,
  work: LongWork,
): Promise<ReadonlyMap<string, string>> {
  const volumes = await findVolumes(images, work);
  const written = [...new Set(questions.map(({ image }) => image))];
  const asVolumes = written.map((path) => path.replace(/\.npy$/i, '.nii.gz'));
  const names = volumeNames(asVolumes);
  const files = new Map<string, string>();
  for (const [index, path] of written.entries()) {
    const volume = asVolumes[index];
    const name = names.get(volume) ?? volume;
    const file = await findImage(name, volume, volumes, dirname(resolve(table)));
    if (file !== undefined) {
      files.set(path, file);
    }
  }
  return files;
}

function notesOn(
  questions: readonly ChoiceQuestion[],
  files: ReadonlyMap<string, string>,
): string[] {
  const missing = questions.filter(({ image }) => !files.has(image));
  const example = missing.at(0)?.image;
  return example === undefined
    ? []
    : [`${missing.length} questions have no image yet, such as ${volumeStem(example)}.`];
}
