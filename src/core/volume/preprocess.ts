import { createHash } from 'node:crypto';
import type { LongWork } from '../progress';
import { ctclipTensor } from './ctclip';
import type { CtclipScanRow } from './ctclip';
import { fittedTensor } from './fit';
import type { PreprocessingProfile } from './profile';
import type { Volume } from './types';

export type { CtclipScanRow } from './ctclip';

/** A network's input. */
export interface VolumeTensor {
  /** Values in [-1, 1], last axis fastest. */
  readonly data: Float32Array;
  /** [1, depth, height, width]; which anatomical axes these are is the profile's matter. */
  readonly shape: readonly [number, number, number, number];
}

/**
 * Raised whenever the same profile would give other numbers than before, so that tensors and
 * scores made earlier are not taken for equal.
 */
const algorithmVersion: Readonly<Record<PreprocessingProfile['kind'], number>> = {
  fit: 1,
  ctclip: 1,
};

/**
 * Makes the network's input of a volume. `scan` is the volume's metadata row, which only CT-CLIP's
 * profile looks at. The work yields to events between slices and can be cancelled there.
 *
 * @throws UserError `volume-too-thin` where CT-CLIP's spacing leaves no slice; CancelledError.
 */
export function preprocess(
  volume: Volume,
  profile: PreprocessingProfile,
  scan: CtclipScanRow = {},
  work: LongWork = {},
): Promise<VolumeTensor> {
  return profile.kind === 'fit'
    ? fittedTensor(volume, profile, work)
    : ctclipTensor(volume, profile, scan, work);
}

/**
 * Names what a profile computes, as 16 hex digits: equal for profiles that give equal tensors,
 * whatever they are called.
 */
export function profileFingerprint(profile: PreprocessingProfile): string {
  const meaning = { ...profile, name: undefined, version: algorithmVersion[profile.kind] };
  const text = canonicalJson(meaning);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** JSON with sorted keys, so that the order of a preset's lines means nothing. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
