import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/core/errors';
import { worldOf } from '../../../src/core/volume/affine';
import type { TensorGrid } from '../../../src/core/volume/tensorGrid';
import { targetOf } from '../../../src/engine/explainTarget';
import { gradientMaps, noisyCopies, pathFromAir } from '../../../src/engine/gradientMaps';
import { occlusionMaps } from '../../../src/engine/occlusion';
import type { VolumeGradients } from '../../../src/engine/volumeProbe';

/** A box of 12 x 10 x 8 voxels whose tensor has other axes: (y, z, x), x backwards. */
const shape = [12, 10, 8] as const;
const grid: TensorGrid = {
  shape,
  affine: [
    [-3, 0, 0, 40],
    [0, -4, 0, 10],
    [0, 0, 5, -60],
    [0, 0, 0, 1],
  ],
  start: 11,
  strides: [-1, 12 * 8, 12],
};
const count = 12 * 10 * 8;

/** The numbers of a function of the box, in the order of the tensor. */
function tensorOf(value: (x: number, y: number, z: number) => number): Float32Array {
  const tensor = new Float32Array(count);
  for (let z = 0; z < shape[2]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[0]; x++) {
        tensor[grid.start + x * grid.strides[0] + y * grid.strides[1] + z * grid.strides[2]] =
          value(x, y, z);
      }
    }
  }
  return tensor;
}

const near = (centre: readonly number[], radius: number) => (x: number, y: number, z: number) =>
  Math.hypot(x - centre[0], y - centre[1], z - centre[2]) < radius;

const lesion = [8, 3, 5] as const;
const isLesion = near(lesion, 2);
/** Tissue all over, but for air at one side; one dense lesion. */
const volume = tensorOf((x, y, z) => (y === 9 ? -1 : isLesion(x, y, z) ? 0.8 : 0));
/** The first logit rises with the lesion, the second with everything, the third never. */
const weightsOf = [
  tensorOf((x, y, z) => Number(isLesion(x, y, z))),
  tensorOf(() => 0.02),
  new Float32Array(count),
];

/** A linear model: logits are sums of voxels, so that every map is known. */
const model: VolumeGradients = {
  volume,
  logits: (volumes, rows) =>
    Promise.resolve(
      Array.from({ length: rows }, (_, row) =>
        weightsOf.map((weights) =>
          weights.reduce((sum, weight, at) => sum + weight * volumes[row * count + at], 0),
        ),
      ),
    ),
  gradient: (_, target) =>
    Promise.resolve(
      Float32Array.from({ length: count }, (__, at) =>
        target.reduce((sum, share, option) => sum + share * weightsOf[option][at], 0),
      ),
    ),
};

function highest(map: Float32Array): readonly [number, number, number] {
  const at = map.indexOf(Math.max(...map));
  return [at % 12, Math.floor(at / 12) % 10, Math.floor(at / 120)];
}

const sumOf = (map: Float32Array): number => map.reduce((sum, value) => sum + value, 0);
const settings = { samples: 3, seed: 1, cell: 1 };
const overNothing = targetOf(0, 3, 2);

describe('what a map explains', () => {
  it('is the log-odds against all others, or the difference to one', () => {
    const logits = [2, 1, -1];
    const odds = targetOf(0, 3, undefined);
    const [a, b, c] = logits.map(Math.exp);
    assert.ok(Math.abs(odds.value(logits) - Math.log(a / (b + c))) < 1e-12);
    assert.deepEqual(targetOf(0, 3, 2).weights(logits), [1, 0, -1]);
    assert.equal(targetOf(0, 3, 2).value(logits), 3);
    assert.deepEqual(targetOf(1, 3, 1).weights(logits), [0, 0, 0]);
    assert.equal(targetOf(0, 1, undefined).value([4]), 4);
    // Weights are the gradient, also where the model is sure.
    for (const sure of [logits, [60, 1, -1]]) {
      odds.weights(sure).forEach((weight, option) => {
        const moved = (by: number): number =>
          odds.value(sure.map((logit, at) => logit + (at === option ? by : 0)));
        assert.ok(Math.abs((moved(1e-4) - moved(-1e-4)) / 2e-4 - weight) < 1e-6);
      });
    }
  });
});

