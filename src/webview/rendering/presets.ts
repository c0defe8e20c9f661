import type { RenderingPreset } from '../../protocol/rendering';

/** Colour and opacity of one value; between two points both change in a straight line. */
export interface TransferPoint {
  readonly hu: number;
  /** Red, green, blue, 0 to 1. */
  readonly colour: readonly [number, number, number];
  /** Of a layer {@link TransferFunction.layerMm} thick, 0 to 1. */
  readonly opacity: number;
}

/** How HU become a picture. */
export interface TransferFunction {
  /** By HU, ascending; the first and the last hold beyond. */
  readonly points: readonly TransferPoint[];
  readonly layerMm: number;
  /** Phong's shares of light. */
  readonly light: { readonly ambient: number; readonly diffuse: number; readonly specular: number };
}

const point = (
  hu: number,
  opacity: number,
  ...colour: [number, number, number]
): TransferPoint => ({ hu, opacity, colour });

const matt = { ambient: 0.2, diffuse: 0.85, specular: 0.1 };
const glossy = { ambient: 0.15, diffuse: 0.85, specular: 0.3 };

/**
 * Values where tissues begin as in the presets that VTK and 3D Slicer bring for CT (CT-Lung,
 * CT-Bones, CT-Muscle, CT-AAA); colours and opacities by eye on chest CT.
 */
export const transferFunctions: Readonly<Record<RenderingPreset, TransferFunction>> = {
  lung: {
    points: [
      point(-920, 0, 0.1, 0.2, 0.35),
      point(-840, 0.003, 0.2, 0.45, 0.8),
      point(-740, 0.008, 0.4, 0.68, 0.95),
      point(-600, 0.04, 0.95, 0.72, 0.5),
      point(-450, 0.05, 1, 0.6, 0.45),
      point(-300, 0.004, 0.95, 0.6, 0.5),
      point(-200, 0, 0.95, 0.6, 0.5),
    ],
    layerMm: 1,
    light: { ambient: 0.45, diffuse: 0.75, specular: 0.15 },
  },
  bone: {
    points: [
      point(120, 0, 0.55, 0.2, 0.15),
      point(180, 0.06, 0.72, 0.38, 0.28),
      point(280, 0.35, 0.88, 0.72, 0.55),
      point(450, 0.8, 0.95, 0.89, 0.78),
      point(1200, 0.95, 1, 0.98, 0.94),
    ],
    layerMm: 1,
    light: glossy,
  },
  soft: {
    points: [
      point(-10, 0, 0.5, 0.2, 0.15),
      point(25, 0.06, 0.66, 0.3, 0.24),
      point(60, 0.45, 0.8, 0.42, 0.33),
      point(140, 0.6, 0.88, 0.58, 0.45),
      point(220, 0.75, 0.92, 0.76, 0.62),
      point(420, 0.9, 0.97, 0.92, 0.84),
    ],
    layerMm: 1,
    light: matt,
  },
  vessels: {
    points: [
      point(110, 0, 0.5, 0.05, 0.05),
      point(150, 0.12, 0.75, 0.12, 0.1),
      point(220, 0.5, 0.9, 0.25, 0.18),
      point(340, 0.75, 0.97, 0.6, 0.42),
      point(600, 0.85, 0.98, 0.93, 0.86),
    ],
    layerMm: 1,
    light: glossy,
  },
  skin: {
    points: [
      point(-500, 0, 0.75, 0.5, 0.4),
      point(-300, 0.25, 0.88, 0.66, 0.55),
      point(-120, 0.85, 0.93, 0.74, 0.63),
      point(200, 1, 0.96, 0.82, 0.72),
    ],
    layerMm: 1,
    light: matt,
  },
};
