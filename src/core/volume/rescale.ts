import type { VolumeHeader } from './types';

/**
 * Which slope and intercept make HU of stored values: `auto` those of the file, as nibabel has it;
 * `csv` those of the data set's metadata table, in place of the file's; `none` neither.
 */
export type RescaleChoice = 'auto' | 'csv' | 'none';

export const rescaleChoices: readonly RescaleChoice[] = ['auto', 'csv', 'none'];

/** A choice, with the numbers of the table where it needs them. HU = stored * slope + intercept. */
export type Rescale =
  | { readonly kind: 'auto' }
  | { readonly kind: 'none' }
  | { readonly kind: 'csv'; readonly slope: number; readonly intercept: number };

export const fileRescale: Rescale = { kind: 'auto' };

/** A file's header with the slope and intercept that are to be applied; `fileScaling` keeps the file's. */
export function withRescale(header: VolumeHeader, rescale: Rescale): VolumeHeader {
  const { fileScaling = { slope: header.slope, intercept: header.intercept }, ...rest } = header;
  switch (rescale.kind) {
    case 'auto':
      return { ...rest, ...fileScaling };
    case 'none':
      return { ...rest, slope: 1, intercept: 0, fileScaling };
    case 'csv':
      return { ...rest, slope: rescale.slope, intercept: rescale.intercept, fileScaling };
  }
}
