import type { HeaderValues } from './headerValues';
import { storedTypeOfCode } from './storedTypes';

/** What the codes of a header mean, in nibabel's words where it has some (those of nifti1.h). */

/** A name for codes that the standard does not know. */
const unknownCode = (code: number): string => `unknown code ${code}`;

/** Datatypes that are no type of a single real number; bits as nibabel counts them, 0 for "cannot". */
const otherDatatypes: Readonly<Record<number, readonly [name: string, bits: number]>> = {
  0: ['none', 0],
  1: ['binary', 0],
  32: ['complex64', 64],
  128: ['RGB', 24],
  255: ['all', 0],
  1536: ['float128', 0],
  1792: ['complex128', 128],
  2048: ['complex256', 0],
  2304: ['RGBA', 32],
};

/** Name and size of a datatype code; undefined for one that the standard does not know. */
export function datatypeOfCode(code: number): readonly [name: string, bits: number] | undefined {
  const type = storedTypeOfCode(code);
  return type ? [type.dtype, 8 * type.bytes] : otherDatatypes[code];
}

/** What qform_code and sform_code may be. */
export const formNames: readonly string[] = [
  'unknown',
  'scanner',
  'aligned',
  'talairach',
  'mni',
  'template',
];

const sliceOrders: readonly string[] = [
  'unknown',
  'sequential increasing',
  'sequential decreasing',
  'alternating increasing',
  'alternating decreasing',
  'alternating increasing 2',
  'alternating decreasing 2',
];

const lengthUnits: readonly string[] = ['unknown', 'meter', 'mm', 'micron'];
const otherUnits: Readonly<Record<number, string>> = {
  0: 'unknown',
  8: 'sec',
  16: 'msec',
  24: 'usec',
  32: 'hz',
  40: 'ppm',
  48: 'rads',
};

const intents: Readonly<Record<number, string>> = {
  0: 'none',
  2: 'correlation',
  3: 't test',
  4: 'f test',
  5: 'z score',
  6: 'chi2',
  7: 'beta',
  8: 'binomial',
  9: 'gamma',
  10: 'poisson',
  11: 'normal',
  12: 'non central f test',
  13: 'non central chi2',
  14: 'logistic',
  15: 'laplace',
  16: 'uniform',
  17: 'non central t test',
  18: 'weibull',
  19: 'chi',
  20: 'inverse gaussian',
  21: 'extreme value 1',
  22: 'p value',
  23: 'log p value',
  24: 'log10 p value',
  1001: 'estimate',
  1002: 'label',
  1003: 'neuroname',
  1004: 'general matrix',
  1005: 'symmetric matrix',
  1006: 'displacement vector',
  1007: 'vector',
  1008: 'pointset',
  1009: 'triangle',
  1010: 'quaternion',
  1011: 'dimensionless',
  2001: 'time series',
  2002: 'node index',
  2003: 'rgb vector',
  2004: 'rgba vector',
  2005: 'shape',
  2006: 'fnirt disp field',
  2007: 'fnirt cubic spline coef',
  2008: 'fnirt dct coef',
  2009: 'fnirt quad spline coef',
  2016: 'topup cubic spline coef',
  2017: 'topup quad spline coef',
  2018: 'topup field',
};

/** Codes of header extensions (nifti1_io.h). */
const extensionCodes: Readonly<Record<number, string>> = {
  0: 'ignore',
  2: 'dicom',
  4: 'afni',
  6: 'comment',
  8: 'xcede',
  10: 'jimdiminfo',
  12: 'workflow_fwds',
  14: 'freesurfer',
  16: 'pypickle',
  18: 'mind_ident',
  20: 'b_value',
  22: 'spherical_direction',
  24: 'dt_component',
  26: 'shc_degreeorder',
  28: 'voxbo',
  30: 'caret',
  32: 'cifti',
  34: 'variable_frame_timing',
  38: 'eval',
  40: 'matlab',
  42: 'quantiphyse',
  44: 'mrs',
};

export function extensionName(code: number): string {
  return extensionCodes[code] ?? unknownCode(code);
}

/** Unit of the first three pixdims: the lowest three bits of xyzt_units. */
export function lengthUnit(xyztUnits: number): string {
  const code = xyztUnits & 7;
  return lengthUnits[code] ?? unknownCode(code);
}

/** Fields whose value is a code or needs a word; those that are not here speak for themselves. */
const meanings: Readonly<
  Record<string, (values: HeaderValues, name: string) => string | undefined>
> = {
  datatype: coded((code) => datatypeOfCode(code)?.[0]),
  qform_code: coded((code) => formNames[code]),
  sform_code: coded((code) => formNames[code]),
  slice_code: coded((code) => sliceOrders[code]),
  intent_code: coded((code) => intents[code]),
  xyzt_units: (values, name) => {
    const code = values.number(name);
    const other = code & ~7;
    return `${lengthUnit(code)}, ${otherUnits[other] ?? unknownCode(other)}`;
  },
  dim_info: (values, name) => {
    const code = values.number(name);
    const axis = (shift: number): string => 'none i j k'.split(' ')[(code >> shift) & 3];
    return code === 0 ? 'none' : `frequency ${axis(0)}, phase ${axis(2)}, slice ${axis(4)}`;
  },
  dim: (values, name) => {
    const [axes, ...sizes] = values.numbers(name);
    return axes >= 1 && axes <= 7 ? sizes.slice(0, axes).join(' × ') : undefined;
  },
  pixdim: (values, name) => (values.numbers(name)[0] === -1 ? 'qfac −1' : 'qfac 1'),
  scl_slope: (values, name) => {
    const slope = values.number(name);
    return slope === 0 || !Number.isFinite(slope) ? 'not scaled' : undefined;
  },
  magic: (values, name) => magicMeanings[values.bytesAsText(name)],
  eol_check: (values, name) =>
    values.numbers(name).join(' ') === soundLineEnds ? 'CR LF SUB LF' : undefined,
};

const magicMeanings: Readonly<Record<string, string>> = {
  'n+1': 'header and voxels in one file',
  'n+2': 'header and voxels in one file',
  ni1: 'header beside its .img',
  ni2: 'header beside its .img',
};

/** What eol_check of NIfTI-2 must be: line ends that a careless copy would change. */
export const soundLineEnds = '13 10 26 10';

/** Meanings that are words of a language, for translators; the others are names. */
export const wordedMeanings: readonly string[] = [
  ...new Set([...formNames, ...sliceOrders, ...Object.values(magicMeanings), 'none', 'not scaled']),
];

function coded(nameOf: (code: number) => string | undefined) {
  return (values: HeaderValues, name: string): string => {
    const code = values.number(name);
    return nameOf(code) ?? unknownCode(code);
  };
}

/** What the value of a field means; undefined where it needs no word. */
export function meaningOf(values: HeaderValues, name: string): string | undefined {
  return Object.hasOwn(meanings, name) ? meanings[name](values, name) : undefined;
}
