import type { BuildPreview } from '../../core/dataset/previewBuild';
import { optionLetter } from '../../core/dataset/optionLetter';
import type { McqOption, McqRecord } from '../../core/dataset/record';
import type { BuildStrings } from '../../protocol/build';
import { definitions, element } from '../shared/dom';
import { fill } from '../shared/format';

/** What a build would give: counts, and some questions. */
export function previewView(preview: BuildPreview, strings: BuildStrings): HTMLElement {
  return element(
    'div',
    { class: 'shown' },
    countsView(preview, strings),
    element('ol', { class: 'questions' }, ...preview.questions.map((each) => card(each, strings))),
  );
}

/** How many volumes no question is made of, and why. */
export function leftOutNotes(
  skipped: BuildPreview['skipped'],
  { counts }: BuildStrings,
): HTMLElement[] {
  return skipped.map(({ reason, count }) =>
    element('p', { class: 'note' }, fill(counts.leftOut, count.toLocaleString(), reason)),
  );
}

function countsView(preview: BuildPreview, strings: BuildStrings): HTMLElement {
  const { counts } = strings;
  const { volumes, patients, imagesFound, withMetadata, withLabels, parts, skipped } = preview;
  const number = (value: number): string => value.toLocaleString();
  const about = (value: number): string =>
    preview.isEstimate ? fill(counts.about, number(value)) : number(value);
  const total = parts.reduce((sum, { questions }) => sum + questions, 0);
  const perPart = parts
    .filter(({ split }) => split !== undefined)
    .map(({ split, questions }) => `${split} ${about(questions)}`)
    .join(' · ');
  return element(
    'div',
    { class: 'counts' },
    definitions([
      [counts.questions, perPart === '' ? about(total) : `${about(total)} (${perPart})`],
      [counts.volumes, number(volumes)],
      [counts.patients, number(patients)],
      [counts.images, number(imagesFound)],
      [counts.metadata, number(withMetadata)],
      [counts.labels, number(withLabels)],
    ]),
    ...leftOutNotes(skipped, strings),
  );
}

function card(
  { id, image_path: image, options, metadata }: McqRecord,
  strings: BuildStrings,
): HTMLElement {
  const { age, sex, manufacturer } = metadata ?? {};
  const facts = [age, sex && (strings.sexes[sex] ?? sex), manufacturer].filter(
    (fact) => fact !== undefined,
  );
  return element(
    'li',
    { class: 'question' },
    element(
      'div',
      { class: 'head' },
      element('strong', {}, id ?? ''),
      element('span', { class: 'image' }, image),
      element('span', { class: 'facts' }, facts.join(' · ')),
    ),
    element('ol', {}, ...options.map((option, index) => optionItem(option, index, strings))),
  );
}

function optionItem(option: McqOption, index: number, strings: BuildStrings): HTMLElement {
  const isTrue = option.label === 1;
  const text = option.text ?? fill(strings.reference, option.ref ?? '');
  const kind = isTrue ? `✓ ${strings.trueOption}` : kindWord(option, strings);
  return element(
    'li',
    { class: isTrue ? 'option true' : 'option' },
    element('span', { class: 'letter' }, optionLetter(index)),
    element('span', { class: 'text', title: text }, text),
    element('span', { class: 'kind' }, kind),
  );
}

function kindWord({ kind }: McqOption, { kinds }: BuildStrings): string | undefined {
  return kind === undefined ? undefined : (kinds[kind] ?? kind);
}
