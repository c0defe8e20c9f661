import { gzipSync } from 'node:zlib';

/** Writes NIfTI files of every kind for tests, from the field offsets of nifti1.h and nifti2.h. */

export interface NiftiFile {
  readonly version?: 1 | 2;
  readonly littleEndian?: boolean;
  readonly shape?: readonly number[];
  readonly dtype?: DtypeName;
  readonly pixdim?: readonly number[];
  readonly slope?: number;
  readonly intercept?: number;
  readonly sformCode?: number;
  readonly sform?: readonly (readonly number[])[];
  readonly qformCode?: number;
  readonly quaternion?: readonly [number, number, number];
  readonly qoffset?: readonly [number, number, number];
  readonly magic?: string;
  readonly voxOffset?: number;
  /** Stored values; zero where missing. */
  readonly stored?: readonly number[];
}

type Put = (view: DataView, at: number, value: number, littleEndian: boolean) => void;

interface Dtype {
  readonly code: number;
  readonly bytes: number;
  readonly range: readonly [number, number];
  readonly put: Put;
}

/** Ranges of integers that a Float32Array holds exactly, as far as the type allows. */
const exact = 2 ** 24;

export const dtypes = {
  int8: {
    code: 256,
    bytes: 1,
    range: [-128, 127],
    put: (v, at, x) => {
      v.setInt8(at, x);
    },
  },
  uint8: {
    code: 2,
    bytes: 1,
    range: [0, 255],
    put: (v, at, x) => {
      v.setUint8(at, x);
    },
  },
  int16: {
    code: 4,
    bytes: 2,
    range: [-32768, 32767],
    put: (v, at, x, le) => {
      v.setInt16(at, x, le);
    },
  },
  uint16: {
    code: 512,
    bytes: 2,
    range: [0, 65535],
    put: (v, at, x, le) => {
      v.setUint16(at, x, le);
    },
  },
  int32: {
    code: 8,
    bytes: 4,
    range: [-exact, exact],
    put: (v, at, x, le) => {
      v.setInt32(at, x, le);
    },
  },
  uint32: {
    code: 768,
    bytes: 4,
    range: [0, exact],
    put: (v, at, x, le) => {
      v.setUint32(at, x, le);
    },
  },
  int64: {
    code: 1024,
    bytes: 8,
    range: [-exact, exact],
    put: (v, at, x, le) => {
      v.setBigInt64(at, BigInt(x), le);
    },
  },
  uint64: {
    code: 1280,
    bytes: 8,
    range: [0, exact],
    put: (v, at, x, le) => {
      v.setBigUint64(at, BigInt(x), le);
    },
  },
  float32: {
    code: 16,
    bytes: 4,
    range: [-exact, exact],
    put: (v, at, x, le) => {
      v.setFloat32(at, x, le);
    },
  },
  float64: {
    code: 64,
    bytes: 8,
    range: [-exact, exact],
    put: (v, at, x, le) => {
      v.setFloat64(at, x, le);
    },
  },
} as const satisfies Record<string, Dtype>;

export type DtypeName = keyof typeof dtypes;
export const dtypeNames = Object.keys(dtypes) as DtypeName[];

interface Fields {
  readonly size: number;
  readonly magicAt: number;
  readonly magic: string;
  readonly dim: readonly [at: number, bytes: number];
  readonly datatype: number;
  readonly pixdim: number;
  readonly voxOffset: number;
  readonly slope: number;
  readonly forms: readonly [qform: number, sform: number, bytes: number];
  readonly quaternion: number;
  readonly sform: number;
  readonly realBytes: number;
}

const layouts: Readonly<Record<1 | 2, Fields>> = {
  1: {
    size: 348,
    magicAt: 344,
    magic: 'n+1\0',
    dim: [40, 2],
    datatype: 70,
    pixdim: 76,
    voxOffset: 108,
    slope: 112,
    forms: [252, 254, 2],
    quaternion: 256,
    sform: 280,
    realBytes: 4,
  },
  2: {
    size: 540,
    magicAt: 4,
    magic: 'n+2\0\r\n\x1a\n',
    dim: [16, 8],
    datatype: 12,
    pixdim: 104,
    voxOffset: 168,
    slope: 176,
    forms: [344, 348, 4],
    quaternion: 352,
    sform: 400,
    realBytes: 8,
  },
};

/** The bytes of an uncompressed file. */
export function niftiFile(file: NiftiFile): Uint8Array {
  const { version = 1, littleEndian = true, shape = [2, 2, 2], dtype = 'int16' } = file;
  const at = layouts[version];
  const voxOffset = file.voxOffset ?? at.size + 4;
  const type: Dtype = dtypes[dtype];
  const count = shape.reduce((product, size) => product * Math.max(0, size), 1);
  const room = Math.max(at.size + 4, voxOffset) + Math.min(count, 4096) * type.bytes;
  const bytes = new Uint8Array(room);
  const view = new DataView(bytes.buffer);
  const integer = (where: number, size: number, value: number): void => {
    const put = { 2: dtypes.int16.put, 4: dtypes.int32.put, 8: dtypes.int64.put }[size]!;
    put(view, where, value, littleEndian);
  };
  const real = (where: number, value: number): void => {
    const put = at.realBytes === 4 ? dtypes.float32.put : dtypes.float64.put;
    put(view, where, value, littleEndian);
  };
  const reals = (where: number, values: readonly number[]): void => {
    values.forEach((value, n) => {
      real(where + n * at.realBytes, value);
    });
  };
  integer(0, 4, at.size);
  const dim = [shape.length, ...shape, ...Array.from({ length: 7 }, () => 1)].slice(0, 8);
  dim.forEach((size, n) => {
    integer(at.dim[0] + n * at.dim[1], at.dim[1], size);
  });
  integer(at.datatype, 2, type.code);
  integer(at.datatype + 2, 2, type.bytes * 8);
  reals(at.pixdim, file.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  if (version === 1) {
    real(at.voxOffset, voxOffset);
  } else {
    integer(at.voxOffset, 8, voxOffset);
  }
  reals(at.slope, [file.slope ?? 0, file.intercept ?? 0]);
  integer(at.forms[0], at.forms[2], file.qformCode ?? 0);
  integer(at.forms[1], at.forms[2], file.sformCode ?? 0);
  reals(at.quaternion, [...(file.quaternion ?? [0, 0, 0]), ...(file.qoffset ?? [0, 0, 0])]);
  reals(at.sform, (file.sform ?? []).flat());
  bytes.set(Buffer.from(file.magic ?? at.magic, 'latin1'), at.magicAt);
  (file.stored ?? []).forEach((value, n) => {
    type.put(view, voxOffset + n * type.bytes, value, littleEndian);
  });
  return bytes;
}

/** The same, gzip-compressed. */
export function niftiGz(file: NiftiFile): Uint8Array {
  return gzipSync(niftiFile(file));
}
