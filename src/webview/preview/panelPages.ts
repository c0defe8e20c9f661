import type { HuWindow } from '../../core/volume/types';
import type { PreviewStrings, PreviewVolume, VolumeSource } from '../../protocol/preview';
import { definitions, element } from '../shared/dom';
import { problemOf } from '../shared/cards';
import { factsPanel } from './factsPanel';
import { HistogramCounts, histogramRange } from './histogram';
import { histogramPanel } from './histogramPanel';
import type { PanelTab } from './sidePanel';
import type { VolumeFeed } from './volumeFeed';

/** Where the pages that the viewer knows nothing about come from. */
export interface PanelSources {
  /** The report of the volume and its questions. */
  readonly report: () => Node;
  /** Every field of the header of a source. */
  readonly header: (source: VolumeSource) => Promise<Node>;
}

/** What the pages are about. */
export interface PanelSubject {
  readonly feed: VolumeFeed;
  readonly window: HuWindow;
}

/** The pages of the side panel, in the order of their tabs. */
export function panelPages(
  strings: PreviewStrings,
  sources: PanelSources,
  subject: () => PanelSubject,
): PanelTab[] {
  const histograms = new HistogramCounts();
  const headers = new HeaderPages(sources.header);
  return [
    { page: 'report', title: strings.report, content: () => sources.report() },
    {
      page: 'header',
      title: strings.facts,
      content: () => {
        const { feed } = subject();
        const page = element('div', { class: 'header-panel' });
        if (feed.volume !== undefined) {
          page.append(factsPanel(feed.volume, feed.findings, strings));
        }
        if (feed.source.kind === 'file') {
          headers.appendTo(page, feed);
        }
        return page;
      },
    },
    {
      page: 'histogram',
      title: strings.histogram,
      content: () => histogramPage(strings, subject(), histograms),
    },
    {
      page: 'keys',
      title: strings.keys,
      content: () => element('section', { class: 'facts' }, definitions(strings.keyRows)),
    },
  ];
}

/** The page of a volume's header: made once, with what is typed into it, while facts come to stand above. */
class HeaderPages {
  private made:
    { readonly of: PreviewVolume | undefined; readonly page: Promise<Node> } | undefined;

  constructor(private readonly make: PanelSources['header']) {}

  appendTo(panel: HTMLElement, { source, volume }: VolumeFeed): void {
    if (this.made === undefined || this.made.of !== volume || volume === undefined) {
      this.made = { of: volume, page: this.make(source) };
    }
    const { page: made } = this.made;
    const { activeElement } = document;
    fillLater(panel, made);
    made.then(
      (page) => {
        // Who types into it is moved with it.
        if (activeElement instanceof HTMLElement && page.contains(activeElement)) {
          activeElement.focus();
        }
      },
      () => {
        // What failed is tried again the next time.
        this.made = undefined;
      },
    );
  }
}

function histogramPage(
  strings: PreviewStrings,
  { feed, window }: PanelSubject,
  histograms: HistogramCounts,
): Node {
  const { field, findings } = feed;
  if (field === undefined || findings === undefined) {
    return element('p', { class: 'quiet' }, strings.notYet);
  }
  const { min, max, hu_source } = findings.info;
  const range = histogramRange(min, max, hu_source !== 'uncertain');
  const page = element('div', {}, element('p', { class: 'quiet' }, strings.counting));
  const counted = histograms.of(field, range).then((histogram) => {
    page.replaceChildren();
    return histogram && histogramPanel(histogram, window, strings);
  });
  fillLater(page, counted);
  return page;
}

/** Adds to a page what is still to come, or why it does not come. */
function fillLater(page: HTMLElement, content: Promise<Node | undefined>): void {
  content.then(
    (node) => {
      page.append(...(node ? [node] : []));
    },
    (error: unknown) => {
      const { message, remedy = '' } = problemOf(error);
      page.append(element('p', { class: 'warning', role: 'alert' }, `${message} ${remedy}`));
    },
  );
}
