import type { ScoreGroup, ScoresStrings, ScoresView } from '../../protocol/scores';
import { button, definitions, element } from '../shared/dom';
import { fill, shortHash } from '../shared/format';
import { copyButton, entryCard, type EntryActions } from './entryCard';
import { matches, rankingText, truePlace } from './ranking';

export interface ScoresActions extends EntryActions {
  readonly openVolume: () => void;
  readonly openRun: () => void;
}

/** Rankings longer than this get a field to filter them by. */
const longRanking = 12;

/** What a run thinks of one volume: the rankings, and what made them. */
export function scoresView(
  view: ScoresView,
  strings: ScoresStrings,
  actions: ScoresActions,
): HTMLElement {
  const run =
    view.runFolder === undefined ? view.run : button({ class: 'link' }, actions.openRun, view.run);
  const { modelHash, preprocessing, text } = view.fingerprints;
  return element(
    'main',
    {},
    element(
      'header',
      {},
      element('h1', {}, button({ class: 'link' }, actions.openVolume, view.volume)),
      definitions([
        [strings.run, run],
        ...(view.predictions === undefined
          ? []
          : [[strings.predictions, fileLink(view.predictions, actions)] as const]),
      ]),
      element(
        'details',
        { class: 'fingerprints' },
        element('summary', {}, strings.fingerprints),
        definitions([
          [strings.model, fingerprint(modelHash)],
          [strings.preprocessing, fingerprint(preprocessing)],
          [strings.text, fingerprint(text)],
        ]),
      ),
    ),
    ...view.groups.map((group) => groupSection(group, strings, actions)),
  );
}

/** A file by its name; the whole path is in the hint. */
function fileLink(path: string, actions: ScoresActions): HTMLElement {
  return button(
    { class: 'link', title: path },
    () => {
      actions.reveal({ path, line: 1 });
    },
    path.split(/[\\/]/).at(-1),
  );
}

function fingerprint(hash: string): HTMLElement {
  return element('code', { title: hash }, shortHash(hash));
}

function groupSection(
  group: ScoreGroup,
  strings: ScoresStrings,
  actions: ScoresActions,
): HTMLElement {
  const { place, entries } = group;
  const total = group.texts ?? entries.length;
  const title =
    place === undefined
      ? group.title
      : button(
          { class: 'link', title: strings.reveal },
          () => {
            actions.reveal(place);
          },
          group.title,
        );
  const count =
    total > entries.length
      ? fill(strings.bestOf, entries.length, total)
      : fill(strings.count, total);
  const items = entries.map((entry, i) => entryCard(entry, i + 1, strings, actions));
  const none = element('p', { class: 'no-match', role: 'status', hidden: true }, strings.noMatch);
  return element(
    'section',
    { class: 'group' },
    element(
      'div',
      { class: 'group-head' },
      element('h2', {}, title),
      element('span', { class: 'count' }, count),
      element('span', { class: 'gap' }),
      copyButton(rankingText(group), strings.copy, strings, actions),
    ),
    verdict(group, strings),
    entries.length > longRanking ? filterField(group, items, none, strings) : undefined,
    element('ol', { class: 'entries' }, ...items),
    none,
  );
}

/** Whether the model was right, where the true text is known. */
function verdict(group: ScoreGroup, strings: ScoresStrings): HTMLElement | undefined {
  const place = truePlace(group);
  if (place === undefined) {
    return undefined;
  }
  return place === 1
    ? element('p', { class: 'verdict correct' }, strings.correct)
    : element(
        'p',
        { class: 'verdict wrong' },
        fill(strings.wrong, place, group.texts ?? group.entries.length),
      );
}

function filterField(
  group: ScoreGroup,
  items: readonly HTMLElement[],
  none: HTMLElement,
  strings: ScoresStrings,
): HTMLElement {
  const field = element('input', {
    type: 'search',
    class: 'filter',
    placeholder: strings.filter,
    'aria-label': strings.filter,
  });
  field.addEventListener('input', () => {
    items.forEach((item, i) => {
      item.hidden = !matches(group.entries[i], field.value.trim());
    });
    none.hidden = items.some((item) => !item.hidden);
  });
  return field;
}
