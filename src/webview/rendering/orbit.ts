import type { RenderingView } from '../../protocol/rendering';

/** x to the patient's left, y to the back, z upwards. */
export type Vector = readonly [number, number, number];

/**
 * Where the viewer stands around the patient. The head stays up: azimuth turns around the
 * long axis, from the front (0) over the patient's left (90), elevation lifts, -90 to 90. Degrees.
 */
export interface Orbit {
  readonly azimuth: number;
  readonly elevation: number;
}

/**
 * From above and below, the front is at the top of the picture, as in axial slices; from below,
 * the patient's right is on the left as well.
 */
export const standardOrbits: Readonly<Record<RenderingView, Orbit>> = {
  anterior: { azimuth: 0, elevation: 0 },
  posterior: { azimuth: 180, elevation: 0 },
  left: { azimuth: 90, elevation: 0 },
  right: { azimuth: -90, elevation: 0 },
  superior: { azimuth: 180, elevation: 90 },
  inferior: { azimuth: 0, elevation: -90 },
};

/** What a viewer on `orbit` sees: unit vectors to the viewer, to the right and up in the picture. */
export function axesOf({ azimuth, elevation }: Orbit): {
  toViewer: Vector;
  right: Vector;
  up: Vector;
} {
  const [sinA, cosA] = [sine(azimuth), sine(azimuth + 90)];
  const [sinE, cosE] = [sine(elevation), sine(elevation + 90)];
  return {
    toViewer: [sinA * cosE, -cosA * cosE, sinE],
    right: [cosA, sinA, 0],
    up: [-sinA * sinE, cosA * sinE, cosE],
  };
}

/** Exact at whole quarter turns, so that a standard view is exactly one. */
function sine(degrees: number): number {
  const turns = degrees / 90;
  return Number.isInteger(turns)
    ? [0, 1, 0, -1][((turns % 4) + 4) % 4]
    : Math.sin((degrees * Math.PI) / 180);
}

/** `orbit` turned by degrees; the elevation stops at the poles. */
export function turned(orbit: Orbit, azimuth: number, elevation: number): Orbit {
  const around = (((orbit.azimuth + azimuth + 180) % 360) + 360) % 360;
  return {
    azimuth: around - 180,
    elevation: Math.min(90, Math.max(-90, orbit.elevation + elevation)),
  };
}

export function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** The letters of the patient's sides and where each points to. */
const sides: readonly (readonly [letter: string, to: Vector])[] = [
  ['R', [-1, 0, 0]],
  ['L', [1, 0, 0]],
  ['A', [0, -1, 0]],
  ['P', [0, 1, 0]],
  ['I', [0, 0, -1]],
  ['S', [0, 0, 1]],
];

/** A side's letter in the picture: x to the right, y down, both -1 to 1; `depth` to the viewer. */
export interface PlacedLetter {
  readonly letter: string;
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/** All six letters as they lie in the picture, the farthest first. */
export function placedLetters(orbit: Orbit): PlacedLetter[] {
  const { toViewer, right, up } = axesOf(orbit);
  return sides
    .map(([letter, to]) => ({
      letter,
      x: dot(to, right),
      y: -dot(to, up),
      depth: dot(to, toViewer),
    }))
    .sort((a, b) => a.depth - b.depth);
}

/**
 * Half the height of the picture in mm that shows a box of `sizeMm` whole and as large as may be,
 * in a picture `aspect` times as wide as high.
 */
export function fittingHalfHeight(sizeMm: Vector, orbit: Orbit, aspect: number): number {
  const { right, up } = axesOf(orbit);
  const extent = (axis: Vector): number =>
    axis.reduce((sum, share, i) => sum + Math.abs(share) * sizeMm[i], 0) / 2;
  const margin = 1.04;
  return margin * Math.max(extent(up), extent(right) / aspect);
}
