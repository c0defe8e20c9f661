/** Decoded screenshots, for tests that look at pixels. */
import { PNG } from 'pngjs';

export type Colour = readonly [red: number, green: number, blue: number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The colour at a pixel, from the top left. */
  at(x: number, y: number): Colour;
  /** Mean brightness 0..255 of a rectangle (whole picture by default). */
  brightness(area?: Area): number;
}

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function decodePicture(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  const at = (x: number, y: number): Colour => {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      throw new RangeError(`(${x}, ${y}) lies outside a picture of ${width} x ${height}`);
    }
    const start = 4 * (Math.floor(y) * width + Math.floor(x));
    return [data[start], data[start + 1], data[start + 2]];
  };
  const brightness = (area: Area = { x: 0, y: 0, width, height }): number => {
    let sum = 0;
    for (let y = area.y; y < area.y + area.height; y++) {
      for (let x = area.x; x < area.x + area.width; x++) {
        const [red, green, blue] = at(x, y);
        sum += (red + green + blue) / 3;
      }
    }
    return sum / (area.width * area.height);
  };
  return { width, height, at, brightness };
}
