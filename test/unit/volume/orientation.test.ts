import assert from 'node:assert/strict';
import fc from 'fast-check';
import { worldOf } from '../../../src/core/volume/affine';
import {
  axisCodes,
  orientedView,
  parseAxisCodes,
  reorient,
  storageIndexOf,
} from '../../../src/core/volume/orientation';
import { allAxisCodes, phantom } from './phantom';

const scan = phantom([4, 3, 2], (x, y, z) => x + 10 * y + 100 * z, [0.5, 1.5, 3]);

describe('reorient', () => {
  it('reaches each of the 48 orientations and comes back', () => {
    assert.equal(new Set(allAxisCodes).size, 48);
    for (const codes of allAxisCodes) {
      const turned = reorient(scan, codes);
      assert.equal(turned.header.axcodes, codes);
      const back = reorient(turned, 'LPS');
      assert.deepEqual(back.voxels, scan.voxels);
      assert.deepEqual(back.header, scan.header);
    }
  });

  it('leaves every voxel where it is in the world', () => {
    for (const codes of allAxisCodes) {
      const { header, voxels } = reorient(scan, codes);
      const [ni, nj, nk] = header.shape;
      const view = orientedView(scan.header, codes);
      for (let at = 0; at < ni * nj * nk; at++) {
        const place = [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))] as const;
        const [i, j, k] = storageIndexOf(view, [...place]);
        assert.equal(voxels[at], scan.voxels[i + 4 * (j + 3 * k)]);
        assert.deepEqual(
          worldOf(header.affine, [...place]),
          worldOf(scan.header.affine, [i, j, k]),
        );
      }
    }
  });

  it('refuses letters that are no orientation', () => {
    for (const codes of ['LPX', 'LLS', 'LP', 'LPSS', 'lps']) {
      assert.throws(() => parseAxisCodes(codes), RangeError);
    }
  });
});

describe('axisCodes', () => {
  it('finds the axes of a volume turned by less than 35 degrees and sheared a little', () => {
    const angle = fc.double({ min: -0.35, max: 0.35, noNaN: true });
    const step = fc.double({ min: 0.3, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...allAxisCodes),
        fc.tuple(angle, angle, step, step, step, fc.double({ min: 0, max: 0.2, noNaN: true })),
        (codes, [a, b, di, dj, dk, shear]) => {
          const { affine } = reorient(scan, codes).header;
          const [ca, sa, cb, sb] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)];
          const turn = [
            [ca, -sa, 0],
            [sa * cb, ca * cb, -sb],
            [sa * sb, ca * sb, cb],
          ];
          const scale = [di, dj, dk];
          const turned = turn.map((row) => [
            ...[0, 1, 2].map((c) => {
              const lengths = Math.hypot(affine[0][c], affine[1][c], affine[2][c]);
              const sum = row.reduce((total, value, n) => total + value * affine[n][c], 0);
              return (sum / lengths) * scale[c];
            }),
            0,
          ]);
          turned[0][2] += shear * scale[2];
          assert.equal(axisCodes([...turned, [0, 0, 0, 1]]), codes);
        },
      ),
    );
  });
});
