import type { EncodedVoxels } from './voxelEncoding';
import type { VoxelPiece } from './voxelPieces';

/**
 * Voxels in fewer bytes, without loss, for the way between processes and machines: neighbours in CT
 * differ little. Blocks of 32 voxels hold the differences to the voxel before (modulo 2¹⁶, zigzag:
 * 0, -1, 1, -2, … become 0, 1, 2, 3, …) in as many bits each as the largest of them needs, so that a
 * block of width w is exactly w words of 32 bits. Two voxels at a time go in and out: 2 w bits are a
 * word at most.
 */
export interface PackedVoxels {
  readonly length: number;
  /**
   * The width of every block in a byte, then the words of all blocks, then one more, so that the last
   * pair is read like any other. One array: what arrives in a message may be a view of all of it,
   * and is passed on with it.
   */
  readonly words: Int32Array;
}

/** A piece of a volume on its way, packed or as it is. */
export interface CodedPiece extends Pick<VoxelPiece, 'first' | 'count'> {
  readonly voxels: PackedVoxels | EncodedVoxels;
}

const blockVoxels = 32;

/** Packs a piece where its voxels are whole numbers. */
export function packedPiece({ first, count, voxels }: VoxelPiece): CodedPiece {
  return { first, count, voxels: voxels instanceof Float32Array ? voxels : packVoxels(voxels) };
}

/** Puts the voxels of a piece into `target` from index `start` on. */
export function unpackPiece({ voxels }: CodedPiece, target: EncodedVoxels, start: number): void {
  if ('words' in voxels) {
    unpackVoxels(voxels, target, start);
  } else {
    target.set(voxels, start);
  }
}

export function packVoxels(voxels: Exclude<EncodedVoxels, Float32Array>): PackedVoxels {
  const values = asInt16(voxels);
  const blocks = Math.ceil(values.length / blockVoxels);
  const firstWord = wordsOfWidths(blocks);
  const words = new Int32Array(mostPackedBytes(values.length) / Int32Array.BYTES_PER_ELEMENT);
  const widths = widthsIn(words, blocks);
  const differences = new Int32Array(blockVoxels);
  let before = 0;
  let used = firstWord;
  for (let block = 0; block < blocks; block++) {
    const start = block * blockVoxels;
    const count = Math.min(blockVoxels, values.length - start);
    let all = 0;
    for (let i = 0; i < count; i++) {
      const value = values[start + i];
      const difference = ((value - before) << 16) >> 16;
      const zigzag = (difference << 1) ^ (difference >> 15);
      differences[i] = zigzag;
      all |= zigzag;
      before = value;
    }
    if (count < blockVoxels) {
      differences.fill(0, count);
    }
    const width = 32 - Math.clz32(all & 0xffff);
    widths[block] = width;
    packBlock(differences, width, words, used);
    used += width;
  }
  return { length: voxels.length, words: words.slice(0, used + 1) };
}

/** What so many voxels take when they are packed badly: no difference needs more than 16 bits. */
export function mostPackedBytes(voxels: number): number {
  const blocks = Math.ceil(voxels / blockVoxels);
  return (wordsOfWidths(blocks) + blocks * 16 + 1) * Int32Array.BYTES_PER_ELEMENT;
}

/** How many words the widths of so many blocks take. */
function wordsOfWidths(blocks: number): number {
  return Math.ceil(blocks / 4);
}

function widthsIn(words: Int32Array, blocks: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, blocks);
}

function packBlock(differences: Int32Array, width: number, words: Int32Array, start: number): void {
  const mask = (1 << width) - 1;
  const pairBits = 2 * width;
  let word = 0;
  let bits = 0;
  let to = start;
  for (let i = 0; width > 0 && i < blockVoxels; i += 2) {
    const pair = (differences[i] & mask) | ((differences[i + 1] & mask) << width);
    word |= pair << bits;
    bits += pairBits;
    if (bits >= 32) {
      words[to++] = word;
      bits -= 32;
      // In two steps: shifting by a whole word would shift by nothing.
      word = (pair >>> 1) >>> (pairBits - bits - 1);
    }
  }
}

/** Puts the voxels of `packed` into `target` from index `start` on. */
export function unpackVoxels(packed: PackedVoxels, target: EncodedVoxels, start: number): void {
  if (target.BYTES_PER_ELEMENT === 2) {
    unpackInto(packed, asInt16(target as Int16Array | Uint16Array), start);
  } else {
    const values = new Int16Array(packed.length);
    unpackInto(packed, values, 0);
    // A typed array of bytes keeps the lowest bits, which are those of a negative value too.
    target.set(values, start);
  }
}

function unpackInto({ words, length }: PackedVoxels, target: Int16Array, start: number): void {
  const blocks = Math.ceil(length / blockVoxels);
  const widths = widthsIn(words, blocks);
  let value = 0;
  let from = wordsOfWidths(blocks);
  for (let block = 0; block < blocks; block++) {
    const width = widths[block];
    const first = start + block * blockVoxels;
    const end = first + Math.min(blockVoxels, length - block * blockVoxels);
    if (width === 0) {
      target.fill(value, first, end);
      continue;
    }
    const mask = (1 << width) - 1;
    let bit = 0;
    for (let at = first; at < end; at += 2) {
      const word = from + (bit >>> 5);
      const shift = bit & 31;
      // In two steps: shifting by a whole word would shift by nothing.
      const pair = (words[word] >>> shift) | ((words[word + 1] << 1) << (31 - shift));
      const left = pair & mask;
      const right = (pair >>> width) & mask;
      value = (value + ((left >>> 1) ^ -(left & 1))) | 0;
      target[at] = value;
      value = (value + ((right >>> 1) ^ -(right & 1))) | 0;
      if (at + 1 < end) {
        target[at + 1] = value;
      }
      bit += 2 * width;
    }
    from += width;
  }
}

/** The same bits as signed numbers, or bytes as such: differences are modulo 2¹⁶ anyway. */
function asInt16(voxels: Exclude<EncodedVoxels, Float32Array>): Int16Array {
  return voxels.BYTES_PER_ELEMENT === 2
    ? new Int16Array(voxels.buffer, voxels.byteOffset, voxels.length)
    : Int16Array.from(voxels);
}
