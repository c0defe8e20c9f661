import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  packedPiece,
  packVoxels,
  unpackPiece,
  unpackVoxels,
} from '../../../src/core/volume/voxelCodec';

type WholeVoxels = Uint8Array | Int8Array | Uint16Array | Int16Array;

const types = [Uint8Array, Int8Array, Uint16Array, Int16Array] as const;
const lowest = { Uint8Array: 0, Int8Array: -128, Uint16Array: 0, Int16Array: -32768 };
const highest = { Uint8Array: 255, Int8Array: 127, Uint16Array: 65535, Int16Array: 32767 };

function assertLossless(voxels: WholeVoxels): void {
  const packed = packVoxels(voxels);
  // One voxel on either side shows what is written beyond the piece.
  const room = voxels.constructor as new (length: number) => WholeVoxels;
  const target = new room(voxels.length + 2).fill(77);
  unpackVoxels(packed, target, 1);
  assert.deepEqual(target.subarray(1, voxels.length + 1), voxels);
  assert.deepEqual([target[0], target[voxels.length + 1]], [77, 77]);
}

/** Voxels of every type and of many lengths, near each other or not. */
const anyVoxels = fc
  .record({
    type: fc.constantFrom(...types),
    length: fc.integer({ min: 0, max: 100 }),
    spread: fc.integer({ min: 0, max: 65535 }),
    offset: fc.integer({ min: -40000, max: 70000 }),
  })
  .chain(({ type, length, spread, offset }) =>
    fc
      .array(fc.integer({ min: 0, max: spread }), { minLength: length, maxLength: length })
      .map((values) => new type(values.map((value) => value + offset))),
  );

describe('Packed voxels', () => {
  it('come back as they were, of every type and length', () => {
    fc.assert(fc.property(anyVoxels, assertLossless), { numRuns: 300 });
  });

  it('come back from the ends of their type, in turns', () => {
    for (const type of types) {
      const name = type.name as keyof typeof lowest;
      const ends = [lowest[name], highest[name]];
      for (const length of [1, 2, 31, 32, 33, 95]) {
        assertLossless(new type(Array.from({ length }, (_, i) => ends[i % 2])));
      }
    }
  });

  it('take each width from 0 to 16 bits, exactly as many words as that and two', () => {
    for (let width = 0; width <= 16; width++) {
      // Zigzag: a step down by 2^(w-1) is 2^w - 1, the largest number of w bits.
      const step = width === 0 ? 0 : -(2 ** (width - 1));
      const voxels = new Int16Array(64).fill(step, 1);
      const packed = packVoxels(voxels);
      // The widths of both blocks are in the first word; the last is to spare.
      assert.equal(packed.words[0], width);
      assert.equal(packed.words.length, 1 + width + 1);
      assertLossless(voxels);
    }
  });

  it('are next to nothing where all are the same', () => {
    const packed = packVoxels(new Int16Array(3200).fill(-1024));
    // A byte for each of 100 blocks; the first of all differs from nothing before it; one to spare.
    assert.equal(packed.words.length, 25 + 11 + 1);
  });
});

describe('A coded piece', () => {
  it('is put where it belongs, whole numbers and fractions', () => {
    const fractions = packedPiece({ first: 3, count: 1, voxels: Float32Array.of(0.5, NaN) });
    const target = new Float32Array(4);
    unpackPiece(fractions, target, 2);
    assert.deepEqual([...target], [0, 0, 0.5, NaN]);
    assert.deepEqual([fractions.first, fractions.count], [3, 1]);

    const whole = packedPiece({ first: 0, count: 1, voxels: Uint8Array.of(255, 0) });
    const bytes = new Uint8Array(3);
    unpackPiece(whole, bytes, 1);
    assert.deepEqual([...bytes], [0, 255, 0]);
  });
});
