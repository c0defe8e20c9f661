import type { ScanMetadata } from '../../core/dataset/record';
import type { ScanStrings } from '../../protocol/questionCard';
import { decimal } from './format';

/** What is known of patient and scan, as terms and values. */
export function scanRows(
  { age, sex, manufacturer, kernel, spacing_mm: spacing }: ScanMetadata,
  strings: ScanStrings,
): (readonly [string, string])[] {
  const values: readonly (readonly [string, string | number | undefined])[] = [
    [strings.age, age],
    [strings.sex, sex && (strings.sexes[sex] ?? sex)],
    [strings.manufacturer, manufacturer],
    [strings.kernel, kernel],
    [strings.spacing, spacing && millimetres(spacing)],
  ];
  return values.flatMap(([term, value]) => (value === undefined ? [] : [[term, String(value)]]));
}

/** "0.75 × 0.75 × 1.5 mm". */
export function millimetres(lengths: readonly number[]): string {
  return `${lengths.map((mm) => decimal(mm, 3)).join(' × ')} mm`;
}
