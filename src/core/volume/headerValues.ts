/** The stored fields of a NIfTI header (nifti1.h, nifti2.h), every one, by name and in file order. */

/** How a number of a header is stored; `char` is text. */
type StoredNumber = 'int8' | 'uint8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64';

/** Where a field stands. */
export interface FieldPlace {
  readonly name: string;
  readonly stored: StoredNumber | 'char';
  /** Numbers, or bytes of text. */
  readonly count: number;
  /** Its first byte. */
  readonly at: number;
}

interface NumberReader {
  readonly bytes: number;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number | bigint;
}

const readers: Readonly<Record<StoredNumber, NumberReader>> = {
  int8: { bytes: 1, read: (view, at) => view.getInt8(at) },
  uint8: { bytes: 1, read: (view, at) => view.getUint8(at) },
  int16: { bytes: 2, read: (view, at, littleEndian) => view.getInt16(at, littleEndian) },
  int32: { bytes: 4, read: (view, at, littleEndian) => view.getInt32(at, littleEndian) },
  int64: { bytes: 8, read: (view, at, littleEndian) => view.getBigInt64(at, littleEndian) },
  float32: { bytes: 4, read: (view, at, littleEndian) => view.getFloat32(at, littleEndian) },
  float64: { bytes: 8, read: (view, at, littleEndian) => view.getFloat64(at, littleEndian) },
};

/** Name, form and, where it holds several, how many. */
type FieldLine = readonly [name: string, stored: FieldPlace['stored'], count?: number];

/** Each field begins where the one before ends. */
function placed(lines: readonly FieldLine[]): readonly FieldPlace[] {
  let at = 0;
  return lines.map(([name, stored, count = 1]) => {
    const place = { name, stored, count, at };
    at += count * (stored === 'char' ? 1 : readers[stored].bytes);
    return place;
  });
}

/** nifti1.h: 348 bytes. */
export const nifti1Fields = placed([
  ['sizeof_hdr', 'int32'],
  ['data_type', 'char', 10],
  ['db_name', 'char', 18],
  ['extents', 'int32'],
  ['session_error', 'int16'],
  ['regular', 'char', 1],
  ['dim_info', 'uint8'],
  ['dim', 'int16', 8],
  ['intent_p1', 'float32'],
  ['intent_p2', 'float32'],
  ['intent_p3', 'float32'],
  ['intent_code', 'int16'],
  ['datatype', 'int16'],
  ['bitpix', 'int16'],
  ['slice_start', 'int16'],
  ['pixdim', 'float32', 8],
  ['vox_offset', 'float32'],
  ['scl_slope', 'float32'],
  ['scl_inter', 'float32'],
  ['slice_end', 'int16'],
  ['slice_code', 'uint8'],
  ['xyzt_units', 'uint8'],
  ['cal_max', 'float32'],
  ['cal_min', 'float32'],
  ['slice_duration', 'float32'],
  ['toffset', 'float32'],
  ['glmax', 'int32'],
  ['glmin', 'int32'],
  ['descrip', 'char', 80],
  ['aux_file', 'char', 24],
  ['qform_code', 'int16'],
  ['sform_code', 'int16'],
  ['quatern_b', 'float32'],
  ['quatern_c', 'float32'],
  ['quatern_d', 'float32'],
  ['qoffset_x', 'float32'],
  ['qoffset_y', 'float32'],
  ['qoffset_z', 'float32'],
  ['srow_x', 'float32', 4],
  ['srow_y', 'float32', 4],
  ['srow_z', 'float32', 4],
  ['intent_name', 'char', 16],
  ['magic', 'char', 4],
]);

