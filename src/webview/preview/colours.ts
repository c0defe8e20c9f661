/** Colours of overlays as RGBA pixels: the bytes R, G, B, A read as one little-endian number. */

type Rgb = readonly [red: number, green: number, blue: number];

export function pixelOf([red, green, blue]: Rgb, alpha: number): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * Twelve colours that are told apart side by side and by colour-blind eyes (Okabe and Ito 2008, and
 * lighter and darker ones of the same hues); labels take them in turn.
 */
const labelColours: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
  [153, 221, 255],
  [187, 204, 51],
  [238, 136, 102],
  [170, 170, 0],
  [221, 221, 221],
];

/** The colour of a label; what is 0 or less stands for no label. */
export function labelColour(label: number): Rgb | undefined {
  return label >= 1 ? labelColours[(Math.round(label) - 1) % labelColours.length] : undefined;
}

/** Against, and for: blue over nothing to red, which all kinds of colour vision tell apart. */
const against: Rgb = [50, 136, 240];
const speaksFor: Rgb = [240, 70, 50];

/**
 * The colour of a share from -1 (against) to 1 (for), and how opaque: nothing at 0.
 * Small values stay faint, so that the picture below can be read.
 */
export function heatColour(share: number): number {
  const strength = Math.min(1, Math.abs(share));
  return pixelOf(share < 0 ? against : speaksFor, Math.round(255 * strength));
}