describe('occlusion', () => {
  it('finds the lesion that the model reacts to, where it is in the world', async () => {
    const [map] = await occlusionMaps(model, grid, [overNothing], { blockMm: 10, stepMm: 4 }, {});
    const found = worldOf(grid.affine, highest(map));
    const expected = worldOf(grid.affine, lesion);
    const distance = Math.hypot(...found.map((mm, axis) => mm - expected[axis]));
    assert.ok(distance <= 6, `found at ${found.join()}, not ${expected.join()}`);
    // Hiding all of the lesion loses its voxels' weight times what they are above air.
    const lesionVoxels = sumOf(weightsOf[0]);
    assert.ok(Math.max(...map) <= 1.8 * lesionVoxels + 1e-3);
    assert.ok(Math.max(...map) > 0.5 * lesionVoxels);
    assert.ok(Math.abs(map[0]) < 1e-3);
  });

  it('does not ask the model about air', async () => {
    let volumes = 0;
    const counting: VolumeGradients = {
      ...model,
      volume: volume.map(() => -1),
      logits: (data, rows) => {
        volumes += rows;
        return model.logits(data, rows);
      },
    };
    const [map] = await occlusionMaps(counting, grid, [overNothing], {}, {});
    assert.equal(volumes, 1);
    assert.ok(map.every((value) => value === 0));
  });

  it('tells how far it is, and can be stopped', async () => {
    const stop = new AbortController();
    const work = {
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    };
    await assert.rejects(occlusionMaps(model, grid, [overNothing], {}, work), CancelledError);
  });
});

describe('gradients', () => {
  for (const [name, points] of Object.entries({ noisyCopies, pathFromAir })) {
    it(`of a linear model are its weights times what is above air (${name})`, async () => {
      const targets = [overNothing, targetOf(2, 3, 0)];
      const [forIt, againstIt] = await gradientMaps(
        model,
        grid,
        targets,
        { ...settings, points },
        {},
      );
      for (let at = 0; at < count; at++) {
        const place = [at % 12, Math.floor(at / 12) % 10, Math.floor(at / 120)] as const;
        const expected = isLesion(...place) ? 1.8 : 0;
        assert.ok(Math.abs(forIt[at] - expected) < 1e-5);
        assert.ok(Math.abs(againstIt[at] + expected) < 1e-5);
      }
    });
  }

  it('peak in the middle of the lesion at the resolution of the network, and keep their sum', async () => {
    const sharp = { ...settings, points: noisyCopies };
    const [map] = await gradientMaps(model, grid, [overNothing], sharp, {});
    const smooth = { ...sharp, cell: 2 };
    const [smoothed] = await gradientMaps(model, grid, [overNothing], smooth, {});
    assert.deepEqual(highest(smoothed), lesion);
    assert.ok(Math.abs(sumOf(smoothed) - sumOf(map)) < 1e-3);
  });

  it('add up to what the whole volume changes, where they are taken on the way from air', async () => {
    // Each logit is a sum of squares, which a gradient at one point says wrong.
    const squares: VolumeGradients = {
      volume,
      logits: (volumes, rows) =>
        model.logits(
          volumes.map((value) => value ** 2),
          rows,
        ),
      gradient: async (point, target) =>
        (await model.gradient(point, target)).map((slope, at) => 2 * slope * point[at]),
    };
    const points = { ...settings, points: pathFromAir };
    const [map] = await gradientMaps(squares, grid, [overNothing], points, {});
    const [[here], [air]] = await squares.logits(
      Float32Array.from([...volume, ...volume.map(() => -1)]),
      2,
    );
    assert.ok(Math.abs(sumOf(map) - (here - air)) < 1e-3);
  });

  it('have noise that a seed repeats', () => {
    const copies = (seed: number): Float32Array[] => [...noisyCopies(volume, 2, seed)];
    assert.deepEqual(copies(4), copies(4));
    assert.notDeepEqual(copies(4), copies(5));
    assert.notDeepEqual(copies(4)[0], copies(4)[1]);
    const deviation = Math.sqrt(
      copies(4)[0].reduce((sum, value, at) => sum + (value - volume[at]) ** 2, 0) / count,
    );
    assert.ok(Math.abs(deviation - 0.1) < 0.02);
    assert.deepEqual([...noisyCopies(volume, 1, 4)], [volume]);
  });
});
