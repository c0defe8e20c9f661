import type { Plane } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { element, svgElement } from '../shared/dom';
import { decimal, fill } from '../shared/format';
import type { Geometry } from './geometry';
import { areaMm2, lengthMm, regionStatistics, type Measurement } from './measurements';
import type { PictureBox } from './paneView';
import type { ShownPicture } from './pictureSource';

/** A measurement as it is drawn: its ends in pixels of the picture, and what it says. */
interface Mark extends Pick<Measurement, 'kind'> {
  readonly from: PicturePoint;
  readonly to: PicturePoint;
  readonly text: string;
}

interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** As media/preview.css has them in the page. */
const colour = '#ffe45c';
const shade = 'rgb(0 0 0 / 70%)';

/** Lines and regions over the picture of a plane, with what they measure. */
export class MeasurementLayer {
  readonly root: HTMLElement;
  private readonly drawing = svgElement('svg', {
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  private readonly labels = element('div', { class: 'measurement-labels' });
  private marks: readonly Mark[] = [];
  private size = { columns: 1, rows: 1 };

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
    const { plane } = this;
    this.size = geometry.picture(plane);
    this.marks = measurements
      .filter((each) => each.plane === plane && each.index === picture?.index)
      .map((each) => ({
        kind: each.kind,
        from: geometry.picturePoint(plane, each.from),
        to: geometry.picturePoint(plane, each.to),
        text: this.text(each, geometry, picture),
      }));
    const { columns, rows } = this.size;
    this.drawing.setAttribute('viewBox', `0 0 ${columns} ${rows}`);
    this.drawing.replaceChildren(
      ...this.marks.map((mark) => svgElement('path', { d: outlineOf(mark) })),
    );
    this.labels.replaceChildren(...this.marks.map((mark) => this.label(mark)));
  }

  /** Draws what is shown over a picture that fills `box`. */
  drawInto(context: CanvasRenderingContext2D, { left, top, width, height }: PictureBox): void {
    const { columns, rows } = this.size;
    const placed = ({ x, y }: PicturePoint): PicturePoint => ({
      x: left + (x / columns) * width,
      y: top + (y / rows) * height,
    });
    context.save();
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.shadowColor = '#000';
    context.shadowBlur = 1;
    for (const mark of this.marks) {
      const outline = outlineOf({ ...mark, from: placed(mark.from), to: placed(mark.to) });
      context.stroke(new Path2D(outline));
    }
    context.restore();
    for (const mark of this.marks) {
      drawLabel(context, mark.text, placed(mark.to), this.sides(mark));
    }
  }

  private label(mark: Mark): HTMLElement {
    const { columns, rows } = this.size;
    const label = element('output', {}, mark.text);
    label.style.left = `${(mark.to.x / columns) * 100}%`;
    label.style.top = `${(mark.to.y / rows) * 100}%`;
    const { isToLeft, isUpwards } = this.sides(mark);
    label.classList.toggle('to-left', isToLeft);
    label.classList.toggle('upwards', isUpwards);
    return label;
  }

  /** Towards the middle of the picture, so that the text is not cut off. */
  private sides({ to }: Mark): LabelSides {
    const { columns, rows } = this.size;
    return { isToLeft: to.x > columns / 2, isUpwards: to.y > rows / 2 };
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
}

/** On which side of the end of a measurement its text stands. */
interface LabelSides {
  readonly isToLeft: boolean;
  readonly isUpwards: boolean;
}

/** The outline of a mark as SVG path data, which a canvas draws as well. */
function outlineOf({ kind, from, to }: Pick<Mark, 'kind' | 'from' | 'to'>): string {
  const [across, down] = [to.x - from.x, to.y - from.y];
  switch (kind) {
    case 'distance':
      return `M${from.x} ${from.y}L${to.x} ${to.y}`;
    case 'rectangle':
      return `M${from.x} ${from.y}h${across}v${down}h${-across}z`;
    case 'ellipse': {
      const radii = `${Math.abs(across) / 2} ${Math.abs(down) / 2}`;
      const half = (width: number): string => `a${radii} 0 0 1 ${width} 0`;
      return `M${from.x} ${from.y + down / 2}${half(across)}${half(-across)}z`;
    }
  }
}

function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  at: PicturePoint,
  { isToLeft, isUpwards }: LabelSides,
): void {
  const lines = text.split('\n');
  const [lineHeight, padding] = [16, 6];
  context.font = '12px sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) + 2 * padding;
  const height = lines.length * lineHeight + 2;
  const left = isToLeft ? at.x - 8 - width : at.x + 8;
  const top = isUpwards ? at.y - 4 - height : at.y + 4;
  context.fillStyle = shade;
  context.fillRect(left, top, width, height);
  context.fillStyle = colour;
  lines.forEach((line, n) => {
    context.fillText(line, left + padding, top + 1 + (n + 0.5) * lineHeight);
  });
}
