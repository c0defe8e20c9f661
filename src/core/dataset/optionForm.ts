import { longestEditable } from './editorLimit';
import { promptedText } from './optionText';
import type { PlannedOption, PlannedQuestion } from './planQuestions';
import type { McqOption } from './record';

/** Whether options carry their texts or name the report in the reports table; `auto` decides by size. */
export const textForms = ['auto', 'inline', 'ref'] as const;
export type TextForm = (typeof textForms)[number];

/**
 * The form of the options of one file. Texts are carried as long as the editor can open the file;
 * beyond that each report stands in the table once, and not in the file once for every question.
 */
export function optionForm(
  wanted: TextForm,
  questions: readonly PlannedQuestion[],
): 'inline' | 'ref' {
  return wanted === 'auto' ? (inlineSize(questions) > longestEditable ? 'ref' : 'inline') : wanted;
}

/** About how many characters a file takes whose options carry their texts. */
function inlineSize(questions: readonly PlannedQuestion[]): number {
  const besideTexts = 120; // id, path, metadata; the names of the fields of an option are counted in
  return questions.reduce(
    (sum, { options }) =>
      sum + options.reduce((size, { text }) => size + text.length + besideTexts, besideTexts),
    0,
  );
}

/** An option as it stands in the file; a text that is no report of the table is carried in any case. */
export function writtenOption(
  option: PlannedOption,
  { mode, source }: PlannedQuestion,
  form: 'inline' | 'ref',
  template: string | undefined,
): McqOption {
  const { volume, text, isTrue, ...difficulty } = option;
  const label = isTrue ? 1 : 0;
  return volume !== undefined && form === 'ref'
    ? { ref: volume, label, ...difficulty }
    : {
        text: template === undefined ? text : promptedText(text, mode, source.metadata, template),
        label,
        ...(volume !== undefined && { source: volume }),
        ...difficulty,
      };
}
