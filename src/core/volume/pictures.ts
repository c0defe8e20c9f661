import { PNG } from 'pngjs';
import { resizePicture } from './resample';
import { middleSlices } from './slices';
import type { Slice } from './slices';
import type { HuWindow, Volume } from './types';
import { windowToGray } from './windows';

/** A grey picture, row-major, top left first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly gray: Uint8Array;
}

/** No plane of the preview is larger than this, in pixels. */
const maxSide = 512;
const gap = 8;

/**
 * The three middle planes side by side (axial, coronal, sagittal), each in its true aspect ratio
 * and all at the same scale, in radiological convention (see slices.ts).
 */
export function renderPreview(volume: Volume, window: HuWindow): Picture {
  const slices = middleSlices(volume);
  const pixelMm = commonPixel(slices);
  const panels = slices.map((slice) => renderSlice(slice, window, pixelMm));
  const width = panels.reduce((sum, panel) => sum + panel.width, gap * (panels.length - 1));
  const height = Math.max(...panels.map((panel) => panel.height));
  const gray = new Uint8Array(width * height);
  let left = 0;
  for (const panel of panels) {
    place(panel, gray, width, left, (height - panel.height) >> 1);
    left += panel.width + gap;
  }
  return { width, height, gray };
}

/** One slice with square pixels of `pixelMm`. Resampled in HU, so that windows stay true. */
function renderSlice(slice: Slice, window: HuWindow, pixelMm: number): Picture {
  const width = Math.max(1, Math.round((slice.width * slice.pixelMm[0]) / pixelMm));
  const height = Math.max(1, Math.round((slice.height * slice.pixelMm[1]) / pixelMm));
  const hu = resizePicture(slice.hu, [slice.width, slice.height], [width, height]);
  return { width, height, gray: windowToGray(hu, window) };
}

/** PNG file of a grey picture, 8 bits a pixel. */
export function encodePng({ width, height, gray }: Picture): Uint8Array {
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, inputHasAlpha: false });
  png.data = Buffer.from(gray.buffer, gray.byteOffset, gray.byteLength);
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false });
}

/** The finest pixel of the slices, or a coarser one that keeps every side within `maxSide`. */
function commonPixel(slices: readonly Slice[]): number {
  const finest = Math.min(...slices.flatMap((slice) => slice.pixelMm));
  const longest = Math.max(
    ...slices.flatMap((slice) => [slice.width * slice.pixelMm[0], slice.height * slice.pixelMm[1]]),
  );
  return Math.max(finest, longest / maxSide);
}

function place(
  panel: Picture,
  canvas: Uint8Array,
  canvasWidth: number,
  left: number,
  top: number,
): void {
  for (let y = 0; y < panel.height; y++) {
    const row = panel.gray.subarray(y * panel.width, (y + 1) * panel.width);
    canvas.set(row, (top + y) * canvasWidth + left);
  }
}
