import type { HuSource, VolumeHeader } from './types';

/** Whether voxels are Hounsfield units, and a sentence for the user where that is in doubt. */
export interface HuJudgement {
  readonly source: HuSource;
  readonly note?: string;
}

/** Enough voxels to tell air from tissue in any scan, few enough to cost nothing. */
const maxSamples = 1 << 17;

/** HU ranges that any chest CT shows; noise and partial volume included. */
const airAndLung = [-1150, -650] as const;
const softTissue = [-200, 300] as const;
/** Scanners write -1024 or, as the lowest padding seen in CT-RATE, -3024; no tissue lies lower. */
const lowestHu = -3100;
/** Stored lone values at least this far below the rest are padding outside the field of view. */
const paddingGap = 200;

/**
 * Judges by where air and soft tissue stand. HU: air and lung near -1000, soft tissue near 0.
 * Raw stored values: the same 1024 higher. Rescaled twice (as CT-RATE's tables invite): lower.
 */
export function judgeHu(
  voxels: Float32Array,
  header: Pick<VolumeHeader, 'slope' | 'intercept'>,
): HuJudgement {
  const samples = withoutPadding(sample(voxels));
  const note = doubts.find(({ applies }) => applies(samples))?.note;
  if (note !== undefined) {
    return { source: 'uncertain', note };
  }
  const scaled = header.slope !== 1 || header.intercept !== 0;
  return { source: scaled ? 'slope_intercept' : 'stored' };
}

/** Signatures of values that are no HU, the most telling first. */
const doubts: readonly { applies: (samples: Float32Array) => boolean; note: string }[] = [
  {
    applies: (samples) => samples.length === 0,
    note: 'No finite voxel: nothing can be said about HU.',
  },
  {
    applies: (samples) => samples.every((value) => value === samples[0]),
    note: 'Every voxel has the same value: nothing can be said about HU.',
  },
  {
    applies: (samples) =>
      share(samples, -Infinity, -1150) > 0.05 &&
      share(samples, -Infinity, -650) > share(samples, ...airAndLung),
    note: 'Much lies far below air (-1000 HU): slope and intercept were probably applied twice.',
  },
  {
    applies: (samples) => share(samples, -Infinity, lowestHu) > 0,
    note: 'Values below -3024 HU, where no tissue lies: slope or intercept is probably wrong.',
  },
  {
    applies: (samples) =>
      share(samples, -Infinity, -300) < 0.001 && share(samples, 700, 1400) > 0.05,
    note: 'Air seems to stand near 0 and tissue near 1000: an intercept of about -1024 is probably missing.',
  },
  {
    applies: (samples) => share(samples, ...softTissue) < 0.01,
    note: 'Hardly any value of soft tissue (near 0 HU): these are probably no HU.',
  },
  {
    applies: (samples) => share(samples, ...airAndLung) < 0.001,
    note: 'No air or lung (near -1000 HU): not a chest CT, or not in HU.',
  },
];

function share(samples: Float32Array, from: number, to: number): number {
  let count = 0;
  for (const value of samples) {
    if (value >= from && value <= to) {
      count++;
    }
  }
  return count / samples.length;
}

/** Evenly spread finite voxels; the stride is odd so that it does not fall in step with rows. */
function sample(voxels: Float32Array): Float32Array {
  const stride = Math.ceil(voxels.length / maxSamples) | 1;
  const samples = new Float32Array(Math.ceil(voxels.length / stride));
  let count = 0;
  for (let i = 0; i < voxels.length; i += stride) {
    if (Number.isFinite(voxels[i])) {
      samples[count++] = voxels[i];
    }
  }
  return samples.subarray(0, count);
}

/** Drops the lowest value where it stands alone far below the next (-2000 and -3024 are usual). */
function withoutPadding(samples: Float32Array): Float32Array {
  const lowest = samples.reduce((least, value) => Math.min(least, value), Infinity);
  const rest = samples.filter((value) => value > lowest);
  const next = rest.reduce((least, value) => Math.min(least, value), Infinity);
  return lowest < -1150 && next - lowest >= paddingGap && rest.length > 0 ? rest : samples;
}
