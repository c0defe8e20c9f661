import type { VolumeHeader } from './types';

/** Typed arrays that a viewer holds voxels in. */
export type EncodedVoxels = Uint8Array | Int8Array | Uint16Array | Int16Array | Float32Array;

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  float32: Float32Array,
} as const;

export type EncodedType = keyof typeof arrays;

/** How a viewer holds voxels: HU = value * slope + intercept. */
export interface VoxelEncoding {
  readonly type: EncodedType;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The smallest encoding that shows `header`'s voxels as they are: stored types of up to 16 bits and
 * float32 stay as they are, with the header's slope and intercept; wider ones become HU in float32.
 */
export function encodingOf({
  dtype,
  slope,
  intercept,
}: Pick<VolumeHeader, 'dtype' | 'slope' | 'intercept'>): VoxelEncoding {
  return isEncodedType(dtype)
    ? { type: dtype, slope, intercept }
    : { type: 'float32', slope: 1, intercept: 0 };
}

export function isEncodedType(dtype: string): dtype is EncodedType {
  return Object.hasOwn(arrays, dtype);
}

export function bytesOf({ type }: Pick<VoxelEncoding, 'type'>): number {
  return arrays[type].BYTES_PER_ELEMENT;
}

/** Room for `count` voxels, all 0. */
export function encodedVoxels({ type }: Pick<VoxelEncoding, 'type'>, count: number): EncodedVoxels {
  return new arrays[type](count);
}

/** The bytes of `buffer` as voxels, in this machine's byte order. */
export function viewedVoxels(
  { type }: Pick<VoxelEncoding, 'type'>,
  buffer: ArrayBuffer,
): EncodedVoxels {
  return new arrays[type](buffer);
}
