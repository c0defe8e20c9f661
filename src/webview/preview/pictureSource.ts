import { CancelledError } from '../../core/errors';
import { samplePlane, type PlanePicture } from '../../core/volume/planeSampler';
import type { Slab } from '../../core/volume/slab';
import type { Plane } from '../../core/volume/types';
import { nearestArrived, type VoxelField } from '../../core/volume/voxelField';
import type { PreviewSlice } from '../../protocol/preview';

/** A picture with what its values mean: HU = value * slope + intercept. */
export interface ShownPicture extends PlanePicture {
  readonly slope: number;
  readonly intercept: number;
  /** Made of larger voxels than the volume has; the fine one is on its way where there is one. */
  readonly isCoarse: boolean;
}

/** HU of a pixel, undefined where there is no voxel. */
export function huOf(picture: ShownPicture, at: number): number | undefined {
  return picture.missing?.[at] === 1
    ? undefined
    : picture.values[at] * picture.slope + picture.intercept;
}

/** Draws from `field` what there is of `plane` at `index`; undefined while nothing has arrived. */
export function pictureOf(
  field: VoxelField,
  plane: Plane,
  index: number,
  slab: Slab,
  isCoarse: boolean,
): ShownPicture | undefined {
  const nearest = nearestArrived(field, plane, index);
  if (nearest === undefined) {
    return undefined;
  }
  const { slope, intercept } = field.encoding;
  return { ...samplePlane(field, plane, nearest, slab), slope, intercept, isCoarse };
}

/**
 * Whether a picture stays as it is, whatever of the volume arrives after it. A slab shows what there
 * is of it, so that only its slices could tell.
 */
export function isFinal(
  picture: ShownPicture,
  field: VoxelField,
  index: number,
  slab: Slab,
): boolean {
  if (picture.isCoarse) {
    return false;
  }
  const isWholeSlice =
    slab.slices === 1 && picture.index === index && picture.missing === undefined;
  return field.arrived === undefined || isWholeSlice;
}

/**
 * Fetches slices in full resolution for a volume that is shown by a proxy. One at a time a plane:
 * only the newest wish counts.
 */
export class FineSlices {
  private readonly wishes = new Map<Plane, number>();
  private readonly underWay = new Map<Plane, AbortController>();
  /** The last one of each plane. */
  private readonly arrived = new Map<Plane, ShownPicture>();

  constructor(
    private readonly load: (
      plane: Plane,
      index: number,
      signal: AbortSignal,
    ) => Promise<PreviewSlice | null>,
    private readonly onSlice: (picture: ShownPicture) => void,
    private readonly onError: (thrown: unknown) => void,
  ) {}

  /** The slice where it was the last of its plane that came. */
  at(plane: Plane, index: number): ShownPicture | undefined {
    const arrived = this.arrived.get(plane);
    return arrived?.index === index ? arrived : undefined;
  }

  /** A slice that is under way for a plane that moved on is given up. */
  want(plane: Plane, index: number): void {
    if (this.wishes.get(plane) === index) {
      return;
    }
    this.wishes.set(plane, index);
    this.underWay.get(plane)?.abort();
    if (this.at(plane, index) !== undefined) {
      return;
    }
    const controller = new AbortController();
    this.underWay.set(plane, controller);
    this.load(plane, index, controller.signal).then(
      (slice) => {
        if (slice !== null && !controller.signal.aborted) {
          const picture = fromSlice(slice);
          this.arrived.set(plane, picture);
          this.onSlice(picture);
        }
      },
      (error: unknown) => {
        if (!(error instanceof CancelledError) && !controller.signal.aborted) {
          this.onError(error);
        }
      },
    );
  }

  /** What was wanted and did not come is wanted anew, as after the whole volume was read. */
  retry(): void {
    this.underWay.forEach((controller) => {
      controller.abort();
    });
    this.underWay.clear();
    this.wishes.clear();
  }

  /** Begins anew with another volume. */
  forget(): void {
    this.retry();
    this.arrived.clear();
  }
}

function fromSlice({ plane, index, width, height, hu }: PreviewSlice): ShownPicture {
  return { plane, index, width, height, values: hu, slope: 1, intercept: 0, isCoarse: false };
}
