import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderingPresets, renderingViews } from '../../../src/protocol/rendering';
import {
  brickEdge,
  bricksOf,
  distances,
  showsBetween,
} from '../../../src/webview/rendering/emptySpace';
import { keyAction } from '../../../src/webview/rendering/keys';
import {
  levelCount,
  levelsOf,
  levelWidth,
  smoothed,
  transferTable,
} from '../../../src/webview/rendering/levels';
import {
  axesOf,
  dot,
  fittingHalfHeight,
  placedLetters,
  standardOrbits,
  turned,
} from '../../../src/webview/rendering/orbit';
import { transferFunctions, type TransferFunction } from '../../../src/webview/rendering/presets';
import { Quality } from '../../../src/webview/rendering/quality';

describe('The presets of the rendering', () => {
  for (const preset of renderingPresets) {
    it(`go up in HU, begin with nothing and stay within what can be drawn: ${preset}`, () => {
      const { points, layerMm, light } = transferFunctions[preset];
      const hu = points.map((point) => point.hu);
      assert.deepEqual(
        hu,
        [...new Set(hu)].sort((a, b) => a - b),
      );
      assert.equal(points[0].opacity, 0, 'air around the patient is not seen');
      assert.ok(layerMm > 0);
      const shares = points.flatMap(({ opacity, colour }) => [opacity, ...colour]);
      assert.ok([...shares, ...Object.values(light)].every((share) => share >= 0 && share <= 1));
    });
  }

  it('show what their names say', () => {
    const typicalHu = { air: -1000, lung: -850, fat: -90, muscle: 55, contrast: 300, bone: 700 };
    const shown = (preset: (typeof renderingPresets)[number]): string[] =>
      Object.entries(typicalHu).flatMap(([tissue, hu]) => {
        const table = transferTable(transferFunctions[preset], 1);
        const level = levelsOf(Int16Array.of(hu), transferFunctions[preset])[0];
        return table[4 * level + 3] > 0.001 ? [tissue] : [];
      });
    assert.deepEqual(shown('lung'), ['lung']);
    assert.deepEqual(shown('bone'), ['contrast', 'bone']);
    assert.deepEqual(shown('vessels'), ['contrast', 'bone']);
    assert.deepEqual(shown('soft'), ['muscle', 'contrast', 'bone']);
    assert.deepEqual(shown('skin'), ['fat', 'muscle', 'contrast', 'bone']);
  });

  it('make the same picture however far samples are apart', () => {
    const coarse = transferTable(transferFunctions.bone, 2);
    const fine = transferTable(transferFunctions.bone, 1);
    for (let level = 0; level < levelCount; level++) {
      const seenThrough = (1 - fine[4 * level + 3]) ** 2;
      assert.ok(Math.abs(1 - coarse[4 * level + 3] - seenThrough) < 1e-5);
    }
  });
});

describe('Levels of a volume', () => {
  const { bone } = transferFunctions;

  it('tell the HU of a preset apart, and hold beyond', () => {
    const middle = Math.round(bone.points[0].hu + 100 * levelWidth(bone));
    assert.deepEqual(
      [...levelsOf(Int16Array.of(-32768, -1024, 120, middle, 1200, 32767), bone)],
      [0, 0, 0, 100, 255, 255],
    );
  });

  it('are smoothed along each axis alone, and stay where nothing changes', () => {
    const single = new Uint8Array(27);
    single[13] = 64;
    const around = smoothed(single, [3, 3, 3]);
    assert.deepEqual([around[13], around[12], around[9], around[0]], [8, 4, 2, 1]);
    assert.deepEqual(smoothed(new Uint8Array(8).fill(7), [2, 4, 1]), new Uint8Array(8).fill(7));
  });
});

