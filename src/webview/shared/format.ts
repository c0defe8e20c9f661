import { inWords } from '../../core/sentence';

/** `template` with `{0}`, `{1}` … filled in; a place without a value stays as it is. */
export function fill(template: string, ...values: readonly (string | number)[]): string {
  return inWords({ template, values });
}

/** Up to `digits` decimals, without trailing zeros, minus as a real minus sign. */
export function decimal(value: number, digits: number): string {
  return Number(value.toFixed(digits)).toString().replace('-', '−');
}

/** Always `digits` decimals, so that a number that changes keeps its width. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '−');
}

/** A share as per cent; what is not nothing never reads as nothing, nor what is not all as all. */
export function percent(share: number, digits = 1): string {
  const least = 10 ** -digits;
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < least) {
    return `<${least.toFixed(digits)} %`;
  }
  if (hundredths < 100 && hundredths > 100 - least) {
    return `>${(100 - least).toFixed(digits)} %`;
  }
  return `${hundredths.toFixed(digits)} %`;
}

/** Seconds as `h:mm:ss` or `m:ss`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** The first characters of a fingerprint: enough to tell two apart. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** How far long work is: `done` of `total` units of a stage; the total may not be known. */
export interface Amount {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

/** "Reading reports 43 %", or a count where nobody knows the total: "Looking for volumes 1,200". */
export function progressText({ stage, done, total }: Amount): string {
  if (total === undefined) {
    return done > 0 ? `${stage} ${done.toLocaleString()}` : stage;
  }
  return total > 0 ? `${stage} ${percent(Math.min(1, done / total), 0)}` : stage;
}
