import type { CardHost, CardPage, CardStrings } from '../../protocol/questionCard';
import { problemCard, problemOf } from '../shared/cards';
import { startPage } from '../shared/page';
import { CardView } from './cardView';
import { cardAction } from './keys';
import { restoredState } from './viewState';

const page = startPage<CardPage, CardHost, CardStrings>({
  calls: {},
  notices: {
    content: (content) => {
      isTold = true;
      view.show(content);
    },
  },
});
const { channel, strings } = page;
/** Whether the host has sent a question of its own accord: it is newer than the one asked for. */
let isTold = false;

const view = new CardView(strings, restoredState(page.state), {
  move: (to) => void channel.call('move', { to }),
  reveal: () => void channel.call('reveal', null),
  openVolume: () => void channel.call('openVolume', null),
  load: (found, signal) => channel.call('pictures', { found }, signal),
  remember: (state) => {
    page.setState(state);
  },
});

document.addEventListener('keydown', (event) => {
  const action = cardAction(event);
  if (action !== undefined && !event.defaultPrevented) {
    event.preventDefault();
    view.act(action);
  }
});

channel.call('content', null).then(
  (content) => {
    document.body.replaceChildren(view.root);
    if (!isTold) {
      view.show(content);
    }
  },
  (error: unknown) => {
    document.body.replaceChildren(problemCard(strings.failed, problemOf(error)));
  },
);
