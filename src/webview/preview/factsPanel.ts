import type { PreviewStrings, PreviewVolume } from '../../protocol/preview';
import { definitions, element } from '../shared/dom';
import { decimal, fill } from '../shared/format';

/** The side panel: what the header says, whether the values are HU, keys and mouse. */
export function factsPanel(volume: PreviewVolume, strings: PreviewStrings): HTMLElement {
  return element(
    'aside',
    { class: 'facts', 'aria-label': strings.facts },
    huWarning(volume, strings),
    element('h2', {}, strings.facts),
    definitions(headerRows(volume, strings)),
    element('h2', {}, strings.affine),
    affineTable(volume),
    element('h2', {}, strings.keys),
    definitions(strings.keyRows),
  );
}

function headerRows(
  { fileName, header, info }: PreviewVolume,
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
    [
      strings.range,
      info.min === null || info.max === null
        ? '–'
        : `${decimal(info.min, 2)} … ${decimal(info.max, 2)}`,
    ],
    [strings.huSource, strings.huSources[info.hu_source]],
  ];
}

/** Why the numbers deserve a second look; undefined where they do not. */
export function huWarning(
  { info }: PreviewVolume,
  strings: PreviewStrings,
): HTMLElement | undefined {
  if (info.hu_source !== 'uncertain' && info.note === undefined) {
    return undefined;
  }
  return element(
    'p',
    { class: 'warning', role: 'note' },
    info.hu_source === 'uncertain' ? element('strong', {}, strings.huWarning) : undefined,
    info.note ?? '',
  );
}

function affineTable({ info }: PreviewVolume): HTMLElement {
  return element(
    'table',
    { class: 'affine' },
    ...info.affine.map((row) =>
      element('tr', {}, ...row.map((value) => element('td', {}, decimal(value, 3)))),
    ),
  );
}
