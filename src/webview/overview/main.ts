import { CancelledError } from '../../core/errors';
import type { OverviewHost, OverviewPage, OverviewStrings } from '../../protocol/overview';
import { problemCard, problemOf } from '../shared/cards';
import { button, element } from '../shared/dom';
import { startPage } from '../shared/page';
import { OverviewView } from './overviewView';

const page = startPage<OverviewPage, OverviewHost, OverviewStrings>({
  calls: {},
  notices: {
    progress: ({ done, total }) => {
      if (total !== undefined) {
        bar.max = total;
        bar.value = done;
      }
    },
    changed: () => {
      if (!isCancelled) {
        void describe();
      }
    },
  },
});
const { channel, strings } = page;
const bar = element('progress', { 'aria-label': strings.reading });
/** The file that was last looked at. */
let file = typeof page.state === 'number' ? page.state : 0;
let reading = new AbortController();
let isShown = false;
/** Whoever cancelled begins again by hand, whatever becomes of the file. */
let isCancelled = false;
void describe();

/** Has the files read; an overview that is on the screen stays until the new one is there. */
async function describe(): Promise<void> {
  reading.abort();
  const current = new AbortController();
  reading = current;
  isCancelled = false;
  if (!isShown) {
    bar.removeAttribute('value');
    document.body.replaceChildren(loadingCard());
  }
  try {
    const result = await channel.call('describe', null, current.signal);
    const view = new OverviewView(result, file, strings, {
      reveal: (place) => void channel.call('reveal', place),
      remember: (chosen) => {
        file = chosen;
        page.setState(chosen);
      },
    });
    document.body.replaceChildren(view.root);
    isShown = true;
  } catch (error) {
    if (reading === current) {
      isShown = false;
      isCancelled = error instanceof CancelledError;
      showProblem(error);
    }
  }
}

function loadingCard(): HTMLElement {
  return element(
    'section',
    { class: 'card loading' },
    element('h1', {}, page.title),
    bar,
    element('p', { class: 'stage-name', role: 'status' }, strings.reading),
    element(
      'div',
      { class: 'buttons' },
      button(
        {},
        () => {
          reading.abort();
        },
        strings.cancel,
      ),
    ),
  );
}

function showProblem(error: unknown): void {
  const retry = button({ class: 'primary' }, () => void describe(), strings.retry);
  const card =
    error instanceof CancelledError
      ? problemCard(strings.cancelled, { message: page.title }, retry)
      : problemCard(strings.failed, problemOf(error), retry);
  document.body.replaceChildren(card);
}
