import type { UserError } from '../errors';
import { worldOf } from './affine';
import { plausibleSpacingMm, sizesDisagree } from './describe';
import type { HeaderProblem } from './headerChecks';
import { lengthUnit } from './headerCodes';
import type { HeaderValues } from './headerValues';
import type { Affine, VolumeHeader } from './types';

/** What our own checks look at: the stored header, and what opening the volume makes of it. */
export interface OpenedHeader {
  readonly values: HeaderValues;
  /** The header as volumes are opened with it, or why they are not. */
  readonly opened: VolumeHeader | UserError;
  /** What the affine would be without the sform, where there is a usable qform too. */
  readonly qformAffine?: Affine;
  readonly extensions?: HeaderProblem;
}

/** One check that nibabel does not make and that matters for CT. */
export interface OwnCheck {
  readonly name: string;
  readonly find: (header: OpenedHeader) => HeaderProblem | undefined;
}

/** The texts of our checks. Levels as nibabel's: 40 where the volume is refused, 30 where what is shown may be wrong. */
export const ownProblems = {
  refused: {
    severity: 40,
    template: 'the volume is not opened: {problem}',
    // Whatever the refusal says to do.
    remedy: '{remedy}',
  },
  intercept: {
    severity: 30,
    template: 'scl_slope is {slope}, so scl_inter {intercept} does not count',
    remedy: 'If the intercept is meant, set scl_slope to 1: without it the values are no HU.',
  },
  noForm: {
    severity: 30,
    template: 'neither sform nor qform gives an orientation',
    remedy: 'As nibabel does, we take the axes for left, anterior, superior: sides may be swapped.',
  },
  forms: {
    severity: 20,
    template: 'sform and qform place voxels up to {distance} mm apart',
    remedy: 'As in nibabel, the sform counts; programs that take the qform show another place.',
  },
  singular: {
    severity: 30,
    template: 'the affine is singular',
    remedy: 'Left and right cannot be told; convert the volume again from its DICOM files.',
  },
  sizes: {
    severity: 30,
    template: 'pixdim and the affine give different voxel sizes',
    remedy: 'Find out which is true: distances and places in the world may come from either.',
  },
  shear: {
    severity: 20,
    template: 'the axes of the affine are not at right angles, {angle}° off',
    remedy:
      'Probably a tilted gantry: a program that ignores it shows and measures the volume askew.',
  },
  spacing: {
    severity: 30,
    template: 'voxels of {sizes} mm are no CT',
    remedy: 'The sizes are probably in another unit than millimetres; write them in millimetres.',
  },
  unit: {
    severity: 30,
    template: 'xyzt_units says {unit}, but sizes are taken as millimetres',
    remedy: 'nibabel does not convert them either: write sizes and affine in millimetres.',
  },
  noUnit: {
    severity: 10,
    template: 'xyzt_units names no unit of length',
    remedy: 'Millimetres are assumed, as nearly every program does.',
  },
} as const satisfies Readonly<Record<string, HeaderProblem>>;

/** Looked at only where the volume can be opened. */
function whenOpened(
  find: (opened: VolumeHeader, header: OpenedHeader) => HeaderProblem | undefined,
): OwnCheck['find'] {
  return (header) => (header.opened instanceof Error ? undefined : find(header.opened, header));
}

export const ownChecks: readonly OwnCheck[] = [
  {
    name: 'opening',
    find: ({ opened }) =>
      opened instanceof Error
        ? {
            ...ownProblems.refused,
            values: { problem: opened.message, remedy: opened.remedy },
          }
        : undefined,
  },
  { name: 'scl_inter', find: ({ values }) => interceptProblem(values) },
  {
    name: 'forms',
    find: ({ values }) =>
      hasForm(values, 'sform_code') || hasForm(values, 'qform_code')
        ? undefined
        : ownProblems.noForm,
  },
  { name: 'sform_qform', find: whenOpened(formsProblem) },
  {
    name: 'affine',
    find: whenOpened(({ axcodes }) => (axcodes.includes('?') ? ownProblems.singular : undefined)),
  },
  {
    name: 'voxel_sizes',
    find: whenOpened((opened) =>
      sizesDisagree(opened) && !opened.axcodes.includes('?') ? ownProblems.sizes : undefined,
    ),
  },
  { name: 'shear', find: whenOpened(shearProblem) },
  { name: 'spacing', find: whenOpened(({ spacingMm }) => spacingProblem(spacingMm)) },
  { name: 'xyzt_units', find: ({ values }) => unitProblem(values.number('xyzt_units')) },
  { name: 'extensions', find: ({ extensions }) => extensions },
];

/** Codes that the standard does not know count as none. */
export function hasForm(values: HeaderValues, field: string): boolean {
  const code = values.number(field);
  return code >= 1 && code <= 5;
}

function interceptProblem(values: HeaderValues): HeaderProblem | undefined {
  const [slope, intercept] = [values.number('scl_slope'), values.number('scl_inter')];
  const isScaled = slope !== 0 && Number.isFinite(slope);
  return isScaled || intercept === 0 || !Number.isFinite(intercept)
    ? undefined
    : {
        ...ownProblems.intercept,
        values: { slope: values.shown('scl_slope'), intercept: values.shown('scl_inter') },
      };
}

/** Where the forms place some corner of the volume more than half a voxel apart. */
function formsProblem(
  { affine, shape, spacingMm }: VolumeHeader,
  { qformAffine }: OpenedHeader,
): HeaderProblem | undefined {
  if (!qformAffine) {
    return undefined;
  }
  const ends = shape.map((count) => [0, count - 1]);
  const distances = ends[0].flatMap((i) =>
    ends[1].flatMap((j) =>
      ends[2].map((k) => {
        const [a, b] = [worldOf(affine, [i, j, k]), worldOf(qformAffine, [i, j, k])];
        return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
      }),
    ),
  );
  const distance = Math.max(...distances);
  return distance > Math.min(...spacingMm) / 2
    ? { ...ownProblems.forms, values: { distance: distance.toFixed(1) } }
    : undefined;
}

/** Less is rounding of what was stored. */
const leastShearDegrees = 0.5;

function shearProblem({ affine, axcodes }: VolumeHeader): HeaderProblem | undefined {
  const columns = [0, 1, 2].map((axis) => [affine[0][axis], affine[1][axis], affine[2][axis]]);
  const degrees = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([a, b]) => Math.abs(90 - angleBetween(columns[a], columns[b])));
  const most = Math.max(...degrees);
  return most > leastShearDegrees && !axcodes.includes('?')
    ? { ...ownProblems.shear, values: { angle: most.toFixed(1) } }
    : undefined;
}

/** Degrees; NaN where either has no length. */
function angleBetween(a: readonly number[], b: readonly number[]): number {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cosine = dot / (Math.hypot(...a) * Math.hypot(...b));
  return (180 / Math.PI) * Math.acos(Math.max(-1, Math.min(1, cosine)));
}

function spacingProblem(spacingMm: VolumeHeader['spacingMm']): HeaderProblem | undefined {
  const [least, most] = plausibleSpacingMm;
  return spacingMm.some((step) => step < least || step > most)
    ? {
        ...ownProblems.spacing,
        values: { sizes: spacingMm.map((step) => String(Number(step.toPrecision(4)))).join(' × ') },
      }
    : undefined;
}

function unitProblem(code: number): HeaderProblem | undefined {
  const unit = lengthUnit(code);
  if (unit === 'mm') {
    return undefined;
  }
  return unit === 'meter' || unit === 'micron'
    ? { ...ownProblems.unit, values: { unit } }
    : ownProblems.noUnit;
}
