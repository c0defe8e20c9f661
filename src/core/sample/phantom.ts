/** A point or radii in the standard thorax, mm: x to the patient's left, y to the back, z to the head. */
export type Point = readonly [x: number, y: number, z: number];

/** Smallest and largest corner of the part of space a shape may touch, mm. */
export interface Box {
  readonly low: Point;
  readonly high: Point;
}

/** What a voxel mostly consists of, so that findings can be painted "in the lung only". */
export const tissues = {
  outside: 0,
  fat: 1,
  muscle: 2,
  rightLung: 3,
  leftLung: 4,
  airway: 5,
  heart: 6,
  vessel: 7,
  bone: 8,
  abdomen: 9,
  lesion: 10,
} as const;
export type Tissue = (typeof tissues)[keyof typeof tissues];

/** What a shape is filled with. */
export interface Paint {
  /** HU, constant or depending on the place. */
  readonly hu: number | ((x: number, y: number, z: number) => number);
  /** New tissue of the voxels covered by more than half; they keep theirs where absent. */
  readonly tissue?: Tissue;
  /** Only voxels of these tissues are painted; all where absent. */
  readonly over?: readonly Tissue[];
  /** 0 leaves what was there, 1 (the default) hides it. */
  readonly opacity?: number;
}

const everyTissue = 0xffff;

/**
 * A voxel grid over the standard thorax that shapes are painted on. The standard thorax is one adult's
 * chest in mm, its origin in the middle; a patient's own proportions are in `scale`, so that
 * anatomy and findings are written once, for one chest. Array order: z slowest, x fastest.
 */
export class Phantom {
  readonly hu: Float32Array;
  private readonly tissueOf: Uint8Array;
  /** Position of each voxel centre along x, y, z in the standard thorax, mm. */
  private readonly axes: readonly [Float64Array, Float64Array, Float64Array];
  private readonly pitch: Point;
  /** Edges fade over this length, which stands for the partial volume effect. */
  private readonly edgeMm: number;

  /**
   * @param size voxels along z, y, x
   * @param fieldOfViewMm the grid's extent along x, y, z in the patient, centred on the origin
   * @param scale patient mm per standard mm along x, y, z
   */
  constructor(
    readonly size: readonly [number, number, number],
    fieldOfViewMm: Point,
    readonly scale: Point,
  ) {
    const [nz, ny, nx] = size;
    this.hu = new Float32Array(nz * ny * nx).fill(-1000);
    this.tissueOf = new Uint8Array(nz * ny * nx);
    const counts = [nx, ny, nz] as const;
    const pitch = (axis: 0 | 1 | 2): number => fieldOfViewMm[axis] / counts[axis] / scale[axis];
    const centres = (axis: 0 | 1 | 2): Float64Array =>
      Float64Array.from(
        { length: counts[axis] },
        (_, n) => (n - (counts[axis] - 1) / 2) * pitch(axis),
      );
    this.pitch = [pitch(0), pitch(1), pitch(2)];
    this.axes = [centres(0), centres(1), centres(2)];
    this.edgeMm = Math.cbrt(this.pitch[0] * this.pitch[1] * this.pitch[2]);
  }

  /** A length in the patient (such as the diameter a report states) as one in the standard thorax. */
  standardMm(patientMm: number): number {
    return patientMm / Math.cbrt(this.scale[0] * this.scale[1] * this.scale[2]);
  }

  /**
   * Fills the inside of a shape, given as its signed distance in mm (negative inside; a good guess
   * near the edge is enough), within `box`.
   */
  paint(box: Box, distance: (x: number, y: number, z: number) => number, paint: Paint): void {
    const { hu, tissueOf, size } = this;
    const [xs, ys, zs] = this.axes;
    const [ny, nx] = [size[1], size[2]];
    const allowed =
      paint.over?.reduce<number>((mask, tissue) => mask | (1 << tissue), 0) ?? everyTissue;
    const opacity = paint.opacity ?? 1;
    const colour = paint.hu;
    const [x0, x1] = this.range(0, box);
    const [y0, y1] = this.range(1, box);
    const [z0, z1] = this.range(2, box);
    for (let k = z0; k < z1; k++) {
      for (let j = y0; j < y1; j++) {
        for (let i = x0, at = x0 + nx * (j + ny * k); i < x1; i++, at++) {
          if (((1 << tissueOf[at]) & allowed) === 0) {
            continue;
          }
          const covered = 0.5 - distance(xs[i], ys[j], zs[k]) / this.edgeMm;
          if (covered <= 0) {
            continue;
          }
          const share = (covered < 1 ? covered : 1) * opacity;
          const target = typeof colour === 'number' ? colour : colour(xs[i], ys[j], zs[k]);
          hu[at] += share * (target - hu[at]);
          if (paint.tissue !== undefined && covered > 0.5) {
            tissueOf[at] = paint.tissue;
          }
        }
      }
    }
  }

