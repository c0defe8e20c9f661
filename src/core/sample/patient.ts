import type { Random } from '../random';
import type { Point } from './phantom';

export type Sex = 'F' | 'M';

/** Who lies on the couch. Lengths in mm, densities in HU. */
export interface Patient {
  readonly age: number;
  readonly sex: Sex;
  /** Patient mm per mm of the standard thorax. */
  readonly scale: Point;
  /** Thickness of the fat under the skin at the side of the chest. */
  readonly fatMm: number;
  readonly muscleMm: number;
  /** Cancellous bone; falls with age. */
  readonly boneHu: number;
  /** Well-aerated lung. */
  readonly lungHu: number;
  /** Size of the heart, 1 in the standard thorax. */
  readonly heartScale: number;
  /** Width of the fluid between heart and pericardium. */
  readonly pericardialFluidMm: number;
  readonly aortaRadiusMm: number;
}

/** A healthy adult of plausible age, sex and build. */
export function samplePatient(random: Random): Patient {
  const age = Math.round(Math.min(92, Math.max(19, 57 + 16 * random.normal())));
  const sex: Sex = random.chance(0.45) ? 'F' : 'M';
  const frame = (sex === 'F' ? 0.93 : 1.02) + 0.035 * random.normal();
  const vary = (spread: number): number => frame * (1 + spread * random.normal());
  return {
    age,
    sex,
    scale: [vary(0.02), vary(0.03), vary(0.03)],
    fatMm: Math.min(34, Math.max(8, (sex === 'F' ? 19 : 16) + 6 * random.normal())),
    muscleMm: (sex === 'F' ? 13 : 18) + random.between(-3, 3),
    boneHu: Math.max(110, 300 - 1.8 * age + 25 * random.normal()),
    lungHu: -860 + 12 * random.normal(),
    heartScale: 1 + 0.03 * random.normal(),
    pericardialFluidMm: 0,
    aortaRadiusMm: 12 + 0.04 * age + 0.6 * random.normal(),
  };
}
