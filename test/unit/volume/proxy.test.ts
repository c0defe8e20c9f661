import assert from 'node:assert/strict';
import fc from 'fast-check';
import { worldOf } from '../../../src/core/volume/affine';
import { ProxyBuilder, proxyHeader, proxyPlan } from '../../../src/core/volume/proxy';
import { encodedVoxels, type VoxelEncoding } from '../../../src/core/volume/voxelEncoding';
import type { VoxelPiece } from '../../../src/core/volume/voxelPieces';
import { phantom } from './phantom';

type Shape = readonly [number, number, number];

const int16: VoxelEncoding = { type: 'int16', slope: 1, intercept: 0 };
const float32: VoxelEncoding = { type: 'float32', slope: 1, intercept: 0 };

/** A proxy of voxels `factor` times as long, or of finer ones that are no more. */
function planFor(shape: Shape, factor: number, encoding = int16) {
  const size = encoding.type === 'int16' ? 2 : 4;
  const most = shape.reduce((product, length) => product * Math.ceil(length / factor), size);
  const plan = proxyPlan({ shape }, encoding, 0, most);
  assert.ok(plan);
  return plan;
}

/** The mean of each block, by its definition. */
function blockMeans([ni, nj, nk]: Shape, voxels: ArrayLike<number>, factor: number): number[] {
  const blocks = [ni, nj, nk].map((length) => Math.ceil(length / factor));
  const means: number[] = [];
  for (let block = 0; block < blocks[0] * blocks[1] * blocks[2]; block++) {
    const start = [
      (block % blocks[0]) * factor,
      (Math.floor(block / blocks[0]) % blocks[1]) * factor,
      Math.floor(block / (blocks[0] * blocks[1])) * factor,
    ];
    const inside: number[] = [];
    for (let k = start[2]; k < Math.min(nk, start[2] + factor); k++) {
      for (let j = start[1]; j < Math.min(nj, start[1] + factor); j++) {
        for (let i = start[0]; i < Math.min(ni, start[0] + factor); i++) {
          inside.push(voxels[i + ni * (j + nj * k)]);
        }
      }
    }
    means.push(inside.reduce((sum, value) => sum + value, 0) / inside.length);
  }
  return means;
}

/** Pieces of these numbers of slices; those from the run `turn` on come first. */
function cut(
  shape: Shape,
  voxels: VoxelPiece['voxels'],
  counts: readonly number[],
  turn: number,
): VoxelPiece[] {
  const [ni, nj, nk] = shape;
  const pieces: VoxelPiece[] = [];
  for (let first = 0, n = 0; first < nk; n++) {
    const count = Math.min(counts[n % counts.length], nk - first);
    const end = first + count;
    pieces.push({ first, count, voxels: voxels.subarray(first * ni * nj, end * ni * nj) });
    first = end;
  }
  const at = turn % pieces.length;
  return [...pieces.slice(at), ...pieces.slice(0, at)];
}

/** What a viewer has of a proxy in the end, and the share of its slices that came. */
function built(
  shape: Shape,
  factor: number,
  encoding: VoxelEncoding,
  pieces: readonly VoxelPiece[],
) {
  const plan = planFor(shape, factor, encoding);
  const builder = new ProxyBuilder({ shape }, encoding, plan);
  const [ni, nj, nk] = plan.shape;
  const voxels = encodedVoxels(encoding, ni * nj * nk);
  const came = new Set<number>();
  const take = (made: Iterable<VoxelPiece>): void => {
    for (const piece of made) {
      assert.equal(piece.count, 1);
      voxels.set(piece.voxels, piece.first * ni * nj);
      came.add(piece.first);
    }
  };
  pieces.forEach((piece) => {
    take(builder.push(piece));
  });
  take(builder.end());
  assert.equal(came.size, nk);
  return voxels;
}

const length = fc.integer({ min: 1, max: 9 });
const anyCase = fc.record({
  shape: fc.tuple(length, length, length),
  factor: fc.integer({ min: 2, max: 4 }),
  counts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
  turn: fc.nat(8),
  seed: fc.nat(1000),
});

describe('A proxy', () => {
  it('is the means of blocks, whatever the size, the runs and their order', () => {
    fc.assert(
      fc.property(anyCase, ({ shape, factor, counts, turn, seed }) => {
        const [ni, nj, nk] = shape;
        for (const encoding of [int16, float32]) {
          const voxels = encodedVoxels(encoding, ni * nj * nk).map(
            (_, at) => ((at * 7919 + seed * 31) % 4096) - 1024,
          );
          const finest = planFor(shape, factor, encoding).factor;
          const expected = blockMeans(shape, voxels, finest).map(
            encoding === int16 ? Math.round : Math.fround,
          );
          const proxy = built(shape, factor, encoding, cut(shape, voxels, counts, turn));
          assert.deepEqual(
            [...proxy],
            expected.map((value) => value + 0),
          );
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has something to show of a block before all of it is there', () => {
    const shape: Shape = [2, 2, 4];
    const voxels = Int16Array.from({ length: 16 }, (_, at) => 100 * (at >> 2));
    const builder = new ProxyBuilder({ shape }, int16, planFor(shape, 2));
    const push = (first: number, count: number): [number, number][] =>
      [
        ...builder.push({ first, count, voxels: voxels.subarray(4 * first, 4 * (first + count)) }),
      ].map((piece) => [piece.first, piece.voxels[0]]);
    assert.deepEqual(push(1, 1), []);
    // The run goes on past the block.
    assert.deepEqual(push(2, 2), [
      [0, 100],
      [1, 250],
    ]);
    assert.deepEqual(push(0, 1), [[0, 50]]);
    assert.deepEqual([...builder.end()], []);
  });

  it('is made only of what is too large, in the finest voxels that fit', () => {
    const shape: Shape = [512, 512, 1000];
    const bytes = 512 * 512 * 1000 * 2;
    assert.equal(proxyPlan({ shape }, int16, bytes), undefined);
    const half = proxyPlan({ shape }, int16, bytes - 1, bytes / 8);
    assert.deepEqual([half?.factor, half?.shape], [2, [256, 256, 500]]);
    const third = proxyPlan({ shape }, int16, bytes - 1, bytes / 8 - 1);
    assert.deepEqual([third?.factor, third?.shape], [3, [171, 171, 334]]);
    // By default: two gigabytes of voxels become less than 200 megabytes.
    const large = proxyPlan({ shape: [1024, 1024, 1024] }, int16);
    assert.ok(large && large.shape.reduce((a, b) => a * b, 2) <= 192 * 2 ** 20);
    assert.equal(proxyPlan({ shape: [512, 512, 600] }, int16), undefined);
  });

  it('lies where its volume lies', () => {
    const { header } = phantom([8, 9, 7], () => 0, [0.5, 1, 2]);
    const plan = planFor(header.shape, 3);
    const proxy = proxyHeader(header, plan);
    assert.deepEqual(proxy.spacingMm, [1.5, 3, 6]);
    assert.deepEqual(proxy.shape, [3, 3, 3]);
    assert.equal(proxy.axcodes, header.axcodes);
    // The centre of the first block of three voxels is the voxel in its middle.
    assert.deepEqual(worldOf(proxy.affine, [0, 0, 0]), worldOf(header.affine, [1, 1, 1]));
    assert.deepEqual(worldOf(proxy.affine, [1, 2, 1]), worldOf(header.affine, [4, 7, 4]));
  });
});
