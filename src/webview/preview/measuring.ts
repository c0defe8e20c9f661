import { planeLayouts } from '../../core/volume/slices';
import type { PreviewTool } from '../../protocol/preview';
import { MeasurementList, type KeptMeasurement } from './measurementList';
import { isMeasurementKind, type Measurement } from './measurements';
import type { PlaneStage } from './planeStage';

export interface MeasuringActions {
  /** The measurements are others now, to be remembered. */
  keep(measurements: readonly KeptMeasurement[]): void;
  /** Says what was measured where no pointer shows it. */
  say(text: string): void;
}

/** Measuring in the planes, by drags or by both ends at the crosshair. */
export class Measuring {
  private readonly list: MeasurementList;

  constructor(
    private readonly stage: PlaneStage,
    first: readonly KeptMeasurement[],
    private readonly actions: MeasuringActions,
  ) {
    this.list = new MeasurementList(first, (measurements) => {
      stage.showMeasurements(measurements);
    });
  }

  /** Shows the measurements of the volume that is on the stage. */
  showVolume(): void {
    const { geometry } = this.stage;
    if (geometry !== undefined) {
      this.list.showGrid(geometry.gridKey);
    }
  }

  /** Shows them again, as after the pictures were turned. */
  show(): void {
    this.list.show();
  }

  /** A measurement under way, or done. */
  draw(measurement: Measurement, isDone: boolean): void {
    this.list.draw(measurement, isDone);
    if (isDone) {
      this.actions.keep(this.list.all);
    }
  }

  /** The first call marks one end at the crosshair, the second the other. */
  markAtCrosshair(tool: PreviewTool): void {
    const { geometry, activePlane, position, panes } = this.stage;
    if (geometry === undefined || !isMeasurementKind(tool)) {
      return;
    }
    const { across, down } = planeLayouts[activePlane];
    const finished = this.list.mark(tool, activePlane, geometry.sliceIndex(activePlane, position), {
      across: position[across],
      down: position[down],
    });
    if (finished !== undefined) {
      this.actions.keep(this.list.all);
      this.actions.say(panes.get(activePlane)?.measurementText(finished) ?? '');
    }
  }

  /** Forgets the end that was marked. */
  abandon(): void {
    this.list.abandon();
  }

  removeLast(): void {
    this.list.removeLast();
    this.actions.keep(this.list.all);
  }
}
