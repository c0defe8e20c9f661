import { element, svgElement } from '../shared/dom';
import { linearScale, niceTicks, type Scale } from '../shared/scale';
import type { Bar, Chart, ChartGroup } from './chartModel';

const margin = { left: 50, right: 8, top: 10, bottom: 26 };
const height = 220;
/** Part of a group's width that stays empty. */
const gapShare = 0.25;
/** Few columns stay slim, CSS pixels. */
const widestColumn = 72;
/** Room that a name under the columns needs, CSS pixels a character. */
const characterWidth = 7;

/** Groups of columns over one axis; where chance alone explains a value, its range stands over it. */
export function columnChart(chart: Chart): HTMLElement {
  const svg = svgElement('svg', { class: 'plot', height, 'aria-hidden': 'true' });
  new ResizeObserver(() => {
    draw(svg, chart);
  }).observe(svg);
  return element('div', { class: 'chart' }, svg);
}

function draw(svg: SVGSVGElement, { groups, format }: Chart): void {
  const width = svg.clientWidth;
  if (width === 0) {
    return;
  }
  const highest = Math.max(
    ...groups.flatMap(({ bars }) =>
      bars.map(({ value, expected }) => Math.max(value, expected?.high ?? 0)),
    ),
  );
  const ticks = niceTicks(0, highest || 1, 4);
  const y = linearScale([0, ticks[ticks.length - 1]], [height - margin.bottom, margin.top]);
  const x = linearScale([0, groups.length], [margin.left, width - margin.right]);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.replaceChildren(
    ...ticks.map((tick) => tickLine(tick, y, width, format)),
    ...groups.flatMap(({ bars }, i) => bars.map((bar, s) => column(bar, i, s, bars.length, x, y))),
    ...names(groups, x),
  );
}

function tickLine(
  value: number,
  y: Scale,
  width: number,
  format: (value: number) => string,
): SVGElement {
  const at = y.at(value);
  return svgElement(
    'g',
    { class: 'tick' },
    svgElement('line', { x1: margin.left, x2: width - margin.right, y1: at, y2: at }),
    svgElement('text', { x: margin.left - 8, y: at + 4, 'text-anchor': 'end' }, format(value)),
  );
}

function column(
  { value, label, expected }: Bar,
  group: number,
  series: number,
  seriesCount: number,
  x: Scale,
  y: Scale,
): SVGElement {
  const room = ((1 - gapShare) * (x.at(1) - x.at(0))) / seriesCount;
  const width = Math.min(widestColumn, room);
  const left = x.at(group + 0.5) + (series - seriesCount / 2) * width;
  const [top, bottom] = [y.at(value), y.at(0)];
  return svgElement(
    'g',
    {},
    svgElement('title', {}, label),
    svgElement('rect', {
      class: `series-${series}`,
      x: left,
      y: top,
      width: Math.max(1, width - 1),
      height: bottom - top,
    }),
    ...(expected === undefined
      ? []
      : [
          rangeMark(
            left + width / 2,
            y.at(expected.low),
            y.at(expected.value),
            y.at(expected.high),
          ),
        ]),
  );
}

/** The value that chance gives as a bar across, its range as an upright line. */
function rangeMark(x: number, low: number, value: number, high: number): SVGElement {
  return svgElement('path', {
    class: 'expected',
    d: `M${x} ${low}V${high}M${x - 5} ${low}h10M${x - 5} ${high}h10M${x - 9} ${value}h18`,
  });
}

/** Every name, or every n-th where they would run into each other. */
function names(groups: readonly ChartGroup[], x: Scale): SVGElement[] {
  const room = x.at(1) - x.at(0);
  const longest = Math.max(...groups.map(({ name }) => name.length));
  const stride = Math.max(1, Math.ceil((longest * characterWidth) / room));
  return groups.flatMap(({ name }, i) =>
    i % stride === 0
      ? [
          svgElement(
            'text',
            { class: 'tick', x: x.at(i + 0.5), y: height - 8, 'text-anchor': 'middle' },
            name,
          ),
        ]
      : [],
  );
}
