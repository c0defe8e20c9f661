import { createHash } from 'node:crypto';
import type { LongWork } from '../progress';
import { ctclipPlan } from './ctclip';
import type { CtclipScanRow } from './ctclip';
import { fitPlan } from './fit';
import type { PreprocessingProfile } from './profile';
import { openSlices } from './read';
import type { ReadOptions } from './read';
import type { RescaleChoice } from './rescale';
import { fillTensor } from './tensorPlan';
import type { SliceSource, TensorArray, TensorPlan } from './tensorPlan';
import type { Volume, VolumeHeader } from './types';

export type { CtclipScanRow } from './ctclip';

/** A network's input. */
export interface VolumeTensor<A extends TensorArray = Float32Array> {
  /** Values in [-1, 1] (as integers: in steps of 1/32767), last axis fastest. */
  readonly data: A;
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
  const source: SliceSource = {
    header: volume.header,
    slices: (valueOf) => slicesOf(volume, valueOf),
  };
  return tensorOf(source, profile, scan, Float32Array, work);
}

/**
 * The same straight from a file, which is resampled while it is read: in memory are the result and
 * a few slices, never the volume. With `Int16Array` the values are rounded to steps of 1/32767.
 *
 * @throws UserError with a code `volume-…`; CancelledError.
 */
export async function preprocessFile<A extends TensorArray>(
  path: string,
  profile: PreprocessingProfile,
  array: ArrayOf<A>,
  { scan = {}, rescale, ...work }: ReadOptions & { readonly scan?: CtclipScanRow } = {},
): Promise<VolumeTensor<A>> {
  const source = await openSlices(path, { signal: work.signal, rescale });
  return tensorOf(source, profile, scan, array, work);
}

type ArrayOf<A extends TensorArray> = new (length: number) => A;

async function tensorOf<A extends TensorArray>(
  source: SliceSource,
  profile: PreprocessingProfile,
  scan: CtclipScanRow,
  array: ArrayOf<A>,
  work: LongWork,
): Promise<VolumeTensor<A>> {
  const plan = tensorPlan(source.header, profile, scan);
  const data = new array(plan.shape.reduce((product, length) => product * length, 1));
  await fillTensor(source, plan, data, work);
  return { data, shape: plan.shape };
}

/**
 * How a profile makes the tensor of a volume.
 *
 * @throws UserError `volume-too-thin`
 */
export function tensorPlan(
  header: VolumeHeader,
  profile: PreprocessingProfile,
  scan: CtclipScanRow,
): TensorPlan {
  return profile.kind === 'fit' ? fitPlan(header, profile) : ctclipPlan(header, profile, scan);
}

function* slicesOf(
  { header, voxels }: Volume,
  valueOf: (hu: number) => number,
): Generator<Float32Array> {
  const length = header.shape[0] * header.shape[1];
  for (let start = 0; start < voxels.length; start += length) {
    yield voxels.subarray(start, start + length).map(valueOf);
  }
}

/**
 * Names what a profile computes of HU that are made as `rescale` says, as 16 hex digits: equal for
 * profiles that give equal tensors, whatever they are called.
 */
export function profileFingerprint(
  profile: PreprocessingProfile,
  rescale: RescaleChoice = 'auto',
): string {
  const meaning = {
    ...profile,
    name: undefined,
    version: algorithmVersion[profile.kind],
    // Absent for what there was before there was a choice.
    ...(rescale !== 'auto' && { rescale }),
  };
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
