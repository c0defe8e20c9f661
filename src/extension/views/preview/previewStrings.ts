import { l10n } from 'vscode';
import type { PreviewStrings } from '../../../protocol/preview';
import { windowStrings } from '../windowStrings';

/** The preview's words in the language of the editor. */
export function previewStrings(): PreviewStrings {
  return {
    ...windowStrings(),
    planeLabel: l10n.t(
      '{0} slice {1} of {2}, {3} HU at the crosshair. Arrow keys change the slice, Shift with arrow keys moves the crosshair.',
    ),
    level: l10n.t('Level'),
    width: l10n.t('Width'),
    center: l10n.t('Centre'),
    centerHint: l10n.t('Crosshair to the centre of the volume (C)'),
    crosshair: l10n.t('Show the crosshair (X)'),
    facts: l10n.t('Header'),
    keys: l10n.t('Keys and mouse'),
    keyRows: [
      [l10n.t('Wheel, ↑ ↓'), l10n.t('next or previous slice')],
      [l10n.t('Page Up, Page Down'), l10n.t('ten slices')],
      [l10n.t('Home, End'), l10n.t('first or last slice')],
      [l10n.t('Click, drag'), l10n.t('move the crosshair')],
      [l10n.t('Shift + arrows'), l10n.t('move the crosshair by a voxel')],
      [
        l10n.t('Right drag, Shift + drag'),
        l10n.t('HU window: sideways the width, up and down the level'),
      ],
      ['1 2 3 4', l10n.t('lung, mediastinum, bone, soft tissue')],
      ['C', l10n.t('crosshair to the centre')],
      ['X', l10n.t('show or hide the crosshair')],
      ['I', l10n.t('show or hide the header')],
      ['V', l10n.t('read the voxel out (screen reader)')],
    ],
    voxel: l10n.t('Voxel'),
    world: l10n.t('World'),
    hu: l10n.t('HU'),
    loading: l10n.t('Opening the volume'),
    failed: l10n.t('This volume cannot be shown'),
    retry: l10n.t('Try Again'),
    showLog: l10n.t('Show Log'),
    file: l10n.t('File'),
    format: l10n.t('Format'),
    shape: l10n.t('Shape'),
    spacing: l10n.t('Spacing'),
    orientation: l10n.t('Orientation'),
    dtype: l10n.t('Stored type'),
    slope: l10n.t('Slope, intercept'),
    range: l10n.t('Value range'),
    frames: l10n.t('Frames'),
    firstFrame: l10n.t('{0} (the first is shown)'),
    affine: l10n.t('Affine'),
    huSource: l10n.t('Source of HU'),
    huSources: {
      slope_intercept: l10n.t('slope and intercept of the header'),
      stored: l10n.t('stored values as they are'),
      uncertain: l10n.t('uncertain'),
    },
    radiological: l10n.t("Radiological: the patient's right is on the left"),
    unknownOrientation: l10n.t('The header gives no usable orientation: sides are not marked'),
  };
}
