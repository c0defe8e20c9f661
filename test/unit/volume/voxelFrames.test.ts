import assert from 'node:assert/strict';
import fc from 'fast-check';
import { packedPiece } from '../../../src/core/volume/voxelCodec';
import { encodedVoxels, type EncodedType } from '../../../src/core/volume/voxelEncoding';
import { FrameReader, frameOf, type FramedSlices } from '../../../src/core/volume/voxelFrames';
import type { VoxelPiece } from '../../../src/core/volume/voxelPieces';

const sliceVoxels = 35;
const types: readonly EncodedType[] = ['uint8', 'int8', 'uint16', 'int16', 'float32'];

/** Pieces of `counts` slices each, one after the other, with voxels of all bit patterns. */
function piecesOf(type: EncodedType, counts: readonly number[]): VoxelPiece[] {
  let first = 0;
  return counts.map((count) => {
    const voxels = encodedVoxels({ type }, count * sliceVoxels);
    voxels.forEach((_, at) => {
      voxels[at] = (at + first) * 40503;
    });
    const piece = { first, count, voxels };
    first += count;
    return piece;
  });
}

function unexpected(): never {
  assert.fail('No slices have come.');
}

describe('Frames of voxels', () => {
  it('put every voxel in its place, however their bytes are cut and in whatever order they come', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 });
    const order = fc.array(fc.nat(), { minLength: 6, maxLength: 6 });
    const type = fc.constantFrom(...types);
    fc.assert(
      fc.property(type, counts, cuts, order, fc.boolean(), (type, counts, cuts, order, packs) => {
        const pieces = piecesOf(type, counts);
        const shuffled = pieces
          .map((piece, n) => ({ piece, place: order[n] }))
          .sort((a, b) => a.place - b.place)
          .map(({ piece }) => piece);
        const bytes = Buffer.concat(
          // Frames of both kinds may follow each other.
          shuffled.flatMap((piece, n) =>
            frameOf(packs && n % 2 === 0 ? packedPiece(piece) : piece),
          ),
        );
        const slices = counts.reduce((sum, count) => sum + count, 0);
        const voxels = encodedVoxels({ type }, slices * sliceVoxels);
        const told: FramedSlices[] = [];
        const reader = new FrameReader(voxels, sliceVoxels, (slices) => told.push(slices));
        for (let at = 0, n = 0; at < bytes.length; n++) {
          const end = at + cuts[n % cuts.length];
          // Who reads uses its buffer again.
          const part = Uint8Array.from(bytes.subarray(at, end));
          reader.push(part);
          part.fill(255);
          at = end;
        }
        assert.ok(reader.isBetweenFrames);
        assert.deepEqual(
          told,
          shuffled.map(({ first, count }) => ({ first, count })),
        );
        for (const { first, voxels: expected } of pieces) {
          const from = first * sliceVoxels;
          assert.deepEqual(voxels.slice(from, from + expected.length), expected);
        }
      }),
    );
  });

  it('do not end within a head or within voxels', () => {
    const [head, voxels] = frameOf(piecesOf('int16', [2])[0]);
    for (const bytes of [head.subarray(0, 5), head, Buffer.concat([head, voxels.subarray(0, 9)])]) {
      const reader = new FrameReader(new Int16Array(2 * sliceVoxels), sliceVoxels, unexpected);
      reader.push(bytes);
      assert.equal(reader.isBetweenFrames, false);
    }
  });

  it('are refused where they are not of this volume', () => {
    const fits = { first: 0, count: 2, length: 2 * 2 * sliceVoxels, packed: 0 };
    for (const wrong of [
      { ...fits, first: 1 },
      { ...fits, count: 3, length: 3 * 2 * sliceVoxels },
      { ...fits, count: 0, length: 0 },
      { ...fits, length: 2 * 2 * sliceVoxels - 1 },
      { ...fits, first: 2 ** 32 - 1 },
      { ...fits, packed: 1, length: 2 * 2 * sliceVoxels + 2 },
      { ...fits, packed: 1, length: 0 },
      { ...fits, packed: 1, length: 2 ** 31 },
    ]) {
      const head = Uint32Array.of(wrong.first, wrong.count, wrong.length, wrong.packed);
      const reader = new FrameReader(new Int16Array(2 * sliceVoxels), sliceVoxels, unexpected);
      assert.throws(() => {
        reader.push(new Uint8Array(head.buffer));
      }, RangeError);
    }
  });
});
