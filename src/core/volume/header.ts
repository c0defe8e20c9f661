import type * as Reader from 'nifti-reader-js';
import { UserError } from '../errors';
import { sentence, type Sentence } from '../sentence';
import { affineOf, centredAffine, rotationOfQuaternion } from './affine';
import { axisCodes } from './orientation';
import { refusedTypeName, storedTypeOfCode } from './storedTypes';
import type { Affine, VolumeHeader } from './types';

/** Bytes that must be read to know everything {@link parseHeader} tells. */
export const headerBytes = 540;

/** A header as nifti-reader-js holds it. */
type ReaderFields = Reader.NIFTI1 | Reader.NIFTI2;

/** What differs between the two versions of the header (nifti1.h, nifti2.h). */
export interface Layout {
  readonly format: VolumeHeader['format'];
  readonly size: number;
  readonly magicAt: number;
  /** Magic of a single file, of a header beside its .img. */
  readonly magics: readonly [single: string, pair: string];
  readonly dimAt: number;
  readonly sformAt: number;
  /** Reads dim[0], and a number of the sform. */
  readonly dim0: (view: DataView, littleEndian: boolean) => number;
  readonly real: (view: DataView, at: number, littleEndian: boolean) => number;
  readonly realBytes: number;
  /** First byte a voxel of a single file may stand at. */
  readonly firstVoxelAt: number;
  /** nibabel's slack for rounding in the quaternion: 3 epsilons of the type it is stored in. */
  readonly quaternionTolerance: number;
  readonly newFields: (reader: typeof Reader) => ReaderFields;
}

export const nifti1: Layout = {
  format: 'nifti1',
  size: 348,
  magicAt: 344,
  magics: ['n+1\0', 'ni1\0'],
  dimAt: 40,
  sformAt: 280,
  dim0: (view, littleEndian) => view.getInt16(40, littleEndian),
  real: (view, at, littleEndian) => view.getFloat32(at, littleEndian),
  realBytes: 4,
  firstVoxelAt: 352,
  quaternionTolerance: 3 * 2 ** -23,
  newFields: ({ NIFTI1 }) => new NIFTI1(),
};

export const nifti2: Layout = {
  format: 'nifti2',
  size: 540,
  magicAt: 4,
  magics: ['n+2\0', 'ni2\0'],
  dimAt: 16,
  sformAt: 400,
  dim0: (view, littleEndian) => Number(view.getBigInt64(16, littleEndian)),
  real: (view, at, littleEndian) => view.getFloat64(at, littleEndian),
  realBytes: 8,
  firstVoxelAt: 544,
  quaternionTolerance: 3 * Number.EPSILON,
  newFields: ({ NIFTI2 }) => new NIFTI2(),
};

/** A header as nifti-reader-js parsed it, with what it takes to judge and correct that. */
interface ParsedHeader {
  readonly path: string;
  readonly layout: Layout;
  readonly littleEndian: boolean;
  readonly view: DataView;
  readonly fields: ReaderFields;
}

/**
 * The header of a NIfTI-1 or NIfTI-2 file from its first bytes (see {@link headerBytes}), judged
 * as nibabel judges it: what nibabel repairs is repaired the same way, what it refuses is refused.
 * Fields are read by nifti-reader-js, except where it differs from nibabel: which affine wins,
 * the byte order of a header whose size field is wrong, extensions (they are skipped).
 *
 * @throws UserError `volume-format`, `volume-header`, `volume-datatype`.
 */
export async function parseHeader(bytes: Uint8Array, path: string): Promise<VolumeHeader> {
  const parsed = await parseFields(bytes, path);
  const { layout, fields, littleEndian } = parsed;
  const { shape, frames } = checkedShape(parsed);
  const dtype = checkedType(parsed);
  const affine = bestAffine(parsed, shape);
  return {
    format: layout.format,
    littleEndian,
    shape,
    frames,
    spacingMm: repairedSpacing(fields).map((step, axis) =>
      axis < fields.dims[0] && Number.isFinite(step) ? step : 1,
    ) as [number, number, number],
    affine,
    axcodes: axisCodes(affine),
    dtype,
    ...checkedScaling(parsed),
    dataOffset: checkedOffset(parsed),
  };
}

