import { UserError } from '../../core/errors';
import type {
  PreviewHost,
  PreviewPage,
  PreviewSettings,
  PreviewStart,
  PreviewStrings,
} from '../../protocol/preview';
import { problemCard, problemOf } from '../shared/cards';
import { button, element } from '../shared/dom';
import { startPage } from '../shared/page';
import { fetchedFrames } from './frameStream';
import { headerPage } from './headerPage';
import { inPageWords } from './pageError';
import { ReportPanel, reportActions, type ReportHost } from './reportPanel';
import { Viewer } from './viewer';
import type { ViewerHost } from './viewerHost';
import { restoredState, settingsOf, stateOfWorkspace, type ViewState } from './viewState';

const page = startPage<PreviewPage, PreviewHost, PreviewStrings, PreviewStart>({
  calls: {},
  notices: {
    changed: ({ file }) => {
      void places[file]?.open(true);
    },
    letGo: () => {
      places.forEach((place) => {
        place.viewer.letGo();
      });
    },
    shown: () => {
      places.forEach((place) => {
        if (place.viewer.isEmpty) {
          void place.open(false);
        }
      });
    },
    contextChanged: ({ file, part }) => {
      places[file]?.report.changed(part);
    },
    contextProgress: ({ file, part, ...amount }) => {
      places[file]?.report.progress(part, amount);
    },
    goTo: ({ place }) => {
      places.forEach(({ viewer }) => {
        viewer.goTo(place);
      });
    },
  },
});
const { channel, strings } = page;
const reportHost: ReportHost = {
  contextTables: (params, signal) => channel.call('contextTables', params, signal),
  contextQuestions: (params, signal) => channel.call('contextQuestions', params, signal),
  chooseTable: (params) => channel.call('chooseTable', params),
  showSource: (params) => channel.call('showSource', params),
  showQuestion: (params) => channel.call('showQuestion', params),
  showOptionVolume: (params) => channel.call('showOptionVolume', params),
};
const content = element('main', { class: 'content' });
const remembered = Array.isArray(page.state) ? (page.state as unknown[]) : [];
const states: ViewState[] = [];
let places: Place[] = [];
let activeViewer = 0;

document.body.append(content);
document.addEventListener('keydown', (event) => {
  places[activeViewer]?.viewer.handleKey(event);
});

/** One volume of the page: its viewer, or why there is none to see. */
class Place {
  readonly root = element('div', { class: 'place' });
  readonly viewer: Viewer;
  readonly report: ReportPanel;

  constructor(
    private readonly file: number,
    state: ViewState,
  ) {
    this.report = new ReportPanel(strings.reportPanel, {
      ...reportActions(reportHost, file),
      onQuestion: () => undefined,
      onOption: ({ path, id }, option) => {
        if (option !== undefined) {
          this.viewer.explain({ path, question: id, option });
        }
      },
    });
    this.viewer = new Viewer(file, state, strings, this.host());
    this.root.append(this.viewer.root);
    this.root.addEventListener('pointerenter', () => {
      activeViewer = file;
    });
    this.root.addEventListener('focusin', () => {
      activeViewer = file;
    });
  }

  async open(again: boolean): Promise<void> {
    if (!this.viewer.root.isConnected) {
      this.root.replaceChildren(this.viewer.root);
    }
    await this.viewer.open(again);
  }

  private fail(thrown: unknown): void {
    const retry = button({ class: 'primary' }, () => void this.open(true), strings.retry);
    const showLog = button({}, () => void channel.call('showLog', null), strings.showLog);
    // The page opens the volume again by itself once the setting has changed.
    const automatic = button(
      { class: 'fix' },
      () => {
        channel.call('setRescale', { choice: 'auto' }).catch((error: unknown) => {
          this.fail(error);
        });
      },
      strings.huBanner.fixes.auto,
    );
    const isOfRescale = thrown instanceof UserError && thrown.code === 'rescale-unknown';
    const buttons = isOfRescale ? [automatic, retry, showLog] : [retry, showLog];
    const card = problemCard(
      strings.failed,
      problemOf(inPageWords(thrown, strings.problems)),
      ...buttons,
    );
    this.root.replaceChildren(card);
    report();
  }

  private host(): ViewerHost {
    const { file } = this;
    const others = (): Viewer[] =>
      places.filter((place) => place !== this).map(({ viewer }) => viewer);
    return {
      open: (source, again) => channel.call('open', { source, again }),
      piece: (source) => channel.call('piece', { source }),
      stream: (source, signal) =>
        fetchedFrames(
          {
            origin: location.origin,
            address: () => channel.call('stream', { source }, signal),
            sent: (until) => channel.call('streamed', { source }, until),
          },
          signal,
        ),
      loadSlice: (address, signal) => channel.call('slice', address, signal),
      choices: () => channel.call('choices', null),
      chooseOverlay: () => channel.call('chooseOverlay', null),
      explain: (request, signal) => channel.call('explain', request, signal),
      compare: (place) => channel.call('compare', { place }),
      savePicture: (png, name) => channel.call('savePicture', { png, name }),
      setRescale: (choice) => channel.call('setRescale', { choice }),
      leave: (source) => {
        channel.notify('leave', { source });
      },
      holds: report,
      onError: (thrown) => {
        this.fail(thrown);
      },
      remember: (state) => {
        remember(file, state);
      },
      onMoved: (place) => {
        others().forEach((viewer) => {
          viewer.goTo(place);
        });
      },
      onWindow: (window) => {
        others().forEach((viewer) => {
          viewer.follow(window);
        });
      },
      panel: {
        report: () => {
          this.report.open();
          return this.report.root;
        },
        header: async (source) =>
          headerPage(await channel.call('header', { source }), strings.headerPage),
      },
    };
  }
}

function start(): void {
  const { volumes, settings } = page.given;
  places = Array.from({ length: volumes }, (_, file) => {
    const known = remembered[file];
    const state = known === undefined ? stateOfWorkspace(settings) : restoredState(known);
    return new Place(file, state);
  });
  content.classList.toggle('two', volumes > 1);
  content.replaceChildren(...places.map(({ root }) => root));
  places.forEach((place) => void place.open(false));
  places[0]?.viewer.focus();
}

/** Tells the host how much memory the page holds. */
function report(): void {
  const bytes = places.reduce((sum, { viewer }) => sum + viewer.bytes, 0);
  channel.notify('holds', { bytes });
}

let keptSettings: PreviewSettings = {};
let isPlanned = false;

/** Keeps what the user set, for this page and for the workspace; not at every step of a scroll. */
function remember(file: number, state: ViewState): void {
  states[file] = state;
  if (isPlanned) {
    return;
  }
  isPlanned = true;
  setTimeout(() => {
    isPlanned = false;
    page.setState(states);
    const { place } = states[0] ?? state;
    if (place !== undefined) {
      channel.notify('place', place);
    }
    const settings = settingsOf(states[0] ?? state);
    if (JSON.stringify(settings) !== JSON.stringify(keptSettings)) {
      keptSettings = settings;
      channel.notify('remember', settings);
    }
  }, 200);
}

start();
