import type { Plane } from '../../core/volume/types';
import type { PlanePoint } from './geometry';
import type { Measurement, MeasurementKind } from './measurements';

/** A measurement with the grid that its places are counted on: a model's view has another one. */
export interface KeptMeasurement extends Measurement {
  readonly grid: string;
}

/** The measurements of a volume and of its models' views, and the one that is being drawn. */
export class MeasurementList {
  private kept: readonly KeptMeasurement[];
  private grid = '';
  /** One end that the keyboard marked. */
  private marked: Omit<Measurement, 'to'> | undefined;

  constructor(
    first: readonly KeptMeasurement[],
    private readonly onChange: (measurements: readonly Measurement[]) => void,
  ) {
    this.kept = first;
  }

  /** Those of every grid, to be remembered. */
  get all(): readonly KeptMeasurement[] {
    return this.kept;
  }

  /** Goes on with the measurements of a grid; those of others are kept, out of sight. */
  showGrid(grid: string): void {
    if (grid !== this.grid) {
      this.abandon();
    }
    this.grid = grid;
    this.show();
  }

  /** Shows them again, as after the pictures were turned. */
  show(): void {
    this.onChange(this.here);
  }

  /** A measurement under way, or done; a click without a drag measures nothing. */
  draw(measurement: Measurement, isDone: boolean): void {
    const { from, to } = measurement;
    const isPoint = Math.hypot(to.across - from.across, to.down - from.down) < 0.5;
    if (isDone && !isPoint) {
      this.kept = [...this.kept, { ...measurement, grid: this.grid }];
    }
    this.onChange(isDone || isPoint ? this.here : [...this.here, measurement]);
  }

  /** Marks one end, or the other one, which finishes the measurement. */
  mark(
    kind: MeasurementKind,
    plane: Plane,
    index: number,
    at: PlanePoint,
  ): Measurement | undefined {
    const { marked } = this;
    if (marked?.kind !== kind || marked.plane !== plane || marked.index !== index) {
      this.marked = { kind, plane, index, from: at };
      return undefined;
    }
    const { from } = marked;
    if (from.across === at.across && from.down === at.down) {
      // Nothing lies between: the other end is still to be marked.
      return undefined;
    }
    this.marked = undefined;
    const finished = { ...marked, to: at, grid: this.grid };
    this.draw(finished, true);
    return finished;
  }

  /** Forgets the end that was marked. */
  abandon(): void {
    this.marked = undefined;
  }

  removeLast(): void {
    const last = this.here.at(-1);
    this.kept = this.kept.filter((measurement) => measurement !== last);
    this.onChange(this.here);
  }

  private get here(): readonly KeptMeasurement[] {
    return this.kept.filter(({ grid }) => grid === this.grid);
  }
}
