import { sentence, type Sentence } from '../sentence';
import { huSignatures, showsChest } from './huSignatures';
import type { HuKind, HuSignature } from './huSignatures';
import type { RescaleChoice } from './rescale';
import type { HuSource, VolumeHeader } from './types';
import { ValueCounts } from './valueCounts';

export type { HuKind } from './huSignatures';

/** What is known of whether voxels are Hounsfield units, and sentences for the user where in doubt. */
export interface HuJudgement {
  readonly source: HuSource;
  readonly kind: HuKind;
  /** What was recognised, in one sentence. */
  readonly note?: Sentence;
  /** The numbers that led to it, such as `41 % of voxels below -1150 HU; lowest -2048`. */
  readonly reason?: Sentence;
  readonly remedy?: HuRemedy;
}

export interface HuRemedy {
  /** The choice of slope and intercept that helps, where one does. */
  readonly rescale?: RescaleChoice;
  readonly text: Sentence;
}

/** What a judgement looks at in a header: what is applied, and what the file says where that differs. */
export type ScalingHeader = Pick<VolumeHeader, 'slope' | 'intercept' | 'fileScaling'>;

/** Enough voxels to tell air from tissue in any scan, few enough to cost nothing. */
const maxSamples = 1 << 17;

/**
 * Judges by where air and soft tissue stand. HU: air and lung near -1000, soft tissue near 0; other
 * kinds by the table of {@link huSignatures}.
 *
 * @param voxels all voxels, slope and intercept of `header` applied
 */
export function judgeHu(voxels: Float32Array, header: ScalingHeader): HuJudgement {
  const samples = new VoxelSamples(voxels.length);
  samples.push(voxels, 0, Number);
  return judgeSamples(samples.values, header);
}

/**
 * The same of a volume that arrives in pieces, of any size and in any order: what was pushed so far
 * is judged, and once that is all, the judgement is that of {@link judgeHu}.
 */
export class HuSampler {
  private readonly samples: VoxelSamples;

  /** @param pieces whether HU are pushed, or what the file stores (slope and intercept to be applied) */
  constructor(
    private readonly header: ScalingHeader & Pick<VolumeHeader, 'shape'>,
    private readonly pieces: 'hu' | 'stored' = 'hu',
  ) {
    const [ni, nj, nk] = header.shape;
    this.samples = new VoxelSamples(ni * nj * nk);
  }

  /** Takes in voxels of which the first is voxel `first` of the volume, in storage order. */
  push(piece: VoxelPiece, first: number): void {
    const { slope, intercept } = this.header;
    const isScaled = this.pieces === 'stored' && (slope !== 1 || intercept !== 0);
    this.samples.push(
      piece,
      first,
      isScaled ? (value) => Number(value) * slope + intercept : Number,
    );
  }

  judge(): HuJudgement {
    return judgeSamples(this.samples.values, this.header);
  }
}

/** Voxels as a typed array holds them. */
type VoxelPiece = ArrayLike<number> | ArrayLike<bigint>;

/** Evenly spread voxels; the stride is odd so that it does not fall in step with rows. */
class VoxelSamples {
  /** NaN where nothing was pushed. */
  readonly values: Float32Array;
  private readonly stride: number;

  constructor(voxels: number) {
    this.stride = Math.ceil(voxels / maxSamples) | 1;
    this.values = new Float32Array(Math.ceil(voxels / this.stride)).fill(NaN);
  }

  push(piece: VoxelPiece, first: number, valueOf: (value: number | bigint) => number): void {
    const { stride, values } = this;
    const end = first + piece.length;
    let sample = Math.ceil(first / stride);
    for (let at = sample * stride; at < end; at += stride, sample++) {
      values[sample] = valueOf(piece[at - first]);
    }
  }
}

function judgeSamples(samples: Float32Array, header: ScalingHeader): HuJudgement {
  const values = ValueCounts.of(samples);
  const signature = signatureOf(values);
  const isScaled = header.slope !== 1 || header.intercept !== 0;
  const source = isScaled ? 'slope_intercept' : 'stored';
  if (signature === undefined) {
    return { source, kind: 'hounsfield' };
  }
  const { kind, note, reason, remedy } = signature;
  const found = { kind, note: note(values), reason: reason(values) };
  return isHu(signature, values)
    ? { source, ...found, remedy: { text: remedy } }
    : { source: 'uncertain', ...found, remedy: remedyOf(signature, samples, header) };
}

function signatureOf(values: ValueCounts): HuSignature | undefined {
  return huSignatures.find(({ applies }) => applies(values));
}

function isHu(signature: HuSignature | undefined, values: ValueCounts): boolean {
  return signature === undefined || (signature.mayBeHu === true && showsChest(values));
}

/** Another choice where the same voxels are HU under it; else what the signature says. */
function remedyOf(signature: HuSignature, samples: Float32Array, header: ScalingHeader): HuRemedy {
  const { kind, remedy } = signature;
  const helpful = otherScalings(header).find(({ slope, intercept }) => {
    const values = ValueCounts.of(
      samples.map((hu) => ((hu - header.intercept) / header.slope) * slope + intercept),
    );
    return isHu(signatureOf(values), values);
  });
  if (helpful !== undefined) {
    return { rescale: helpful.choice, text: helpful.text };
  }
  return kind === 'raw_stored' ? { rescale: 'csv', text: remedy } : { text: remedy };
}

interface OtherScaling {
  readonly choice: RescaleChoice;
  readonly slope: number;
  readonly intercept: number;
  readonly text: Sentence;
}

/** What can be tried without asking anybody: what the file says, or nothing. */
function otherScalings({ slope, intercept, fileScaling }: ScalingHeader): OtherScaling[] {
  const file = fileScaling && {
    choice: 'auto' as const,
    ...fileScaling,
    text: sentence`With slope and intercept of the file itself (rescale: auto) they look like HU.`,
  };
  const none = {
    choice: 'none' as const,
    slope: 1,
    intercept: 0,
    text: sentence`The stored values as they are (rescale: none) look like HU.`,
  };
  return [...(file ? [file] : []), none].filter(
    (other) => other.slope !== slope || other.intercept !== intercept,
  );
}
