import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { HuWindow } from './types';

export type WindowName = 'lung' | 'mediastinum' | 'bone' | 'soft' | 'brain';

/** The usual display windows of chest CT (levels and widths as radiology references give them). */
export const huWindows: Readonly<Record<WindowName, HuWindow>> = {
  lung: { level: -600, width: 1500 },
  mediastinum: { level: 50, width: 350 },
  bone: { level: 400, width: 1800 },
  soft: { level: 40, width: 400 },
  brain: { level: 40, width: 80 },
};

/**
 * A window's name, or `LEVEL,WIDTH` in HU.
 *
 * @throws UserError `window`.
 */
export function parseWindow(text: string): HuWindow {
  const name = text.trim().toLowerCase();
  if (Object.hasOwn(huWindows, name)) {
    return huWindows[name as WindowName];
  }
  const parts = name.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [level, width] = parts;
  if (parts.length !== 2 || !Number.isFinite(level) || !(width > 0 && width < Infinity)) {
    throw new UserError(
      'window',
      sentence`"${text}" is no display window.`,
      sentence`Give ${Object.keys(huWindows).join(', ')}, or LEVEL,WIDTH in HU such as 40,400.`,
    );
  }
  return { level, width };
}

/** Grey of each HU: black at the window's lower end and below (and for NaN), white at its upper. */
export function windowToGray(hu: Float32Array, { level, width }: HuWindow): Uint8Array {
  const lowest = level - width / 2;
  const scale = 255 / width;
  const gray = new Uint8ClampedArray(hu.length);
  for (let i = 0; i < hu.length; i++) {
    gray[i] = (hu[i] - lowest) * scale;
  }
  return new Uint8Array(gray.buffer);
}
