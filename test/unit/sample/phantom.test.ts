import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import { acquire } from '../../../src/core/sample/acquisition';
import { drawAnatomy } from '../../../src/core/sample/anatomy/organs';
import { lobeNames, lobes } from '../../../src/core/sample/anatomy/lungs';
import { bodyRadii } from '../../../src/core/sample/anatomy/trunk';
import { findingKinds } from '../../../src/core/sample/findings';
import { samplePatient } from '../../../src/core/sample/patient';
import type { Patient } from '../../../src/core/sample/patient';
import { Phantom, tissues } from '../../../src/core/sample/phantom';
import type { Point } from '../../../src/core/sample/phantom';

const size = [32, 64, 64] as const;
const fieldOfView: Point = [400, 400, 290];
const random = (): Random => Random.fromSeed(1, 'phantom test');

function patient(): Patient {
  return { ...samplePatient(random()), scale: [1, 1, 1], heartScale: 1, fatMm: 18, muscleMm: 15 };
}

function healthyChest(altered: Patient = patient()): Phantom {
  const phantom = new Phantom(size, fieldOfView, altered.scale);
  drawAnatomy(phantom, altered, random());
  return phantom;
}

/** HU of the voxel at a place, mm. */
function huAt({ hu }: Phantom, [x, y, z]: Point): number {
  const index = (mm: number, axis: 0 | 1 | 2, count: number): number =>
    Math.round((mm / fieldOfView[axis]) * count + (count - 1) / 2);
  return hu[index(x, 0, 64) + 64 * (index(y, 1, 64) + 64 * index(z, 2, 32))];
}

describe('chest phantom', () => {
  const chest = healthyChest();

  it('has air, fat, lung, blood, heart and bone where they belong, in HU', () => {
    const [halfWidth] = bodyRadii(patient());
    assert.equal(huAt(chest, [-195, -195, 0]), -1000);
    const fat = huAt(chest, [halfWidth - 8, 4, 0]);
    assert.ok(fat < -80 && fat > -120, `fat ${fat}`);
    const heart = huAt(chest, [20, -24, -38]);
    assert.ok(heart > 30 && heart < 60, `heart ${heart}`);
    const spine = Math.max(...[-2, 3, 8].map((z) => huAt(chest, [0, 66, z])));
    assert.ok(spine > 100, `spine ${spine}`);
    const trachea = huAt(chest, [0, 9, 110]);
    assert.ok(trachea < -700, `trachea ${trachea}`);
    for (const lobe of lobeNames) {
      const [x, y, z] = lobes[lobe].centre;
      const around = [-18, -9, 0, 9, 18].map((step) => huAt(chest, [x, y + step, z]));
      const lung = around.sort((a, b) => a - b)[2];
      assert.ok(lung < -780 && lung > -920, `${lobe} ${lung}`);
    }
  });

  it('lies on a couch, behind the back', () => {
    const back = bodyRadii(patient())[1] + 4;
    const behind = [5, 8, 11, 14].map((mm) => huAt(chest, [40, back + mm, 0]));
    assert.ok(Math.max(...behind) > -700, behind.join(' '));
    assert.equal(huAt(chest, [40, -back - 20, 0]), -1000);
  });

  it('is a body of a plausible size for every patient', () => {
    for (let n = 0; n < 200; n++) {
      const someone = samplePatient(Random.fromSeed(n, 'patient'));
      const width = 2 * bodyRadii(someone)[0] * someone.scale[0];
      const depth = 2 * bodyRadii(someone)[1] * someone.scale[1];
      assert.ok(width > 260 && width < 430, `width ${width}`);
      assert.ok(depth > 180 && depth < 320, `depth ${depth}`);
      assert.ok(someone.age >= 19 && someone.age <= 92);
    }
  });

  it('paints only the tissues asked for', () => {
    const phantom = healthyChest();
    const before = phantom.hu.slice();
    phantom.ellipsoid([0, 0, 0], [300, 300, 300], { hu: 500, over: [tissues.heart] });
    const changed = before.findIndex((value, at) => value < -700 && phantom.hu[at] > 400);
    assert.equal(changed, -1);
    assert.ok(Math.abs(huAt(phantom, [20, -24, -38]) - 500) < 1);
  });
});

describe('findings in the phantom', () => {
  const healthy = healthyChest();

  for (const kind of findingKinds) {
    it(`shows ${kind.label}, and more of it when it is worse`, () => {
      const changed = [0.1, 0.9].map((severity) => {
        const finding = kind.occur(random()).withSeverity(severity);
        const someone = finding.alter(patient());
        const phantom = healthyChest(someone);
        finding.draw({ phantom, patient: someone, random: random() });
        return phantom.hu.reduce((sum, value, at) => sum + Math.abs(value - healthy.hu[at]), 0);
      });
      assert.ok(changed[0] > 1000, `hardly visible: ${changed[0]}`);
      // A device has one size.
      assert.ok(kind.label === 'Medical material' || changed[1] > changed[0], changed.join(' '));
    });
  }
});

describe('acquisition', () => {
  const flat = new Float32Array(12 * 12 * 12).fill(-900);

  function deviation(neighbourWeight: number): number {
    const voxels = [...acquire(flat, [12, 12, 12], 40, neighbourWeight, random())];
    const inside = voxels.slice(12 * 12, -12 * 12);
    const mean = inside.reduce((sum, value) => sum + value, 0) / inside.length;
    assert.ok(Math.abs(mean + 900) < 5, `mean ${mean}`);
    return Math.sqrt(inside.reduce((sum, value) => sum + (value - mean) ** 2, 0) / inside.length);
  }

  it('adds noise of the deviation asked for; a smooth kernel lowers it, a sharp one raises it', () => {
    assert.ok(Math.abs(deviation(0) - 40) < 2, String(deviation(0)));
    assert.ok(deviation(0.15) < 0.6 * deviation(0));
    assert.ok(deviation(-0.05) > 1.2 * deviation(0));
  });

  it('stores whole HU of 12 bits', () => {
    const voxels = acquire(new Float32Array(4096).fill(9000), [16, 16, 16], 10, 0, random());
    assert.equal(Math.max(...voxels), 3071);
    const air = acquire(new Float32Array(4096).fill(-5000), [16, 16, 16], 10, 0, random());
    assert.equal(Math.min(...air), -1024);
  });
});
