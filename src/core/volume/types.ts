/** 4 x 4 matrix, rows first: voxel index (i, j, k, 1) to world millimetres (x right, y anterior, z superior). */
export type Affine = readonly (readonly number[])[];

/** Anatomical plane of a displayed slice. */
export type Plane = 'axial' | 'coronal' | 'sagittal';

/** Display window in HU. */
export interface HuWindow {
  readonly level: number;
  readonly width: number;
}

/**
 * How sure we are that the voxels are HU: `slope_intercept` the header scales stored values;
 * `stored` the stored values look like HU as they are; `uncertain` neither (see `note` of the info).
 */
export type HuSource = 'slope_intercept' | 'stored' | 'uncertain';

/** What the header says, checked; known before any voxel is read. */
export interface VolumeHeader {
  readonly format: 'nifti1' | 'nifti2';
  readonly littleEndian: boolean;
  /** Number of voxels along i, j, k. */
  readonly shape: readonly [number, number, number];
  /** Number of 3-D volumes in the file (4-D files); only the first is read. */
  readonly frames: number;
  /** Distance between voxel centres along i, j, k in mm. */
  readonly spacingMm: readonly [number, number, number];
  /** Sform over qform over pixdim, as nibabel chooses. */
  readonly affine: Affine;
  /** Direction each axis points to, such as `LPS`; `?` where the affine is singular. */
  readonly axcodes: string;
  /** numpy's name of the stored type, such as `int16`. */
  readonly dtype: string;
  /** What is applied: HU = stored * slope + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** What the file says, where something else is applied (see rescale.ts). */
  readonly fileScaling?: { readonly slope: number; readonly intercept: number };
  /** Byte offset of the first voxel in the (inflated) file. */
  readonly dataOffset: number;
}

/** A volume in memory: slope and intercept applied, storage order kept (i fastest). */
export interface Volume {
  readonly header: VolumeHeader;
  /** shape[0] * shape[1] * shape[2] values in HU, index i + ni * (j + nj * k). */
  readonly voxels: Float32Array;
  readonly huSource: HuSource;
}
