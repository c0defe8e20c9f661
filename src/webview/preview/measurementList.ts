import type { Plane } from '../../core/volume/types';
import type { PlanePoint } from './geometry';
import type { Measurement, MeasurementKind } from './measurements';

/** The measurements of a volume, and the one that is being drawn. */
export class MeasurementList {
  private kept: readonly Measurement[];
  /** One end that the keyboard marked. */
  private marked: Omit<Measurement, 'to'> | undefined;

  constructor(
    first: readonly Measurement[],
    private readonly onChange: (measurements: readonly Measurement[]) => void,
  ) {
    this.kept = first;
  }

  get all(): readonly Measurement[] {
    return this.kept;
  }

  /** A measurement under way, or done; a click without a drag measures nothing. */
  draw(measurement: Measurement, isDone: boolean): void {
    const { from, to } = measurement;
    const isPoint = Math.hypot(to.across - from.across, to.down - from.down) < 0.5;
    if (isDone && !isPoint) {
      this.kept = [...this.kept, measurement];
    }
    this.onChange(isDone || isPoint ? this.kept : [...this.kept, measurement]);
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
    this.marked = undefined;
    const finished = { ...marked, to: at };
    this.draw(finished, true);
    return finished;
  }

  /** Forgets the end that was marked. */
  abandon(): void {
    this.marked = undefined;
  }

  removeLast(): void {
    this.kept = this.kept.slice(0, -1);
    this.onChange(this.kept);
  }
}
