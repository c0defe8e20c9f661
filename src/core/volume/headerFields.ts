import { formatMessage } from '../dataset/lint/rule';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import {
  guessedLittleEndian,
  magicOf,
  nifti1,
  nifti2,
  parseHeader,
  sizeFieldIs,
  type Layout,
} from './header';
import { nibabelChecks } from './headerChecks';
import type { CheckedHeader, HeaderProblem } from './headerChecks';
import { meaningOf } from './headerCodes';
import { hasForm, ownChecks } from './headerConcerns';
import type { HeaderCheck, HeaderDescription, HeaderField } from './headerDescription';
import { bytesWithExtensions, listExtensions } from './headerExtensions';
import type { ExtensionRoom } from './headerExtensions';
import { HeaderValues, nifti1Fields, nifti2Fields } from './headerValues';
import type { Affine, VolumeHeader } from './types';

/**
 * Describes the header at the beginning of a NIfTI file, however bad it is: a file that cannot be
 * opened as a volume can still be described. Fields are read in the byte order that nibabel would
 * guess; what names neither version is taken for NIfTI-1.
 *
 * @param bytes As many as {@link bytesToDescribe} says, or the whole file where it is shorter.
 * @param name What to call the file in messages.
 * @throws UserError `volume-format` where there is no whole header.
 */
export async function describeHeader(bytes: Uint8Array, name: string): Promise<HeaderDescription> {
  const stored = storedHeader(bytes, name);
  const { values, layout } = stored;
  const { extensions, problem } = listExtensions(bytes, roomOf(stored), values.littleEndian);
  const opened = await orRefusal(parseHeader(stored.bytes, name));
  const qformAffine = await affineWithoutSform(stored, name);
  const checked = { ...stored, opened, qformAffine, extensions: problem };
  return {
    format: layout.format,
    littleEndian: values.littleEndian,
    fields: values.fields.map((place) => fieldAt(values, place)),
    checks: [
      ...nibabelChecks.flatMap(({ name, find }) => checkOf(name, 'nibabel', find(stored))),
      ...ownChecks.flatMap(({ name, find }) => checkOf(name, 'ours', find(checked))),
    ].sort((a, b) => b.severity - a.severity),
    extensions,
  };
}

/** How many bytes {@link describeHeader} wants of a file that begins like this. */
export function bytesToDescribe(bytes: Uint8Array, name: string): number {
  return bytesWithExtensions(bytes, roomOf(storedHeader(bytes, name)));
}

interface StoredHeader extends CheckedHeader {
  readonly layout: Layout;
  /** The header alone. */
  readonly bytes: Uint8Array;
}

function storedHeader(file: Uint8Array, name: string): StoredHeader {
  const layout = likeliestLayout(file);
  if (file.length < layout.size) {
    throw new UserError(
      'volume-format',
      sentence`${name} has ${file.length} bytes, too few for a NIfTI header of ${layout.size}.`,
      'Copy or download the file again.',
    );
  }
  // A copy, also of a Buffer, whose slice() would share its bytes.
  const bytes = new Uint8Array(file.subarray(0, layout.size));
  const littleEndian = guessedLittleEndian(new DataView(bytes.buffer), layout);
  const fields = layout.format === 'nifti1' ? nifti1Fields : nifti2Fields;
  const [single, pair] = layout.magics;
  return {
    layout,
    bytes,
    values: new HeaderValues(bytes, fields, littleEndian),
    size: layout.size,
    magics: [single.slice(0, 3), pair.slice(0, 3)],
    firstVoxelAt: layout.firstVoxelAt,
  };
}

/** As nibabel tells the versions apart, and beyond that by any sign that is left. */
function likeliestLayout(bytes: Uint8Array): Layout {
  if (magicOf(bytes, nifti1) !== undefined) {
    return nifti1;
  }
  if (sizeFieldIs(bytes, nifti2.size)) {
    return nifti2;
  }
  return !sizeFieldIs(bytes, nifti1.size) && magicOf(bytes, nifti2) !== undefined ? nifti2 : nifti1;
}

function roomOf({ values, layout, bytes }: StoredHeader): ExtensionRoom {
  return magicOf(bytes, layout) === 'pair'
    ? { headerBytes: layout.size }
    : { headerBytes: layout.size, voxelsAt: Math.trunc(values.number('vox_offset')) || 0 };
}

async function orRefusal(parsing: Promise<VolumeHeader>): Promise<VolumeHeader | UserError> {
  try {
    return await parsing;
  } catch (error) {
    if (error instanceof UserError) {
      return error;
    }
    throw error;
  }
}

/** The affine that opening the volume would give if only its qform were there, of a header with both. */
async function affineWithoutSform(
  { values, bytes }: StoredHeader,
  name: string,
): Promise<Affine | undefined> {
  if (!hasForm(values, 'sform_code') || !hasForm(values, 'qform_code')) {
    return undefined;
  }
  const copy = new Uint8Array(bytes);
  // quatern_b is the next field.
  copy.fill(0, values.place('sform_code').at, values.place('quatern_b').at);
  const opened = await orRefusal(parseHeader(copy, name));
  return opened instanceof UserError ? undefined : opened.affine;
}

function fieldAt(
  values: HeaderValues,
  { name, stored, count, at }: HeaderValues['fields'][number],
): HeaderField {
  const meaning = meaningOf(values, name);
  return {
    name,
    type: count > 1 || stored === 'char' ? `${stored}[${count}]` : stored,
    at,
    value: values.shown(name),
    ...(meaning !== undefined && { meaning }),
  };
}

function checkOf(
  name: string,
  source: HeaderCheck['source'],
  problem: HeaderProblem | undefined,
): readonly HeaderCheck[] {
  if (!problem) {
    return [];
  }
  const { severity, template, remedy, values = {} } = problem;
  return [
    {
      name,
      source,
      severity,
      message: formatMessage(template, values),
      remedy: formatMessage(remedy, values),
      template,
      remedyTemplate: remedy,
      values,
    },
  ];
}
