import { basename } from 'node:path';
import { UserError } from '../errors';
import type { LongWork } from '../progress';
import { optionLetter } from './optionLetter';
import { placeOf, streamTable } from './tables';

/** One question of a table of choices, as M3D-VQA writes them. */
export interface ChoiceQuestion {
  /** As the table writes it. */
  readonly image: string;
  readonly question: string;
  readonly choices: readonly string[];
  /** Index of the right choice. */
  readonly answer: number;
  /** A word or a number, where the table has it. */
  readonly type?: string;
}

/** Why a row gives no question. */
export type UnusableChoices =
  | 'no image'
  | 'fewer than two choices'
  | 'two choices say the same'
  | 'no answer among the choices';

/** As many as a question may have options. */
const letters = Array.from({ length: 20 }, (_, index) => optionLetter(index));

/**
 * Reads a table of multiple-choice questions with the columns of M3D-VQA: `Image Path`, `Question`,
 * `Choice A` and on (to T), `Answer` (a text) or `Answer Choice` (a letter, which decides), and
 * perhaps `Question Type`.
 *
 * @param unusable is called for every row that gives no question.
 * @throws UserError `table-unreadable`, `table-columns-missing`; CancelledError.
 */
export async function readChoices(
  path: string,
  work: LongWork,
  unusable: (why: UnusableChoices) => void,
): Promise<ChoiceQuestion[]> {
  const questions: ChoiceQuestion[] = [];
  let toQuestion: ((row: readonly string[]) => ChoiceQuestion | UnusableChoices) | undefined;
  await streamTable(path, 'Reading questions', work, (row) => {
    if (toQuestion === undefined) {
      toQuestion = rowReader(path, row);
      return;
    }
    const question = toQuestion(row);
    if (typeof question === 'string') {
      unusable(question);
    } else {
      questions.push(question);
    }
  });
  return questions;
}

function rowReader(
  path: string,
  header: readonly string[],
): (row: readonly string[]) => ChoiceQuestion | UnusableChoices {
  const image = placeOf(header, ['Image Path', 'image']);
  const question = placeOf(header, ['Question']);
  const answer = placeOf(header, ['Answer']);
  const letter = placeOf(header, ['Answer Choice']);
  const type = placeOf(header, ['Question Type']);
  const places = letters.map((each) => placeOf(header, [`Choice ${each}`]));
  const last = places.findLastIndex((place) => place !== undefined);
  const choices = places.slice(0, last + 1);
  const missing = [
    ...(image === undefined ? ['Image Path'] : []),
    ...(question === undefined ? ['Question'] : []),
    ...(choices.filter((place) => place !== undefined).length < 2 ? ['Choice A, Choice B'] : []),
    ...((answer ?? letter) === undefined ? ['Answer or Answer Choice'] : []),
  ];
  if (missing.length > 0) {
    throw new UserError(
      'table-columns-missing',
      `${basename(path)} has no column ${missing.join(', ')}.`,
      `Its columns are: ${header.join(', ').slice(0, 300)}. A table in the form of M3D-VQA is needed.`,
    );
  }
  return (row) => {
    const cell = (place: number | undefined): string => row[place ?? -1]?.trim() ?? '';
    return checked({
      image: cell(image),
      question: cell(question),
      choices: choices.map(cell),
      answer: answerOf(cell(letter), cell(answer), choices.map(cell)),
      ...(cell(type) !== '' && { type: cell(type) }),
    });
  };
}

/** The index of the right choice; -1 where neither letter nor text is one of them. */
function answerOf(letter: string, text: string, choices: readonly string[]): number {
  const byLetter = letter.length === 1 ? letters.indexOf(letter.toUpperCase()) : -1;
  return byLetter >= 0 ? byLetter : choices.findIndex((choice) => isSame(choice, text));
}

function checked(question: ChoiceQuestion): ChoiceQuestion | UnusableChoices {
  const filled = question.choices.filter((choice) => choice !== '');
  const distinct = new Set(filled.map(folded));
  if (question.image === '') {
    return 'no image';
  }
  if (filled.length < 2) {
    return 'fewer than two choices';
  }
  if (distinct.size < filled.length) {
    return 'two choices say the same';
  }
  const right = question.choices.at(
    question.answer === -1 ? question.choices.length : question.answer,
  );
  if (right === undefined || right === '') {
    return 'no answer among the choices';
  }
  return { ...question, choices: filled, answer: filled.indexOf(right) };
}

function isSame(some: string, other: string): boolean {
  return folded(some) === folded(other) && other !== '';
}

/** Case, points and doubled spaces make no other choice. */
function folded(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s.]+/g, ' ')
    .trim();
}
