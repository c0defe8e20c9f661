import type { HuWindow } from '../../core/volume/types';
import type { PreviewStrings, VolumeSource } from '../../protocol/preview';
import { definitions, element } from '../shared/dom';
import { problemOf } from '../shared/cards';
import { factsPanel } from './factsPanel';
import { histogramOf, histogramRange, type Histogram } from './histogram';
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
  readonly source: VolumeSource;
  readonly window: HuWindow;
  readonly signal: AbortSignal;
}

/** The pages of the side panel, in the order of their tabs. */
export function panelPages(
  strings: PreviewStrings,
  sources: PanelSources,
  subject: () => PanelSubject,
): PanelTab[] {
  const histograms = new WeakMap<object, Histogram>();
  return [
    { page: 'report', title: strings.report, content: () => sources.report() },
    {
      page: 'header',
      title: strings.facts,
      content: () => {
        const { feed, source } = subject();
        const page = element('div', { class: 'header-panel' });
        if (feed.volume !== undefined) {
          page.append(factsPanel(feed.volume, feed.findings, strings));
        }
        if (source.kind === 'file') {
          fillLater(page, sources.header(source));
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

function histogramPage(
  strings: PreviewStrings,
  { feed, window, signal }: PanelSubject,
  known: WeakMap<object, Histogram>,
): Node {
  const { field, findings } = feed;
  if (field === undefined || findings === undefined) {
    return element('p', { class: 'quiet' }, strings.notYet);
  }
  const show = (histogram: Histogram): Node => histogramPanel(histogram, window, strings);
  const counted = known.get(field.voxels);
  if (counted !== undefined) {
    return show(counted);
  }
  const { min, max, hu_source } = findings.info;
  const page = element('div', { class: 'quiet' }, strings.counting);
  fillLater(
    page,
    histogramOf(field, histogramRange(min, max, hu_source !== 'uncertain'), signal).then(
      (histogram) => {
        page.replaceChildren();
        if (histogram === undefined) {
          return undefined;
        }
        known.set(field.voxels, histogram);
        return show(histogram);
      },
    ),
  );
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
