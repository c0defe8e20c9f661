import type { ScoreEntry, ScoresStrings, TextPlace } from '../../protocol/scores';
import { probabilityBar } from '../shared/bar';
import { button, element } from '../shared/dom';
import { fill, fixed, percent } from '../shared/format';

export interface EntryActions {
  readonly reveal: (place: TextPlace) => void;
  readonly copy: (text: string) => Promise<void>;
}

/** Texts longer than this are cut to their first lines until asked for. */
const longText = 260;

/** One text in the ranking: its place, probability and wording. */
export function entryCard(
  entry: ScoreEntry,
  rank: number,
  strings: ScoresStrings,
  actions: EntryActions,
): HTMLElement {
  const { place, truth } = entry;
  const card = element('li', {
    class: ['entry', truth === true && 'true', rank === 1 && 'first'].filter(Boolean).join(' '),
  });
  const name =
    place === undefined
      ? element('span', { class: 'label' }, entry.label)
      : button(
          { class: 'link label', title: strings.reveal },
          () => {
            actions.reveal(place);
          },
          entry.label,
        );
  const logit = fill(strings.logit, fixed(entry.logit, 3));
  const probability = percent(entry.probability);
  card.append(
    element(
      'div',
      { class: 'head' },
      element('span', { class: 'rank', title: fill(strings.rank, rank) }, String(rank)),
      name,
      truth === true ? element('span', { class: 'truth' }, '✓ ', strings.trueText) : '',
      element('span', { class: 'gap' }),
      element('span', { class: 'probability', title: logit }, probability),
    ),
    probabilityBar(entry.probability, fill(strings.probability, probability)),
    ...textParts(entry.text, strings),
    copyButton(entry.text, strings.copyText, strings, actions),
  );
  return card;
}

/** The text, and for a long one the button that shows all of it. */
function textParts(text: string, strings: ScoresStrings): HTMLElement[] {
  const body = element('p', { class: 'text' }, text);
  if (text.length <= longText) {
    return [body];
  }
  body.classList.add('cut');
  const toggle = button(
    { class: 'link more', 'aria-expanded': 'false' },
    () => {
      const isCut = body.classList.toggle('cut');
      toggle.setAttribute('aria-expanded', String(!isCut));
      toggle.textContent = isCut ? strings.showAll : strings.showLess;
    },
    strings.showAll,
  );
  return [body, toggle];
}

/** How long a copy button says that it has copied, ms. */
const copiedMs = 1200;

/** A button that copies `text` and says so for a moment. */
export function copyButton(
  text: string,
  label: string,
  strings: ScoresStrings,
  { copy }: EntryActions,
): HTMLButtonElement {
  const created = button(
    { class: 'link copy' },
    () => {
      void copy(text).then(() => {
        created.textContent = strings.copied;
        setTimeout(() => {
          created.textContent = label;
        }, copiedMs);
      });
    },
    label,
  );
  return created;
}
