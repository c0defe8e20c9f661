import { sentence, type SentenceValue } from '../sentence';

/** The voxel types a file may store: what we read, and what we refuse by name. */

type StoredArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** One voxel type. */
export interface StoredType {
  /** NIfTI datatype code (nifti1.h). */
  readonly code: number;
  /** numpy's name, such as `int16`. */
  readonly dtype: string;
  readonly bytes: 1 | 2 | 4 | 8;
  /** Views aligned bytes in the machine's own byte order. */
  readonly view: (buffer: ArrayBuffer, count: number) => StoredArray;
}

const storedTypes: readonly StoredType[] = [
  { code: 2, dtype: 'uint8', bytes: 1, view: (buffer, count) => new Uint8Array(buffer, 0, count) },
  { code: 256, dtype: 'int8', bytes: 1, view: (buffer, count) => new Int8Array(buffer, 0, count) },
  { code: 4, dtype: 'int16', bytes: 2, view: (buffer, count) => new Int16Array(buffer, 0, count) },
  {
    code: 512,
    dtype: 'uint16',
    bytes: 2,
    view: (buffer, count) => new Uint16Array(buffer, 0, count),
  },
  { code: 8, dtype: 'int32', bytes: 4, view: (buffer, count) => new Int32Array(buffer, 0, count) },
  {
    code: 768,
    dtype: 'uint32',
    bytes: 4,
    view: (buffer, count) => new Uint32Array(buffer, 0, count),
  },
  {
    code: 16,
    dtype: 'float32',
    bytes: 4,
    view: (buffer, count) => new Float32Array(buffer, 0, count),
  },
  {
    code: 64,
    dtype: 'float64',
    bytes: 8,
    view: (buffer, count) => new Float64Array(buffer, 0, count),
  },
  {
    code: 1024,
    dtype: 'int64',
    bytes: 8,
    view: (buffer, count) => new BigInt64Array(buffer, 0, count),
  },
  {
    code: 1280,
    dtype: 'uint64',
    bytes: 8,
    view: (buffer, count) => new BigUint64Array(buffer, 0, count),
  },
];

/** Types of the standard that hold no single real number a CT could be. */
const refusedTypes: Readonly<Record<number, SentenceValue>> = {
  1: sentence`bits`,
  32: 'complex64',
  128: sentence`RGB colours`,
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: sentence`RGBA colours`,
};

const byCode = new Map(storedTypes.map((type) => [type.code, type]));
const byName = new Map(storedTypes.map((type) => [type.dtype, type]));

/** The type of a NIfTI datatype code; undefined for one we do not read. */
export function storedTypeOfCode(code: number): StoredType | undefined {
  return byCode.get(code);
}

/** The type of a header's `dtype`. */
export function storedTypeNamed(dtype: string): StoredType {
  const type = byName.get(dtype);
  if (!type) {
    throw new RangeError(`no stored type is named ${dtype}`);
  }
  return type;
}

/** What to call a datatype code that we do not read. */
export function refusedTypeName(code: number): SentenceValue {
  return refusedTypes[code] ?? sentence`unknown type ${code}`;
}

/** Byte order of this machine, which typed arrays follow. */
export const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