async function parseFields(bytes: Uint8Array, path: string): Promise<ParsedHeader> {
  const layout = layoutOf(bytes, path);
  const copy = bytes.slice(0, layout.size);
  const view = new DataView(copy.buffer);
  const littleEndian = guessedLittleEndian(view, layout);
  // nibabel lets a wrong size field pass where the rest is sound; the reader takes the byte order
  // from this field alone. Without the bytes past the header it leaves the extensions alone too,
  // which it trusts too much.
  view.setInt32(0, layout.size, littleEndian);
  // The package has no CommonJS entry, so only a dynamic import finds it outside a bundle.
  const fields = layout.newFields(await import('nifti-reader-js'));
  fields.readHeader(copy.buffer);
  return { path, layout, littleEndian, view, fields };
}

function layoutOf(bytes: Uint8Array, path: string): Layout {
  if (magicOf(bytes, nifti1) !== undefined && bytes.length >= nifti1.size) {
    return nifti1;
  }
  if (sizeFieldIs(bytes, nifti2.size) && bytes.length >= nifti2.size) {
    refuseUnsoundNifti2(bytes, path);
    return nifti2;
  }
  if (sizeFieldIs(bytes, nifti1.size)) {
    throw notNifti(
      path,
      sentence`an old Analyze 7.5 header, or a NIfTI-1 header whose magic is damaged`,
    );
  }
  throw notNifti(path, sentence`no NIfTI header at its beginning`);
}

