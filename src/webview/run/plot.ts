import { element, setAttributes, svgElement } from '../shared/dom';
import { linearScale, niceTicks, wholeTicks, type Scale } from '../shared/scale';
import { nearestIndex, smoothed, smoothingMemory, thinned, type Point } from './series';

export interface PlotWords {
  readonly title: string;
  readonly step: string;
  readonly training: string;
  readonly validation: string;
}

export interface PlotOptions {
  readonly words: PlotWords;
  /** A value as axis and readout show it. */
  readonly format: (value: number) => string;
  /** Fixed ends of the value axis; without it the axis holds 0 and every value. */
  readonly domain?: readonly [number, number];
  /** The pointer is at this step, or left. */
  readonly onHover: (step: number | undefined) => void;
}

const margin = { left: 50, right: 14, top: 12, bottom: 26 };
const height = 240;

/** One curve over the steps: each logged step pale, smoothed strong, validation as points. */
export class Plot {
  readonly root: HTMLElement;
  private readonly svg = svgElement('svg', { class: 'plot', height, 'aria-hidden': 'true' });
  private readonly readout = element('output', { class: 'readout' });
  private readonly marker = svgElement('g', { class: 'marker' });
  private training: readonly Point[] = [];
  private smooth: readonly Point[] = [];
  private validation: readonly Point[] = [];
  private lastStep = 1;
  private x: Scale = linearScale([0, 1], [0, 1]);
  private y: Scale = linearScale([0, 1], [0, 1]);
  private hovered: number | undefined;

  constructor(private readonly options: PlotOptions) {
    const { words } = options;
    this.readout.setAttribute('aria-live', 'off');
    this.root = element(
      'section',
      { class: 'plot-card' },
      element(
        'div',
        { class: 'plot-head' },
        element('h2', {}, words.title),
        element('span', { class: 'key training' }, words.training),
        element('span', { class: 'key validation' }, words.validation),
        this.readout,
      ),
      this.svg,
    );
    this.svg.addEventListener('pointermove', (event) => {
      const left = this.svg.getBoundingClientRect().left;
      options.onHover(this.x.valueAt(event.clientX - left));
    });
    this.svg.addEventListener('pointerleave', () => {
      options.onHover(undefined);
    });
    new ResizeObserver(() => {
      this.draw();
    }).observe(this.svg);
  }

  /** @param lastStep where the step axis ends: the run's last step, also while it has not come. */
  show(training: readonly Point[], validation: readonly Point[], lastStep: number): void {
    this.training = training;
    this.smooth = smoothed(training, smoothingMemory(training.length));
    this.validation = validation;
    this.lastStep = lastStep;
    this.draw();
  }

  /** Marks the logged step nearest to `step` and reads it out; undefined for the last one. */
  hover(step: number | undefined): void {
    this.hovered = step;
    const { format, words } = this.options;
    const at = step ?? Infinity;
    const index = nearestIndex(this.training, at);
    this.marker.replaceChildren();
    if (index < 0) {
      this.readout.value = '';
      return;
    }
    const point = this.training[index];
    const validation = this.validation.filter((other) => other.step <= point.step).at(-1);
    this.readout.value = [
      `${words.step} ${point.step}`,
      `${format(point.value)} (${format(this.smooth[index].value)})`,
      ...(validation === undefined ? [] : [`${words.validation} ${format(validation.value)}`]),
    ].join(' · ');
    if (step !== undefined) {
      const x = this.x.at(point.step);
      this.marker.append(
        svgElement('line', { x1: x, x2: x, y1: margin.top, y2: height - margin.bottom }),
        svgElement('circle', { cx: x, cy: this.y.at(this.smooth[index].value), r: 3.5 }),
      );
    }
  }

  private draw(): void {
    const width = this.svg.clientWidth;
    if (width === 0) {
      return;
    }
    this.setScales(width);
    const limit = width - margin.left - margin.right;
    this.svg.replaceChildren(
      ...this.axes(width),
      this.line(thinned(this.training, 2 * limit), 'raw'),
      this.line(thinned(this.smooth, 2 * limit), 'smooth'),
      this.line(this.validation, 'validation'),
      ...this.validation.map(({ step, value }) =>
        svgElement('circle', {
          class: 'validation',
          cx: this.x.at(step),
          cy: this.y.at(value),
          r: 3.5,
        }),
      ),
      this.marker,
    );
    setAttributes(this.svg, { viewBox: `0 0 ${width} ${height}` });
    this.hover(this.hovered);
  }

  private setScales(width: number): void {
    const values = [...this.training, ...this.validation].map(({ value }) => value);
    const high = values.reduce((most, value) => Math.max(most, value), 0);
    const ticks = niceTicks(...(this.options.domain ?? [0, high || 1]), 4);
    this.x = linearScale([0, this.lastStep], [margin.left, width - margin.right]);
    this.y = linearScale([ticks[0], ticks[ticks.length - 1]], [height - margin.bottom, margin.top]);
  }

  private axes(width: number): SVGElement[] {
    const right = width - margin.right;
    const rows = niceTicks(...this.y.domain, 4).map((value) => {
      const y = this.y.at(value);
      return svgElement(
        'g',
        { class: 'tick' },
        svgElement('line', { x1: margin.left, x2: right, y1: y, y2: y }),
        svgElement(
          'text',
          { x: margin.left - 8, y: y + 4, 'text-anchor': 'end' },
          this.options.format(value),
        ),
      );
    });
    const columns = wholeTicks(0, this.lastStep, Math.max(2, width / 110))
      .filter((step) => step <= this.lastStep)
      .map((step) =>
        svgElement(
          'text',
          { class: 'tick', x: this.x.at(step), y: height - 8, 'text-anchor': 'middle' },
          String(step),
        ),
      );
    return [...rows, ...columns];
  }

  private line(points: readonly Point[], kind: string): SVGElement {
    const path = points
      .map(({ step, value }) => `${this.x.at(step).toFixed(1)},${this.y.at(value).toFixed(1)}`)
      .join(' ');
    return svgElement('polyline', { class: kind, points: path });
  }
}
