import assert from 'node:assert/strict';
import type { AugmentationSettings } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import { augmentInto, drawAugmentation, namesSide } from '../../../src/core/volume/augmentation';
import type { Augmentation } from '../../../src/core/volume/augmentation';
import type { PreprocessingProfile } from '../../../src/core/volume/profile';

const size = [3, 4, 5] as const;
const shape = [1, ...size];
const [depth, height, width] = size;
const fit: PreprocessingProfile = {
  kind: 'fit',
  name: 'fit',
  orientation: 'LPS',
  size,
  clipHu: [-1000, 600],
};
const ctclip: PreprocessingProfile = { kind: 'ctclip', name: 'c', clip: 'before_resampling' };
const draw = { seed: 3, epoch: 1, question: 'q1' };
const none: Augmentation = {
  isFlipped: false,
  shift: [0, 0, 0],
  scale: 1,
  contrast: 1,
  offset: 0,
  noise: 0,
  draw,
};
const random = Random.fromSeed(2);
const stored = Int16Array.from({ length: depth * height * width }, () =>
  Math.round(random.between(-20000, 20000)),
);
const valueAt = (z: number, y: number, x: number): number =>
  z < 0 || y < 0 || x < 0 || z >= depth || y >= height || x >= width
    ? -1
    : stored[(z * height + y) * width + x] / 32767;

function changed(change: Partial<Augmentation>, profile = fit): Float32Array {
  const target = new Float32Array(stored.length);
  augmentInto(stored, shape, profile, { ...none, ...change }, target);
  return target;
}

/** Asserts what stands at each place. */
function expectEach(
  values: Float32Array,
  expected: (z: number, y: number, x: number) => number,
): void {
  values.forEach((value, at) => {
    const [z, y, x] = [
      Math.floor(at / (height * width)),
      Math.floor(at / width) % height,
      at % width,
    ];
    assert.ok(Math.abs(value - expected(z, y, x)) < 1e-6, `(${z}, ${y}, ${x}): ${value}`);
  });
}

describe('a changed volume', () => {
  it('is the volume itself where nothing is drawn', () => {
    expectEach(changed({}), valueAt);
  });

  it('is mirrored across the patient: along the width, or the height of CT-CLIP', () => {
    expectEach(changed({ isFlipped: true }), (z, y, x) => valueAt(z, y, width - 1 - x));
    expectEach(changed({ isFlipped: true }, ctclip), (z, y, x) => valueAt(z, height - 1 - y, x));
  });

  it('is shifted, air coming in', () => {
    expectEach(changed({ shift: [1, -2, 1] }), (z, y, x) => valueAt(z - 1, y + 2, x - 1));
  });

  it('is scaled about its middle', () => {
    const between = (n: number, length: number): [number, number] => {
      const place = (length - 1) / 2 + (n - (length - 1) / 2) / 2;
      return [Math.floor(place), place - Math.floor(place)];
    };
    expectEach(changed({ scale: 2 }), (z, y, x) => {
      const axes = [between(z, depth), between(y, height), between(x, width)];
      let sum = 0;
      for (let corner = 0; corner < 8; corner++) {
        const side = [corner & 1, (corner >> 1) & 1, corner >> 2];
        const weight = axes.reduce((w, [, s], n) => w * (side[n] ? s : 1 - s), 1);
        const [a, b, c] = axes.map(([low], n) => low + side[n]);
        sum += weight === 0 ? 0 : weight * valueAt(a, b, c);
      }
      return sum;
    });
  });

  it('shows air outside when it shrinks', () => {
    const small = changed({ scale: 0.25 });
    assert.equal(small[0], -1);
    assert.equal(small.at(-1), -1);
  });

  it('is of other contrast and brightness, cut to [-1, 1]', () => {
    expectEach(changed({ contrast: 2, offset: 0.25 }), (z, y, x) =>
      Math.max(-1, Math.min(1, 2 * valueAt(z, y, x) + 0.25)),
    );
  });

  it('has noise of the deviation asked for, the same at each time', () => {
    const flat = new Int16Array(40 * 40 * 40);
    const values = new Float32Array(flat.length);
    const noisy = { ...none, noise: 0.1 };
    augmentInto(flat, [1, 40, 40, 40], fit, noisy, values);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.002);
    assert.ok(Math.abs(Math.sqrt(square) - 0.1) < 0.002);
    const again = new Float32Array(flat.length);
    augmentInto(flat, [1, 40, 40, 40], fit, noisy, again);
    assert.deepEqual(again, values);
  });
});

describe('what is drawn', () => {
  const settings: AugmentationSettings = {
    flip: 0.5,
    shiftVoxels: 2,
    scale: 0.1,
    offsetHu: 80,
    contrast: 0.2,
    noiseHu: 16,
  };
  const drawn = Array.from({ length: 400 }, (_, n) =>
    drawAugmentation(settings, fit, { ...draw, question: `q${n}` }, ['An opacity.']),
  );

  it('keeps to the bounds and uses them', () => {
    const range = (of: (one: Augmentation) => number): [number, number] => [
      Math.min(...drawn.map(of)),
      Math.max(...drawn.map(of)),
    ];
    assert.deepEqual(
      range(({ shift }) => shift[0]),
      [-2, 2],
    );
    for (const [[low, high], middle, most] of [
      [range(({ scale }) => scale), 1, 0.1],
      [range(({ contrast }) => contrast), 1, 0.2],
      [range(({ offset }) => offset), 0, 0.1],
    ] as const) {
      assert.ok(low >= middle - most && low < middle - 0.9 * most);
      assert.ok(high <= middle + most && high > middle + 0.9 * most);
    }
    const flipped = drawn.filter(({ isFlipped }) => isFlipped).length;
    assert.ok(flipped > 160 && flipped < 240);
    assert.equal(drawn[0].noise, 0.02);
  });

  it('depends on seed, epoch and question only', () => {
    const one = drawAugmentation(settings, fit, draw, []);
    assert.deepEqual(drawAugmentation(settings, fit, { ...draw }, []), one);
    for (const other of [{ seed: 4 }, { epoch: 2 }, { question: 'q2' }]) {
      const { scale } = drawAugmentation(settings, fit, { ...draw, ...other }, []);
      assert.notEqual(scale, one.scale);
    }
  });

  it('mirrors nothing that a text of the question tells the side of', () => {
    const always = { flip: 1 };
    const flips = (...texts: string[]): boolean =>
      drawAugmentation(always, fit, draw, texts).isFlipped;
    assert.equal(flips('Bilateral effusions.', 'No opacity.'), true);
    assert.equal(flips('No opacity.', 'Nodule in the left lung.'), false);
    const { isFlipped } = drawAugmentation({}, fit, draw, ['No opacity.']);
    assert.equal(isFlipped, false);
  });
});

describe('words of sides', () => {
  it('are known in reports', () => {
    for (const text of [
      'A nodule in the LEFT upper lobe.',
      'Right-sided effusion',
      'leftward shift of the mediastinum',
      'Atelectasis of the middle lobe',
      'Linear density in the lingula.',
      'RLL consolidation',
      'nodule (RML)',
      'Calcified LAD',
      'dextrocardia',
      'situs inversus',
      '左肺结节',
    ]) {
      assert.ok(namesSide(text), text);
    }
  });

  it('are not found where both or none are meant', () => {
    for (const text of [
      'Bilateral pleural effusion in both lungs.',
      'Bright lesion, slight and upright.',
      'Cleft vertebra',
      'All findings are stable.',
    ]) {
      assert.ok(!namesSide(text), text);
    }
  });
});
