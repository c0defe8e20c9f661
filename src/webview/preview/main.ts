import type { PreviewHost, PreviewPage, PreviewStrings } from '../../protocol/preview';
import { problemCard, problemOf } from '../shared/cards';
import { button, element } from '../shared/dom';
import { startPage } from '../shared/page';
import { LoadingCard } from './loadingCard';
import { Viewer } from './viewer';
import { restoredState, type ViewState } from './viewState';

const page = startPage<PreviewPage, PreviewHost, PreviewStrings>({
  calls: {},
  notices: {
    progress: (progress) => {
      loading.show(progress);
    },
    changed: () => {
      void open(true);
    },
  },
});
const { channel, strings } = page;
const loading = new LoadingCard(page.title, strings);
const content = element('div', { class: 'content' });
let state: ViewState = restoredState(page.state);
let viewer: Viewer | undefined;

document.body.append(content);
document.addEventListener('keydown', (event) => {
  viewer?.handleKey(event);
});
void open(false);

/** Opens the volume, or with `again` reads its file anew; what is on screen stays meanwhile. */
async function open(again: boolean): Promise<void> {
  if (viewer === undefined) {
    content.replaceChildren(loading.root);
  }
  try {
    const volume = await channel.call('open', { again });
    if (viewer === undefined) {
      viewer = new Viewer(volume, state, strings, {
        loadSlice: (address) => channel.call('slice', address),
        onError: fail,
        remember: (next) => {
          state = next;
          page.setState(next);
        },
      });
      content.replaceChildren(viewer.root);
      viewer.focus();
    } else {
      viewer.showVolume(volume);
    }
  } catch (error) {
    fail(error);
  }
}

function fail(thrown: unknown): void {
  viewer = undefined;
  const retry = button({ class: 'primary' }, () => void open(true), strings.retry);
  const showLog = button({}, () => void channel.call('showLog', null), strings.showLog);
  content.replaceChildren(problemCard(strings.failed, problemOf(thrown), retry, showLog));
}
