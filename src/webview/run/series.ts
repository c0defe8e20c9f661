/** A measured value at a step. */
export interface Point {
  readonly step: number;
  readonly value: number;
}

/**
 * Exponential moving average that weighs the last points most and starts unbiased: each mean is
 * divided by the weight it has gathered so far (as Adam corrects its moments). `memory` is the
 * number of points after which a value has lost about 63 % of its weight.
 */
export function smoothed(points: readonly Point[], memory: number): Point[] {
  const keep = Math.exp(-1 / memory);
  let sum = 0;
  let weight = 0;
  return points.map(({ step, value }) => {
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    return { step, value: sum / weight };
  });
}

/** How many points the smoothing remembers: a twentieth of the curve, so that long runs look calm. */
export function smoothingMemory(points: number): number {
  return Math.max(2, points / 20);
}

/**
 * At most about `limit` points that draw the same line: of each run of neighbours the lowest and the
 * highest stay, so that no spike is lost. The first and the last point always stay.
 */
export function thinned(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) {
    return points;
  }
  const size = Math.ceil((2 * points.length) / limit);
  const kept: Point[] = [points[0]];
  for (let start = 1; start < points.length - 1; start += size) {
    const group = points.slice(start, Math.min(start + size, points.length - 1));
    const byValue = [...group].sort((a, b) => a.value - b.value);
    const ends = new Set([byValue[0], byValue[byValue.length - 1]]);
    kept.push(...group.filter((point) => ends.has(point)));
  }
  kept.push(points[points.length - 1]);
  return kept;
}

/** Index of the point whose step is nearest, in points sorted by step; -1 where there is none. */
export function nearestIndex(points: readonly Point[], step: number): number {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].step < step) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const isPreviousNearer = low > 0 && step - points[low - 1].step <= points[low].step - step;
  return points.length === 0 ? -1 : isPreviousNearer ? low - 1 : low;
}
