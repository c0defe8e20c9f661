/** A straight map from values to pixels. */
export interface Scale {
  readonly domain: readonly [number, number];
  at(value: number): number;
  /** The value at a pixel. */
  valueAt(pixel: number): number;
}

export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const span = domain[1] - domain[0] || 1;
  const slope = (range[1] - range[0]) / span;
  return {
    domain,
    at: (value) => range[0] + (value - domain[0]) * slope,
    valueAt: (pixel) => domain[0] + (pixel - range[0]) / slope,
  };
}

/**
 * Round numbers that span `low` to `high` in about `count` steps of 1, 2 or 5 times a power of ten
 * (P. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990). The first is at most `low`,
 * the last at least `high`.
 */
export function niceTicks(low: number, high: number, count: number): number[] {
  const step = niceStep((high > low ? high - low : Math.abs(low) || 1) / count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  // Multiples of an integer, then rounded: sums of 0.1 would end in 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  const nice = [1, 2, 5, 10].find((candidate) => fraction <= candidate * (1 + 1e-9)) ?? 10;
  return nice * power;
}

/** Ticks of whole numbers, for steps and epochs. */
export function wholeTicks(low: number, high: number, count: number): number[] {
  return niceTicks(low, high, count).filter((tick) => Number.isInteger(tick));
}