  /** An ellipsoid along the axes. */
  ellipsoid(centre: Point, radii: Point, paint: Paint): void {
    this.paint(
      boxAround(centre, radii),
      (x, y, z) =>
        ellipsoidDistance(
          x - centre[0],
          y - centre[1],
          z - centre[2],
          radii[0],
          radii[1],
          radii[2],
        ),
      paint,
    );
  }

  sphere(centre: Point, radius: number, paint: Paint): void {
    this.ellipsoid(centre, [radius, radius, radius], paint);
  }

  /** A tube along a polyline whose radius runs evenly from `startRadius` to `endRadius`. */
  tube(path: readonly Point[], startRadius: number, endRadius: number, paint: Paint): void {
    const pieces = shortPieces(path);
    for (let n = 0; n + 1 < pieces.length; n++) {
      const radius = startRadius + ((endRadius - startRadius) * n) / (pieces.length - 1);
      this.capsule(pieces[n], pieces[n + 1], radius, paint);
    }
  }

  /** All points within `radius` of the straight line between two points. */
  private capsule(from: Point, to: Point, radius: number, paint: Paint): void {
    const [ax, ay, az] = from;
    const [bx, by, bz] = [to[0] - ax, to[1] - ay, to[2] - az];
    const lengthSquared = Math.max(bx * bx + by * by + bz * bz, 1e-9);
    const box: Box = {
      low: [
        Math.min(ax, to[0]) - radius,
        Math.min(ay, to[1]) - radius,
        Math.min(az, to[2]) - radius,
      ],
      high: [
        Math.max(ax, to[0]) + radius,
        Math.max(ay, to[1]) + radius,
        Math.max(az, to[2]) + radius,
      ],
    };
    this.paint(
      box,
      (x, y, z) => {
        const px = x - ax;
        const py = y - ay;
        const pz = z - az;
        const along = (px * bx + py * by + pz * bz) / lengthSquared;
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const dx = px - t * bx;
        const dy = py - t * by;
        const dz = pz - t * bz;
        return Math.sqrt(dx * dx + dy * dy + dz * dz) - radius;
      },
      paint,
    );
  }

  /** First voxel of the box along an axis, and the one after the last. */
  private range(axis: 0 | 1 | 2, box: Box): [number, number] {
    const first = this.axes[axis][0];
    const margin = this.edgeMm / 2;
    return [
      Math.max(0, Math.ceil((box.low[axis] - margin - first) / this.pitch[axis])),
      Math.min(
        this.axes[axis].length,
        Math.floor((box.high[axis] + margin - first) / this.pitch[axis]) + 1,
      ),
    ];
  }
}

export function boxAround(centre: Point, radii: Point): Box {
  return {
    low: [centre[0] - radii[0], centre[1] - radii[1], centre[2] - radii[2]],
    high: [centre[0] + radii[0], centre[1] + radii[1], centre[2] + radii[2]],
  };
}

/** Signed distance to an ellipsoid's surface, first order: Newton's step of |p / r| = 1. */
export function ellipsoidDistance(
  x: number,
  y: number,
  z: number,
  rx: number,
  ry: number,
  rz: number,
): number {
  const u = x / rx;
  const v = y / ry;
  const w = z / rz;
  const k = Math.sqrt(u * u + v * v + w * w);
  const gradient = Math.sqrt((u * u) / (rx * rx) + (v * v) / (ry * ry) + (w * w) / (rz * rz));
  return gradient < 1e-9 ? -Math.min(rx, ry, rz) : (k * (k - 1)) / gradient;
}

/** The same polyline in pieces of at most 20 mm, whose boxes hold few voxels outside the tube. */
function shortPieces(path: readonly Point[]): Point[] {
  const points = [path[0]];
  for (let n = 1; n < path.length; n++) {
    const count = Math.ceil(distanceBetween(path[n - 1], path[n]) / 20);
    for (let piece = 1; piece <= count; piece++) {
      points.push(mix(path[n - 1], path[n], piece / count));
    }
  }
  return points;
}

function distanceBetween(from: Point, to: Point): number {
  return Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
}

/** The point a fraction `t` of the way from one point to another. */
export function mix(from: Point, to: Point, t: number): Point {
  return [
    from[0] + t * (to[0] - from[0]),
    from[1] + t * (to[1] - from[1]),
    from[2] + t * (to[2] - from[2]),
  ];
}
