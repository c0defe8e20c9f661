import type { EncodedVoxels } from './voxelEncoding';
import type { VoxelPiece } from './voxelPieces';

/**
 * Voxels in fewer bytes, without loss, for the way between processes and machines: neighbours in CT
 * differ little. Blocks of 32 voxels hold the differences to the voxel before (modulo 2¹⁶, zigzag:
 * 0, -1, 1, -2, … become 0, 1, 2, 3, …) in as many bits each as the largest of them needs, so that a
 * block of width w is exactly w words of 32 bits.
 */
export interface PackedVoxels {
  readonly type: 'uint8' | 'int8' | 'uint16' | 'int16';
  readonly length: number;
  /** Bits of each difference, for every block. */
  readonly widths: Uint8Array;
  readonly words: Uint32Array;
}

/** A piece of a volume on its way: packed where its voxels are whole numbers. */
export interface CodedPiece extends Pick<VoxelPiece, 'first' | 'count'> {
  readonly voxels: PackedVoxels | Float32Array;
}

const blockVoxels = 32;

export function codedPiece({ first, count, voxels }: VoxelPiece): CodedPiece {
  return { first, count, voxels: voxels instanceof Float32Array ? voxels : packVoxels(voxels) };
}

/** Puts the voxels of a piece into `target` from index `start` on. */
export function unpackPiece({ voxels }: CodedPiece, target: EncodedVoxels, start: number): void {
  if (voxels instanceof Float32Array) {
    target.set(voxels, start);
  } else {
    unpackVoxels(voxels, target, start);
  }
}

export function packVoxels(voxels: Exclude<EncodedVoxels, Float32Array>): PackedVoxels {
  const blocks = Math.ceil(voxels.length / blockVoxels);
  const widths = new Uint8Array(blocks);
  // No difference needs more than 16 bits.
  const words = new Uint32Array(blocks * 16);
  const differences = new Uint16Array(blockVoxels);
  let before = 0;
  let used = 0;
  for (let block = 0; block < blocks; block++) {
    const start = block * blockVoxels;
    const count = Math.min(blockVoxels, voxels.length - start);
    let all = 0;
    for (let i = 0; i < count; i++) {
      const value = voxels[start + i];
      const difference = ((value - before) << 16) >> 16;
      const zigzag = ((difference << 1) ^ (difference >> 15)) & 0xffff;
      differences[i] = zigzag;
      all |= zigzag;
      before = value;
    }
    differences.fill(0, count);
    const width = 32 - Math.clz32(all);
    widths[block] = width;
    packBlock(differences, width, words, used);
    used += width;
  }
  return { type: typeOf(voxels), length: voxels.length, widths, words: words.slice(0, used) };
}

function packBlock(
  differences: Uint16Array,
  width: number,
  words: Uint32Array,
  start: number,
): void {
  let word = 0;
  let bits = 0;
  let to = start;
  for (let i = 0; width > 0 && i < blockVoxels; i++) {
    const difference = differences[i];
    word |= difference << bits;
    bits += width;
    if (bits >= 32) {
      words[to++] = word;
      bits -= 32;
      word = bits > 0 ? difference >>> (width - bits) : 0;
    }
  }
}

export function unpackVoxels(
  { widths, words, length }: PackedVoxels,
  target: EncodedVoxels,
  start: number,
): void {
  let value = 0;
  let from = 0;
  for (let block = 0; block < widths.length; block++) {
    const width = widths[block];
    const first = start + block * blockVoxels;
    const end = first + Math.min(blockVoxels, length - block * blockVoxels);
    if (width === 0) {
      target.fill(value, first, end);
      continue;
    }
    const mask = (1 << width) - 1;
    let bits = 0;
    let word = words[from];
    for (let at = first; at < end; at++) {
      let zigzag = word >>> bits;
      bits += width;
      if (bits >= 32) {
        word = words[++from];
        bits -= 32;
        zigzag |= bits > 0 ? word << (width - bits) : 0;
      }
      zigzag &= mask;
      value = (value + ((zigzag >>> 1) ^ -(zigzag & 1))) & 0xffff;
      // A typed array keeps the lowest bits, which are those of a negative value too.
      target[at] = value;
    }
    // The last block may end before its words do.
    if (end - first < blockVoxels) {
      return;
    }
  }
}

const types = {
  Uint8Array: 'uint8',
  Int8Array: 'int8',
  Uint16Array: 'uint16',
  Int16Array: 'int16',
} as const;

function typeOf(voxels: Exclude<EncodedVoxels, Float32Array>): PackedVoxels['type'] {
  return types[voxels.constructor.name as keyof typeof types];
}