function refuseUnsoundNifti2(bytes: Uint8Array, path: string): void {
  if (magicOf(bytes, nifti2) === undefined) {
    throw notNifti(path, sentence`a NIfTI-2 header whose magic is damaged`);
  }
  const lineEnds = [...bytes.subarray(8, 12)].join(' ');
  if (lineEnds !== '13 10 26 10' && lineEnds !== '0 0 0 0') {
    throw notNifti(path, sentence`a NIfTI-2 header damaged by a change of line ends`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const intent = view.getInt32(504, guessedLittleEndian(view, nifti2));
  // CIFTI-2's range of intent codes, as nibabel tells them apart.
  if (intent >= 3000 && intent < 3100) {
    throw notNifti(path, sentence`CIFTI-2 (brain surfaces) in a NIfTI-2 container, not a volume`);
  }
}

function notNifti(path: string, found: Sentence): UserError {
  return new UserError(
    'volume-format',
    sentence`${path} is not a NIfTI volume: ${found}.`,
    'Give a NIfTI-1 or NIfTI-2 file, .nii or .nii.gz; convert DICOM with dcm2niix.',
  );
}

function badHeader(path: string, what: Sentence): UserError {
  return new UserError(
    'volume-header',
    sentence`${path} has an unusable NIfTI header: ${what}.`,
    'Write the file again with the tool that made it.',
  );
}

export function magicOf(bytes: Uint8Array, layout: Layout): 'single' | 'pair' | undefined {
  const magic = String.fromCharCode(...bytes.subarray(layout.magicAt, layout.magicAt + 4));
  return ({ [layout.magics[0]]: 'single', [layout.magics[1]]: 'pair' } as const)[magic];
}

export function sizeFieldIs(bytes: Uint8Array, size: number): boolean {
  if (bytes.length < 4) {
    return false;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  return view.getInt32(0, true) === size || view.getInt32(0, false) === size;
}

/** nibabel's `guessed_endian`: by the number of dimensions, then by the size field. */
export function guessedLittleEndian(view: DataView, layout: Layout): boolean {
  const dimensions = layout.dim0(view, true);
  if (dimensions === 0) {
    return view.getInt32(0, false) !== layout.size;
  }
  return dimensions >= 1 && dimensions <= 7;
}

function checkedShape({ path, fields }: ParsedHeader): Pick<VolumeHeader, 'shape' | 'frames'> {
  const [dimensions] = fields.dims;
  if (!(dimensions >= 1 && dimensions <= 7)) {
    throw badHeader(path, sentence`it claims ${dimensions} dimensions (1 to 7 are possible)`);
  }
  const sizes = fields.dims.slice(1, 1 + dimensions);
  if (!sizes.every((size) => size >= 1 && Number.isSafeInteger(size))) {
    throw badHeader(path, sentence`it claims a size of ${sizes.join(' x ')} voxels`);
  }
  const [ni, nj = 1, nk = 1, ...rest] = sizes;
  return { shape: [ni, nj, nk], frames: rest.reduce((product, size) => product * size, 1) };
}

function checkedType({ path, fields }: ParsedHeader): string {
  const type = storedTypeOfCode(fields.datatypeCode);
  if (!type) {
    throw new UserError(
      'volume-datatype',
      sentence`${path} stores ${refusedTypeName(fields.datatypeCode)}, which are no HU.`,
      'Give a volume of integer or floating-point voxels (8 to 64 bits).',
    );
  }
  return type.dtype;
}

/** Slope 0, NaN or infinity means "not scaled" (nibabel `get_slope_inter`). */
function checkedScaling({ path, fields }: ParsedHeader): Pick<VolumeHeader, 'slope' | 'intercept'> {
  const { scl_slope: slope, scl_inter: intercept } = fields;
  if (slope === 0 || !Number.isFinite(slope)) {
    return { slope: 1, intercept: 0 };
  }
  if (!Number.isFinite(intercept)) {
    throw badHeader(path, sentence`its slope is ${slope} but its intercept is ${intercept}`);
  }
  return { slope, intercept };
}

function checkedOffset({ path, layout, view, fields }: ParsedHeader): number {
  const offset = Math.trunc(fields.vox_offset);
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw badHeader(path, sentence`its voxels begin at byte ${fields.vox_offset}`);
  }
  const single = magicOf(new Uint8Array(view.buffer), layout) === 'single';
  if (single && fields.vox_offset !== 0 && fields.vox_offset < layout.firstVoxelAt) {
    throw badHeader(path, sentence`its voxels begin at byte ${offset}, inside the header`);
  }
  return offset;
}

/** Absolute voxel sizes, 1 for a size of zero (nibabel `_chk_pixdims`). */
function repairedSpacing(fields: ReaderFields): [number, number, number] {
  const repair = (step: number): number => (step === 0 ? 1 : Math.abs(step));
  return [repair(fields.pixDims[1]), repair(fields.pixDims[2]), repair(fields.pixDims[3])];
}

/** Sform over qform over voxel sizes; a code the standard does not know counts as none. */
function bestAffine(parsed: ParsedHeader, shape: VolumeHeader['shape']): Affine {
  const { fields } = parsed;
  const isKnown = (code: number): boolean => code >= 1 && code <= 5;
  if (isKnown(fields.sform_code)) {
    return sformAffine(parsed);
  }
  if (isKnown(fields.qform_code)) {
    return qformAffine(parsed);
  }
  const spacing = repairedSpacing(fields);
  const beyond = (axis: number): boolean => axis >= fields.dims[0];
  return centredAffine(shape, [spacing[0], beyond(1) ? 1 : spacing[1], beyond(2) ? 1 : spacing[2]]);
}

/** Read here since the reader lets a qform of a higher code win over the sform. */
function sformAffine({ layout, view, littleEndian }: ParsedHeader): Affine {
  const rows = [0, 1, 2].map((row) =>
    [0, 1, 2, 3].map((column) =>
      layout.real(view, layout.sformAt + (4 * row + column) * layout.realBytes, littleEndian),
    ),
  );
  return [...rows, [0, 0, 0, 1]];
}

/** Computed here since the reader knows no qform in NIfTI-2 and takes NaN for a bad quaternion. */
function qformAffine({ path, layout, fields }: ParsedHeader): Affine {
  const rotation = rotationOfQuaternion(
    [fields.quatern_b, fields.quatern_c, fields.quatern_d],
    layout.quaternionTolerance,
  );
  if (!rotation) {
    throw badHeader(path, sentence`the quaternion of its qform is no rotation`);
  }
  const [di, dj, dk] = repairedSpacing(fields);
  // A qfac (pixdim[0]) other than -1 counts as 1.
  const handedness = fields.pixDims[0] === -1 ? -1 : 1;
  return affineOf(
    rotation,
    [di, dj, handedness * dk],
    [fields.qoffset_x, fields.qoffset_y, fields.qoffset_z],
  );
}