/** nifti2.h: 540 bytes; its magic of eight bytes as nibabel names it, text and line ends apart. */
export const nifti2Fields = placed([
  ['sizeof_hdr', 'int32'],
  ['magic', 'char', 4],
  ['eol_check', 'int8', 4],
  ['datatype', 'int16'],
  ['bitpix', 'int16'],
  ['dim', 'int64', 8],
  ['intent_p1', 'float64'],
  ['intent_p2', 'float64'],
  ['intent_p3', 'float64'],
  ['pixdim', 'float64', 8],
  ['vox_offset', 'int64'],
  ['scl_slope', 'float64'],
  ['scl_inter', 'float64'],
  ['cal_max', 'float64'],
  ['cal_min', 'float64'],
  ['slice_duration', 'float64'],
  ['toffset', 'float64'],
  ['slice_start', 'int64'],
  ['slice_end', 'int64'],
  ['descrip', 'char', 80],
  ['aux_file', 'char', 24],
  ['qform_code', 'int32'],
  ['sform_code', 'int32'],
  ['quatern_b', 'float64'],
  ['quatern_c', 'float64'],
  ['quatern_d', 'float64'],
  ['qoffset_x', 'float64'],
  ['qoffset_y', 'float64'],
  ['qoffset_z', 'float64'],
  ['srow_x', 'float64', 4],
  ['srow_y', 'float64', 4],
  ['srow_z', 'float64', 4],
  ['slice_code', 'int32'],
  ['xyzt_units', 'int32'],
  ['intent_code', 'int32'],
  ['intent_name', 'char', 16],
  ['dim_info', 'uint8'],
  ['unused_str', 'char', 15],
]);

/** Reads the fields of one header by name. */
export class HeaderValues {
  private readonly view: DataView;
  private readonly places: ReadonlyMap<string, FieldPlace>;

  /** `bytes` must hold the whole header. */
  constructor(
    private readonly bytes: Uint8Array,
    readonly fields: readonly FieldPlace[],
    readonly littleEndian: boolean,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.places = new Map(fields.map((place) => [place.name, place]));
  }

  /** Whether this version of the header has such a field. */
  has(name: string): boolean {
    return this.places.has(name);
  }

  /** Every number of a field as it is stored. */
  stored(name: string): readonly (number | bigint)[] {
    const { stored, count, at } = this.place(name);
    if (stored === 'char') {
      return [...this.bytes.subarray(at, at + count)];
    }
    const { bytes, read } = readers[stored];
    return Array.from({ length: count }, (_, n) =>
      read(this.view, at + n * bytes, this.littleEndian),
    );
  }

  /** Every number of a field; 64-bit integers may lose digits. */
  numbers(name: string): readonly number[] {
    return this.stored(name).map(Number);
  }

  number(name: string): number {
    return this.numbers(name)[0];
  }

  /** A field of text up to its first NUL: UTF-8 where it is that, else one character a byte. */
  text(name: string): string {
    const bytes = this.numbers(name);
    const end = bytes.indexOf(0);
    return decoded(end < 0 ? bytes : bytes.slice(0, end));
  }

  /** A field of text without the NULs at its end, one character a byte, as numpy has it. */
  bytesAsText(name: string): string {
    return String.fromCharCode(...this.numbers(name)).replace(/\0+$/, '');
  }

  /** A field for people: numbers as short as tells them apart, text without what works a terminal. */
  shown(name: string): string {
    const { stored } = this.place(name);
    if (stored === 'char') {
      return visibleText(this.text(name));
    }
    return this.stored(name)
      .map((value) => (stored === 'float32' ? shortestFloat32(Number(value)) : String(value)))
      .join(' ');
  }

  /** Where a field of this name stands. */
  place(name: string): FieldPlace {
    const place = this.places.get(name);
    if (!place) {
      throw new RangeError(`no header field is named ${name}`);
    }
    return place;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decoded(bytes: readonly number[]): string {
  try {
    return utf8.decode(Uint8Array.from(bytes));
  } catch {
    return String.fromCharCode(...bytes);
  }
}

/** Control and format characters as `\xNN` or `\u{…}`, so that what a file says cannot pose as more. */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** The shortest decimal that is this float32: 0.7, not 0.699999988079071. */
function shortestFloat32(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) {
      return String(short);
    }
  }
  return String(Number.isFinite(value) ? Number(value.toPrecision(9)) : value);
}
