import type { VolumeFindings } from '../../core/volume/describe';
import type { PreviewStrings, PreviewVolume } from '../../protocol/preview';
import { inWords } from '../../core/sentence';
import { definitions, element } from '../shared/dom';
import { decimal, fill } from '../shared/format';

/** What the header says of a volume in short, and what its voxels tell once they are all there. */
export function factsPanel(
  volume: PreviewVolume,
  findings: VolumeFindings | undefined,
  strings: PreviewStrings,
): HTMLElement {
  return element(
    'section',
    { class: 'facts', 'aria-label': strings.facts },
    noteOf(findings),
    definitions(factRows(volume, findings, strings)),
    element('h2', {}, strings.affine),
    affineTable(volume),
  );
}

function factRows(
  { fileName, header }: PreviewVolume,
  findings: VolumeFindings | undefined,
  strings: PreviewStrings,
): (readonly [string, string])[] {
  const times = (values: readonly number[], digits: number): string =>
    values.map((value) => decimal(value, digits)).join(' × ');
  const format = header.format === 'nifti1' ? 'NIfTI-1' : 'NIfTI-2';
  return [
    [strings.file, fileName],
    [strings.format, `${format}, ${header.littleEndian ? 'little-endian' : 'big-endian'}`],
    [strings.shape, times(header.shape, 0)],
    ...(header.frames > 1
      ? [[strings.frames, fill(strings.firstFrame, header.frames)] as const]
      : []),
    [strings.spacing, `${times(header.spacingMm, 4)} mm`],
    [strings.orientation, header.axcodes],
    [strings.dtype, header.dtype],
    [strings.slope, `${decimal(header.slope, 6)}, ${decimal(header.intercept, 6)}`],
    ...foundRows(findings, strings),
  ];
}

function foundRows(
  findings: VolumeFindings | undefined,
  strings: PreviewStrings,
): (readonly [string, string])[] {
  if (findings === undefined) {
    return [];
  }
  const { min, max, hu_source } = findings.info;
  const range = min === null || max === null ? '–' : `${decimal(min, 2)} … ${decimal(max, 2)}`;
  return [
    [strings.range, range],
    [strings.huSource, strings.huSources[hu_source]],
  ];
}

/** What deserves a second look. */
function noteOf(findings: VolumeFindings | undefined): HTMLElement | undefined {
  const notes = findings?.notes ?? [];
  return notes.length === 0
    ? undefined
    : element('p', { class: 'warning', role: 'note' }, notes.map(inWords).join(' '));
}

function affineTable({ header }: PreviewVolume): HTMLElement {
  return element(
    'table',
    { class: 'affine' },
    ...header.affine.map((row) =>
      element('tr', {}, ...row.map((value) => element('td', {}, decimal(value, 3)))),
    ),
  );
}
