import type { Plane } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { element, svgElement } from '../shared/dom';
import { decimal, fill } from '../shared/format';
import type { Geometry } from './geometry';
import { areaMm2, lengthMm, regionStatistics, type Measurement } from './measurements';
import type { ShownPicture } from './pictureSource';

/** Lines and regions over the picture of a plane, with what they measure. */
export class MeasurementLayer {
  readonly root: HTMLElement;
  private readonly drawing = svgElement('svg', {
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  private readonly labels = element('div', { class: 'measurement-labels' });

  constructor(
    private readonly plane: Plane,
    private readonly strings: PreviewStrings,
  ) {
    this.root = element('div', { class: 'measurements' }, this.drawing, this.labels);
  }

  /** Shows those of `measurements` that were made in the slice of `picture`. */
  show(
    measurements: readonly Measurement[],
    geometry: Geometry,
    picture: ShownPicture | undefined,
  ): void {
    const { columns, rows } = geometry.picture(this.plane);
    this.drawing.setAttribute('viewBox', `0 0 ${columns} ${rows}`);
    const here = measurements.filter(
      ({ plane, index }) => plane === this.plane && index === picture?.index,
    );
    this.drawing.replaceChildren(...here.map((each) => this.shape(each, geometry)));
    this.labels.replaceChildren(
      ...here.map((each) => {
        const label = element('output', {}, this.text(each, geometry, picture));
        const { x, y } = geometry.picturePoint(this.plane, each.to);
        label.style.left = `${(x / columns) * 100}%`;
        label.style.top = `${(y / rows) * 100}%`;
        // Towards the middle of the picture, so that the text is not cut off.
        label.classList.toggle('to-left', x > columns / 2);
        label.classList.toggle('upwards', y > rows / 2);
        return label;
      }),
    );
  }

  /** What a measurement says, in words and numbers. */
  text(measurement: Measurement, geometry: Geometry, picture: ShownPicture | undefined): string {
    const { strings } = this;
    if (measurement.kind === 'distance') {
      return fill(strings.distanceValue, decimal(lengthMm(measurement, geometry), 1));
    }
    const found = picture && regionStatistics(measurement, picture);
    const area = fill(strings.areaValue, decimal(areaMm2(measurement, geometry), 0));
    return found === null || found === undefined
      ? area
      : [
          fill(
            strings.regionValue,
            decimal(found.mean, 1),
            decimal(found.standardDeviation, 1),
            decimal(found.min, 0),
            decimal(found.max, 0),
          ),
          area,
        ].join('\n');
  }

  private shape(measurement: Measurement, geometry: Geometry): SVGElement {
    const start = geometry.picturePoint(this.plane, measurement.from);
    const end = geometry.picturePoint(this.plane, measurement.to);
    switch (measurement.kind) {
      case 'distance':
        return svgElement('line', { x1: start.x, y1: start.y, x2: end.x, y2: end.y });
      case 'rectangle':
        return svgElement('rect', {
          x: Math.min(start.x, end.x),
          y: Math.min(start.y, end.y),
          width: Math.abs(end.x - start.x),
          height: Math.abs(end.y - start.y),
        });
      case 'ellipse':
        return svgElement('ellipse', {
          cx: (start.x + end.x) / 2,
          cy: (start.y + end.y) / 2,
          rx: Math.abs(end.x - start.x) / 2,
          ry: Math.abs(end.y - start.y) / 2,
        });
    }
  }
}
