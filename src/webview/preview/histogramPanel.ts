import type { HuWindow } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { dataTable } from '../shared/dataTable';
import { element, svgElement } from '../shared/dom';
import { decimal, fill } from '../shared/format';
import type { Histogram } from './histogram';

const width = 300;
const height = 150;
/** Rows of the table under the plot. */
const tableRows = 16;

/** The voxels of a volume by their HU as a plot, with the window that is shown, and as a table. */
export function histogramPanel(
  histogram: Histogram,
  { level, width: windowWidth }: HuWindow,
  strings: PreviewStrings,
): HTMLElement {
  const { min, max, counts } = histogram;
  const x = (hu: number): number => ((hu - min) / (max - min || 1)) * width;
  // The ends hold what lies beyond, and air outweighs everything: a logarithm shows the rest.
  const highest = Math.log1p(Math.max(...counts));
  const bars = counts
    .map((count, bin) => {
      const left = (bin / counts.length) * width;
      const tall = (Math.log1p(count) / (highest || 1)) * height;
      return `M${left} ${height}V${height - tall}h${width / counts.length}V${height}`;
    })
    .join('');
  const [low, high] = [level - windowWidth / 2, level + windowWidth / 2];
  const inside = (hu: number): number => Math.min(width, Math.max(0, x(hu)));
  return element(
    'section',
    { class: 'histogram' },
    element('h2', {}, strings.histogram),
    svgElement(
      'svg',
      { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': strings.histogramLabel },
      svgElement('rect', {
        class: 'shown-window',
        x: inside(low),
        y: 0,
        width: Math.max(0, inside(high) - inside(low)),
        height,
      }),
      svgElement('path', { class: 'bars', d: bars }),
    ),
    element(
      'p',
      { class: 'histogram-scale', 'aria-hidden': 'true' },
      element('span', {}, decimal(min, 0)),
      element('span', {}, strings.hu),
      element('span', {}, decimal(max, 0)),
    ),
    element(
      'p',
      { class: 'quiet' },
      fill(strings.histogramNote, decimal(low, 0), decimal(high, 0)),
    ),
    table(histogram, strings),
  );
}

function table({ min, max, counts }: Histogram, strings: PreviewStrings): HTMLElement {
  const perRow = counts.length / tableRows;
  const step = (max - min) / tableRows;
  return dataTable(
    [strings.histogramFrom, strings.histogramTo, strings.histogramVoxels],
    Array.from({ length: tableRows }, (_, row) => {
      const voxels = counts
        .slice(row * perRow, (row + 1) * perRow)
        .reduce((sum, count) => sum + count, 0);
      return {
        cells: [
          decimal(min + row * step, 0),
          decimal(min + (row + 1) * step, 0),
          decimal(voxels, 0),
        ],
      };
    }),
  );
}
