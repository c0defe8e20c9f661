import type { Random } from '../../random';
import type { Patient } from '../patient';
import { ellipsoidDistance, mix, tissues } from '../phantom';
import type { Box, Paint, Phantom, Point, Tissue } from '../phantom';

export type Side = 'right' | 'left';
export const sides: readonly Side[] = ['right', 'left'];

/** Sign of x on a side: x runs to the patient's left. */
export function signOf(side: Side): -1 | 1 {
  return side === 'right' ? -1 : 1;
}

export const lungTissue: Readonly<Record<Side, Tissue>> = {
  right: tissues.rightLung,
  left: tissues.leftLung,
};

/** The lobes, each with a point well inside. */
export const lobes = {
  'right upper lobe': { side: 'right', centre: [-66, 2, 58] },
  'right middle lobe': { side: 'right', centre: [-76, -44, -22] },
  'right lower lobe': { side: 'right', centre: [-70, 48, -32] },
  'left upper lobe': { side: 'left', centre: [66, -8, 56] },
  'left lower lobe': { side: 'left', centre: [74, 48, -34] },
} as const satisfies Readonly<Record<string, { side: Side; centre: Point }>>;
export type Lobe = keyof typeof lobes;
export const lobeNames = Object.keys(lobes) as Lobe[];

const base = { x: 60, y: 5, radiusX: 57, radiusY: 80, shoulderZ: 20, domeHeight: 100 } as const;

/** Part of space that holds one lung. */
export function lungBox(side: Side): Box {
  const edge = base.x + base.radiusX;
  return {
    low: [side === 'right' ? -edge : 0, base.y - base.radiusY, -140],
    high: [side === 'right' ? 0 : edge, base.y + base.radiusY, base.shoulderZ + base.domeHeight],
  };
}

/** Signed distance to the pleura of one lung in mm, negative inside; heart and vessels not cut out. */
export function lungDistance(side: Side, x: number, y: number, z: number): number {
  const wall = wallDistance(side, x, y, z);
  const floor = diaphragm(side, x, y) - z;
  return wall > floor ? wall : floor;
}

/** Signed distance to the lung's wall alone: an elliptic column under a dome. */
export function wallDistance(side: Side, x: number, y: number, z: number): number {
  const aboveShoulder = z > base.shoulderZ ? z - base.shoulderZ : 0;
  const centreX = signOf(side) * (base.x - 0.16 * aboveShoulder);
  return ellipsoidDistance(
    x - centreX,
    y - base.y,
    aboveShoulder,
    base.radiusX,
    base.radiusY,
    base.domeHeight,
  );
}

/** Height of the diaphragm: a dome, deepest in the recess at the back. */
export function diaphragm(side: Side, x: number, y: number): number {
  const u = (x - signOf(side) * base.x) / base.radiusX;
  const v = (y - base.y) / base.radiusY;
  return (side === 'right' ? -54 : -63) - 52 * (u * u + v * v) - 12 * v;
}

/** Height of the oblique fissure, which parts the lower lobe from those above. */
function obliqueFissure(y: number): number {
  return -30 + 1.05 * y;
}

/** Whether a point of the lung lies in a lobe. */
export function inLobe(lobe: Lobe, y: number, z: number): boolean {
  const low = z < obliqueFissure(y);
  const middle = !low && z < 5;
  const belongs: Readonly<Record<Lobe, boolean>> = {
    'right upper lobe': !low && !middle,
    'right middle lobe': middle,
    'right lower lobe': low,
    'left upper lobe': !low,
    'left lower lobe': low,
  };
  return belongs[lobe];
}

/** A random point of the lung at least `depthMm` below the pleura. */
export function pointInLung(random: Random, side: Side, depthMm: number): Point {
  const { low, high } = lungBox(side);
  for (let attempt = 0; attempt < 200; attempt++) {
    const point: Point = [
      random.between(low[0], high[0]),
      random.between(low[1], high[1]),
      random.between(low[2], high[2]),
    ];
    if (Math.abs(point[0]) > 25 + depthMm && lungDistance(side, ...point) < -depthMm) {
      return point;
    }
  }
  return lobes[side === 'right' ? 'right upper lobe' : 'left upper lobe'].centre;
}

/** A random point within `spreadMm` of a lobe's middle. */
export function pointInLobe(random: Random, lobe: Lobe, spreadMm: number): Point {
  const { side, centre } = lobes[lobe];
  for (let attempt = 0; attempt < 100; attempt++) {
    const point: Point = [
      centre[0] + random.between(-spreadMm, spreadMm),
      centre[1] + random.between(-spreadMm, spreadMm),
      centre[2] + random.between(-spreadMm, spreadMm),
    ];
    if (
      Math.abs(point[0]) > 45 &&
      lungDistance(side, ...point) < -10 &&
      inLobe(lobe, point[1], point[2])
    ) {
      return point;
    }
  }
  return centre;
}

/** Paints what lies in the lung on one side, down to the pleura. */
export function paintLung(
  phantom: Phantom,
  side: Side,
  distance: (x: number, y: number, z: number) => number,
  paint: Paint,
): void {
  phantom.paint(lungBox(side), distance, { over: [lungTissue[side]], ...paint });
}

export function hilum(side: Side): Point {
  return [signOf(side) * 34, 14, 10];
}

/** Both lungs filled with air, and their vessels. */
export function drawLungs(phantom: Phantom, patient: Patient, random: Random): void {
  for (const side of sides) {
    phantom.paint(lungBox(side), (x, y, z) => lungDistance(side, x, y, z), {
      // Blood sinks: the back of the lung of a patient who lies on it is denser.
      hu: (_x, y) => patient.lungHu + 0.35 * y,
      tissue: lungTissue[side],
    });
  }
  for (const side of sides) {
    drawVessels(phantom, side, random);
  }
}

const branches = 12;

function drawVessels(phantom: Phantom, side: Side, random: Random): void {
  const paint: Paint = { hu: 30, over: [lungTissue[side]] };
  for (let n = 0; n < branches; n++) {
    const end = pointInLung(random, side, 8);
    const bend = mix(hilum(side), end, 0.5);
    const middle: Point = [
      bend[0],
      bend[1] + random.between(-8, 8),
      bend[2] + random.between(-8, 8),
    ];
    phantom.tube([hilum(side), middle, end], 3.4, 1, paint);
    for (let twig = 0; twig < 2; twig++) {
      const tip = pointInLung(random, side, 5);
      phantom.tube([middle, mix(middle, tip, 0.5)], 1.6, 0.7, paint);
    }
  }
}
