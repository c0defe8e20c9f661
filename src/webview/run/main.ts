import type { RunHost, RunPage, RunStrings } from '../../protocol/run';
import { problemCard, problemOf } from '../shared/cards';
import { button } from '../shared/dom';
import { startPage } from '../shared/page';
import { RunView } from './runView';

const { channel, strings } = startPage<RunPage, RunHost, RunStrings>({
  calls: {},
  notices: {
    step: (step) => {
      view?.addStep(step);
    },
    validation: (step) => {
      view?.addValidation(step);
    },
    skipped: (step) => {
      view?.addSkipped(step);
    },
    status: (status) => {
      view?.setStatus(status);
    },
    facts: (facts) => {
      view?.setFacts(facts);
    },
    changed: () => void show(),
  },
});
let view: RunView | undefined;
void show();

/** Shows the run as it stands now; what comes later arrives as notices. */
async function show(): Promise<void> {
  try {
    const snapshot = await channel.call('snapshot', null);
    if (view === undefined) {
      view = new RunView(snapshot, strings, {
        cancel: () => void channel.call('cancel', null),
        openFolder: () => void channel.call('openFolder', null),
      });
      document.body.replaceChildren(view.root);
    } else {
      view.replace(snapshot);
    }
  } catch (error) {
    // A folder that is being written may be unreadable for a moment: what is shown stays.
    if (view === undefined) {
      const retry = button({ class: 'primary' }, () => void show(), strings.retry);
      document.body.replaceChildren(problemCard(strings.failedToLoad, problemOf(error), retry));
    }
  }
}