describe('Empty space', () => {
  it('is a range of values of which a preset shows none', () => {
    const { bone, lung } = transferFunctions;
    assert.equal(showsBetween(bone, -1024, 120), false);
    assert.equal(showsBetween(bone, -1024, 121), true);
    assert.equal(showsBetween(bone, 2000, 3071), true, 'the last point holds beyond');
    assert.equal(showsBetween(lung, -1024, -930), false);
    assert.equal(showsBetween(lung, -200, 3071), false, 'the last point shows nothing here');
    assert.equal(showsBetween(lung, -1024, 3071), true);
  });

  it('lies as many bricks from what is seen as a king walks', () => {
    const onlyAbove = (least: number): TransferFunction => ({
      ...transferFunctions.bone,
      points: [
        { hu: least, colour: [0, 0, 0], opacity: 0 },
        { hu: least + 1, colour: [1, 1, 1], opacity: 1 },
      ],
    });
    const edges = fc.integer({ min: 1, max: 6 });
    const anyBricks = fc.tuple(edges, edges, edges).chain(([x, y, z]) =>
      fc.record({
        shape: fc.constant([x, y, z] as const),
        seen: fc.array(fc.boolean(), { minLength: x * y * z, maxLength: x * y * z }),
      }),
    );
    fc.assert(
      fc.property(anyBricks, ({ shape: [nx, ny, nz], seen }) => {
        const greatest = Int16Array.from(seen, (isSeen) => (isSeen ? 100 : 0));
        const bricks = { shape: [nx, ny, nz], least: greatest, greatest } as const;
        const placeOf = (i: number) => [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
        const expected = seen.map((_, i) =>
          seen.reduce((nearest, isSeen, j) => {
            const apart = placeOf(i).map((at, axis) => Math.abs(at - placeOf(j)[axis]));
            return isSeen ? Math.min(nearest, Math.max(...apart)) : nearest;
          }, 254),
        );
        assert.deepEqual([...distances(bricks, onlyAbove(50))], expected);
      }),
    );
  });

  it('counts for a brick what lies beside it, as values are interpolated', () => {
    const shape = [3 * brickEdge, 4, 4] as const;
    const hu = new Int16Array(shape[0] * 16);
    hu[brickEdge] = 500;
    const { shape: bricks, greatest } = bricksOf({ shape, spacingMm: [1, 1, 1], hu });
    assert.deepEqual(bricks, [3, 1, 1]);
    assert.deepEqual([...greatest], [500, 500, 0]);
  });
});

describe('The view of the rendering', () => {
  /** Letters at the left, right, top and bottom of the picture, and the one that faces us. */
  function lettersOf(view: (typeof renderingViews)[number]): string {
    const letters = placedLetters(standardOrbits[view]);
    const find = (x: number, y: number, depth: number): string =>
      letters.find((it) => it.x === x && it.y === y && it.depth === depth)?.letter ?? '?';
    return [find(-1, 0, 0), find(1, 0, 0), find(0, -1, 0), find(0, 1, 0), find(0, 0, 1)].join('');
  }

  it('has the head up, the right of a patient who faces us on the left', () => {
    assert.deepEqual(Object.fromEntries(renderingViews.map((view) => [view, lettersOf(view)])), {
      anterior: 'RLSIA',
      posterior: 'LRSIP',
      left: 'APSIL',
      right: 'PASIR',
      superior: 'LRAPS',
      inferior: 'RLAPI',
    });
  });

  it('draws the nearest letters last', () => {
    const depths = placedLetters({ azimuth: 30, elevation: 20 }).map(({ depth }) => depth);
    assert.deepEqual(
      depths,
      [...depths].sort((a, b) => a - b),
    );
  });

  it('has axes at right angles, and never loses the head, however it is turned', () => {
    const degrees = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (azimuth, elevation) => {
        const orbit = turned(standardOrbits.anterior, azimuth, elevation);
        const { toViewer, right, up } = axesOf(orbit);
        for (const [a, b, product] of [
          [toViewer, toViewer, 1],
          [right, right, 1],
          [up, up, 1],
          [toViewer, right, 0],
          [toViewer, up, 0],
          [right, up, 0],
        ] as const) {
          assert.ok(Math.abs(dot(a, b) - product) < 1e-9);
        }
        assert.ok(up[2] >= 0);
        assert.equal(right[2], 0);
      }),
    );
  });

  it('fits the whole volume', () => {
    const { anterior, superior } = standardOrbits;
    const size = [400, 300, 200] as const;
    assert.equal(fittingHalfHeight(size, anterior, 1), 1.04 * 200);
    assert.equal(fittingHalfHeight(size, anterior, 4), 1.04 * 100);
    assert.equal(fittingHalfHeight(size, superior, 4), 1.04 * 150);
  });

  it('has a key for each side, arrows and zoom, and no others', () => {
    assert.deepEqual(keyAction('s'), { kind: 'view', view: 'superior' });
    assert.deepEqual(keyAction('P'), { kind: 'view', view: 'posterior' });
    assert.deepEqual(keyAction('ArrowUp'), { kind: 'rotate', azimuth: 0, elevation: -15 });
    assert.equal(keyAction('+')?.kind, 'zoom');
    assert.equal(keyAction('x'), undefined);
    assert.equal(keyAction('Tab'), undefined);
  });
});

describe('The quality of the rendering', () => {
  const pixels = 1_000_000;

  it('is full on a fast device', () => {
    const quality = new Quality();
    assert.equal(quality.isKnown, false);
    assert.ok(quality.scaleFor('still', pixels) < 1, 'the first frame is small');
    quality.measured(pixels / 16, 2);
    assert.equal(quality.scaleFor('still', pixels), 1);
    assert.equal(quality.scaleFor('moving', pixels), 1);
  });

  it('spares a slow device, more while something moves, and comes back', () => {
    const quality = new Quality();
    quality.measured(pixels / 16, 300);
    const moving = quality.scaleFor('moving', pixels);
    const still = quality.scaleFor('still', pixels);
    assert.ok(moving < still && still < 1, `${moving}, ${still}`);
    for (let i = 0; i < 20; i++) {
      quality.measured(pixels, 5);
    }
    assert.equal(quality.scaleFor('moving', pixels), 1);
  });
});
