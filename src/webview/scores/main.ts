import type {
  ScoresContent,
  ScoresHost,
  ScoresPanel,
  ScoresStrings,
  TextPlace,
} from '../../protocol/scores';
import { problemCard, problemOf } from '../shared/cards';
import { element } from '../shared/dom';
import { startPage } from '../shared/page';
import { scoresView, type ScoresActions } from './scoresView';

const { channel, strings } = startPage<ScoresPanel, ScoresHost, ScoresStrings>({
  calls: {},
  notices: {
    content: (content) => {
      show(content);
    },
  },
});

const actions: ScoresActions = {
  reveal: (place: TextPlace) => void channel.call('reveal', place),
  copy: async (text) => {
    await channel.call('copy', { text });
  },
  openVolume: () => void channel.call('openVolume', null),
  openRun: () => void channel.call('openRun', null),
};

channel.call('content', null).then(show, (error: unknown) => {
  document.body.replaceChildren(problemCard(strings.failed, problemOf(error)));
});

function show(content: ScoresContent): void {
  document.body.replaceChildren(pageOf(content));
}

function pageOf(content: ScoresContent): HTMLElement {
  switch (content.state) {
    case 'busy':
      return element(
        'section',
        { class: 'card loading' },
        element('h1', {}, content.volume),
        element('progress', { 'aria-label': content.activity }),
        element('p', { class: 'stage-name', role: 'status' }, content.activity),
      );
    case 'failed':
      return problemCard(strings.failed, content);
    case 'ready': {
      const hasEntries = content.view.groups.some(({ entries }) => entries.length > 0);
      return hasEntries
        ? scoresView(content.view, strings, actions)
        : element(
            'section',
            { class: 'card' },
            element('h1', {}, strings.empty),
            element('p', { class: 'remedy' }, strings.emptyRemedy),
          );
    }
  }
}
