import { inWords, sentence, type Sentence } from '../sentence';
import { judgeHu } from './hu';
import type { HuJudgement, HuKind } from './hu';
import type { Affine, HuSource, Volume, VolumeHeader } from './types';
import { finiteEnds, type VoxelRange } from './voxelTally';

/** What `ct-mcqa info --format json` prints. */
export interface VolumeInfo {
  /** Voxels along i, j, k, and the number of frames where the file has more than one. */
  readonly shape: readonly number[];
  readonly spacing_mm: readonly number[];
  readonly axcodes: string;
  readonly affine: Affine;
  readonly dtype: string;
  readonly slope: number;
  readonly intercept: number;
  /** Lowest and highest finite voxel of the first frame in HU; null where none is finite. */
  readonly min: number | null;
  readonly max: number | null;
  readonly hu_source: HuSource;
  /** What the values were recognised as. */
  readonly hu_kind: HuKind;
  /** The numbers that led to it, and what helps; absent for HU without doubt. */
  readonly hu_reason?: string;
  readonly hu_remedy?: string;
  /** What deserves a second look, in sentences. */
  readonly note?: string;
}

/** What was found out about the voxels of a volume. */
export interface VolumeFindings {
  readonly info: VolumeInfo;
  readonly hu: HuJudgement;
  /** What deserves a second look: the notes of `info` as they can be translated. */
  readonly notes: readonly Sentence[];
}

export function describeVolume(volume: Volume): VolumeInfo {
  return findingsOf(volume).info;
}

export function findingsOf({ header, voxels }: Volume): VolumeFindings {
  return volumeFindings(header, finiteRange(voxels), judgeHu(voxels, header));
}

/** The same from what was found out while the voxels passed by. */
export function volumeFindings(
  header: VolumeHeader,
  { min, max, nonFinite }: VoxelRange,
  hu: HuJudgement,
): VolumeFindings {
  const notes = [
    ...(hu.note === undefined ? [] : [hu.note]),
    ...headerNotes(header),
    ...(nonFinite > 0 ? [sentence`${nonFinite} voxels are NaN or infinite.`] : []),
  ];
  const info: VolumeInfo = {
    shape: header.frames > 1 ? [...header.shape, header.frames] : header.shape,
    spacing_mm: header.spacingMm,
    axcodes: header.axcodes,
    affine: header.affine,
    dtype: header.dtype,
    slope: header.slope,
    intercept: header.intercept,
    min,
    max,
    hu_source: hu.source,
    hu_kind: hu.kind,
    ...(hu.reason !== undefined && { hu_reason: inWords(hu.reason) }),
    ...(hu.remedy && { hu_remedy: inWords(hu.remedy.text) }),
    ...(notes.length > 0 && { note: notes.map(inWords).join(' ') }),
  };
  return { info, hu, notes };
}

function finiteRange(voxels: Float32Array): VoxelRange {
  const { lowest: min, highest: max, nonFinite } = finiteEnds(voxels);
  return min > max ? { min: null, max: null, nonFinite } : { min, max, nonFinite };
}

/** No CT has voxels outside this range; a file in metres or micrometres has. */
export const plausibleSpacingMm = [0.05, 20] as const;

function headerNotes(header: VolumeHeader): Sentence[] {
  const notes: Sentence[] = [];
  const [least, most] = plausibleSpacingMm;
  if (header.spacingMm.some((step) => step < least || step > most)) {
    notes.push(
      sentence`Voxels of ${header.spacingMm.join(' x ')} mm: the file is probably in other units.`,
    );
  }
  if (header.axcodes.includes('?')) {
    notes.push(sentence`The affine is singular: left and right cannot be told.`);
  } else if (sizesDisagree(header)) {
    notes.push(sentence`The voxel sizes of the header and of its affine disagree.`);
  }
  if (header.frames > 1) {
    notes.push(sentence`The file holds ${header.frames} frames; only the first is read.`);
  }
  return notes;
}

export function sizesDisagree({ affine, spacingMm }: VolumeHeader): boolean {
  return spacingMm.some((step, axis) => {
    const length = Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]);
    return Math.abs(length - step) > 0.01 * step;
  });
}
