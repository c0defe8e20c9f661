import { datatypeOfCode, formNames, soundLineEnds } from './headerCodes';
import { visibleText } from './headerValues';
import type { HeaderValues } from './headerValues';

/** What is wrong with a header; `{name}` in either text stands for one of the values. */
export interface HeaderProblem {
  /** nibabel's problem level, 1 to 50: 10 debug, 20 info, 30 warning, from 40 on it is an error. */
  readonly severity: number;
  readonly template: string;
  readonly remedy: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** A header and what its version of the standard demands. */
export interface CheckedHeader {
  readonly values: HeaderValues;
  /** What sizeof_hdr must be. */
  readonly size: number;
  /** Magic of a single file, of a header beside its .img; without NULs. */
  readonly magics: readonly [single: string, pair: string];
  /** First byte a voxel of a single file may stand at. */
  readonly firstVoxelAt: number;
}

export interface NibabelCheck {
  /** nibabel's method of this check is `_chk_NAME`. */
  readonly name: string;
  readonly find: (header: CheckedHeader) => HeaderProblem | undefined;
}

/** nibabel's messages word for word (its analyze.py, nifti1.py, nifti2.py), and what it does then. */
export const nibabelProblems = {
  size: {
    severity: 30,
    template: 'sizeof_hdr should be {size}',
    remedy: 'nibabel reads it as {size}, and so do we.',
  },
  unknownDatatype: {
    severity: 40,
    template: 'data code {code} not recognized',
    remedy:
      'nibabel does not attempt a fix: write the volume again with a datatype of the standard.',
  },
  emptyDatatype: {
    severity: 40,
    template: 'data code {code} not supported',
    remedy:
      'nibabel does not attempt a fix: write the volume again with integers or floating-point numbers.',
  },
  bitpixUnknown: {
    severity: 10,
    template: 'no valid datatype to fix bitpix',
    remedy: 'nibabel has no way to fix it: mend datatype first.',
  },
  bitpix: {
    severity: 10,
    template: 'bitpix does not match datatype',
    remedy: 'nibabel takes the {bits} bits of the datatype, and so do we.',
  },
  zeroSizes: {
    severity: 30,
    template: 'pixdim[1,2,3] should be non-zero',
    remedy:
      'nibabel takes 1 for 0, and so do we: distances are wrong until the true sizes stand there.',
  },
  negativeSizes: {
    severity: 35,
    template: 'pixdim[1,2,3] should be positive',
    remedy: 'nibabel takes the absolute values, and so do we.',
  },
  zeroAndNegativeSizes: {
    severity: 35,
    template: 'pixdim[1,2,3] should be non-zero and pixdim[1,2,3] should be positive',
    remedy:
      'nibabel takes 1 for 0 and the absolute values, and so do we: distances are wrong until the true sizes stand there.',
  },
  qfac: {
    severity: 20,
    template: 'pixdim[0] (qfac) should be 1 (default) or -1',
    remedy: 'nibabel takes 1, and so do we; it matters only where the qform gives the orientation.',
  },
  magic: {
    severity: 45,
    template: 'magic string "{magic}" is not valid',
    remedy:
      'nibabel leaves it as is, and refuses the file. {single} or {pair} must stand there; an Analyze 7.5 file must be converted first.',
  },
  lowOffset: {
    severity: 40,
    template: 'vox offset {offset} too low for single file nifti1',
    remedy:
      'nibabel would take the minimum of {least}, but refuses the file: write it again with the tool that made it.',
  },
  oddOffset: {
    severity: 30,
    template: 'vox offset (={offset}) not divisible by 16, not SPM compatible',
    remedy: 'nibabel leaves it at that, and so do we; only SPM cannot read the file.',
  },
  form: {
    severity: 30,
    template: '{field} {code} not valid',
    remedy: 'nibabel takes 0 (unknown), and so do we: this form gives no orientation.',
  },
  lineEndsMissing: {
    severity: 20,
    template: 'EOL check all 0',
    remedy: 'nibabel takes 13, 10, 26, 10; the voxels are read all the same.',
  },
  lineEndsChanged: {
    severity: 40,
    template: 'EOL check not 0 or 13, 10, 26, 10; data may be corrupted by EOL conversion',
    remedy:
      'nibabel would take 13, 10, 26, 10, but refuses the file: copy it again, as binary and not as text.',
  },
} as const satisfies Readonly<Record<string, HeaderProblem>>;

/** In nibabel's order. */
export const nibabelChecks: readonly NibabelCheck[] = [
  {
    name: 'sizeof_hdr',
    find: ({ values, size }) =>
      values.number('sizeof_hdr') === size
        ? undefined
        : { ...nibabelProblems.size, values: { size } },
  },
  { name: 'datatype', find: ({ values }) => datatypeProblem(values.number('datatype')) },
  { name: 'bitpix', find: ({ values }) => bitpixProblem(values) },
  { name: 'pixdims', find: ({ values }) => sizesProblem(values.numbers('pixdim').slice(1, 4)) },
  {
    name: 'qfac',
    find: ({ values }) =>
      Math.abs(values.number('pixdim')) === 1 ? undefined : nibabelProblems.qfac,
  },
  { name: 'magic', find: magicProblem },
  { name: 'offset', find: offsetProblem },
  { name: 'qform_code', find: ({ values }) => formProblem(values, 'qform_code') },
  { name: 'sform_code', find: ({ values }) => formProblem(values, 'sform_code') },
  { name: 'eol_check', find: ({ values }) => lineEndsProblem(values) },
];

function datatypeProblem(code: number): HeaderProblem | undefined {
  const bits = datatypeOfCode(code)?.[1];
  if (bits === undefined) {
    return { ...nibabelProblems.unknownDatatype, values: { code } };
  }
  return bits === 0 ? { ...nibabelProblems.emptyDatatype, values: { code } } : undefined;
}

function bitpixProblem(values: HeaderValues): HeaderProblem | undefined {
  const bits = datatypeOfCode(values.number('datatype'))?.[1];
  if (bits === undefined) {
    return nibabelProblems.bitpixUnknown;
  }
  return bits === values.number('bitpix')
    ? undefined
    : { ...nibabelProblems.bitpix, values: { bits } };
}

function sizesProblem(sizes: readonly number[]): HeaderProblem | undefined {
  const hasZero = sizes.includes(0);
  if (sizes.some((size) => size < 0)) {
    return hasZero ? nibabelProblems.zeroAndNegativeSizes : nibabelProblems.negativeSizes;
  }
  return hasZero ? nibabelProblems.zeroSizes : undefined;
}

function magicProblem({
  values,
  magics: [single, pair],
}: CheckedHeader): HeaderProblem | undefined {
  const magic = values.bytesAsText('magic');
  return magic === single || magic === pair
    ? undefined
    : { ...nibabelProblems.magic, values: { magic: visibleText(magic), single, pair } };
}

function offsetProblem(header: CheckedHeader): HeaderProblem | undefined {
  const { values, magics, firstVoxelAt } = header;
  const [stored] = values.stored('vox_offset');
  const offset = Number(stored);
  if (offset === 0) {
    return undefined;
  }
  if (values.bytesAsText('magic') === magics[0] && offset < firstVoxelAt) {
    return {
      ...nibabelProblems.lowOffset,
      values: { offset: wholeNumber(stored), least: firstVoxelAt },
    };
  }
  const isMultiple = typeof stored === 'bigint' ? stored % 16n === 0n : stored % 16 === 0;
  return isMultiple
    ? undefined
    : { ...nibabelProblems.oddOffset, values: { offset: sixDigits(offset) } };
}

function formProblem(values: HeaderValues, field: string): HeaderProblem | undefined {
  const code = values.number(field);
  return code in formNames ? undefined : { ...nibabelProblems.form, values: { field, code } };
}

function lineEndsProblem(values: HeaderValues): HeaderProblem | undefined {
  const found = values.has('eol_check') ? values.numbers('eol_check').join(' ') : soundLineEnds;
  if (found === soundLineEnds) {
    return undefined;
  }
  return found === '0 0 0 0' ? nibabelProblems.lineEndsMissing : nibabelProblems.lineEndsChanged;
}

/** Python's `%d`. */
function wholeNumber(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isFinite(value)
    ? String(BigInt(typeof value === 'bigint' ? value : Math.trunc(value)))
    : String(value);
}

/** Python's `:g`: six digits, an exponent from a million on or below a ten-thousandth. */
function sixDigits(value: number): string {
  if (!Number.isFinite(value)) {
    return String(value).replace('Infinity', 'inf').replace('NaN', 'nan');
  }
  const [digits, exponent] = value.toExponential(5).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) {
    return String(Number(value.toPrecision(6)));
  }
  const sign = power < 0 ? '-' : '+';
  return `${Number(digits)}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}
