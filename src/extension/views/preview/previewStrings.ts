import { l10n } from 'vscode';
import type { PreviewStrings } from '../../../protocol/preview';
import { windowStrings } from '../windowStrings';
import { headerPageStrings } from './headerPageStrings';
import { heatMapStrings } from './heatMaps';
import { huBannerStrings } from './huBannerStrings';
import { renderingStrings } from './renderingStrings';
import { reportPanelStrings } from './reportPanelStrings';

/** The words of the preview in the language of the editor. */
export function previewStrings(): PreviewStrings {
  return {
    ...windowStrings(),
    ...toolStrings(),
    ...panelStrings(),
    ...statusStrings(),
    huBanner: huBannerStrings(),
    heatMap: heatMapStrings(),
    headerPage: headerPageStrings(),
    rendering: renderingStrings(),
    reportPanel: reportPanelStrings(),
    planeLabel: l10n.t(
      '{0} slice {1} of {2}, {3} HU at the crosshair. Arrow keys change the slice, Shift with arrow keys moves the crosshair.',
    ),
    failed: l10n.t('This volume cannot be shown'),
    problems: {
      'volume-page-memory': {
        message: l10n.t('There is no memory for the {0} x {1} x {2} voxels of this volume.'),
        remedy: l10n.t('Close other previews, then try again.'),
      },
      'volume-short': {
        message: l10n.t('The volume ended before all of its slices had come.'),
        remedy: l10n.t('Open it again.'),
      },
      'picture-too-large': {
        message: l10n.t('A picture of {0} x {1} pixels is more than can be drawn.'),
        remedy: l10n.t('Crop or resample the volume first.'),
      },
      'picture-no-png': {
        message: l10n.t('The editor made no PNG of the picture.'),
        remedy: l10n.t('Make the window smaller, or show one plane alone.'),
      },
    },
    retry: l10n.t('Try Again'),
    showLog: l10n.t('Show Log'),
  };
}

function toolStrings() {
  return {
    toolbar: l10n.t('CT preview'),
    level: l10n.t('Level'),
    width: l10n.t('Width'),
    tool: l10n.t('What the left button does'),
    tools: {
      crosshair: l10n.t('Crosshair (Esc)'),
      window: l10n.t('HU window (W)'),
      pan: l10n.t('Move the picture (P)'),
      distance: l10n.t('Measure a distance (D)'),
      rectangle: l10n.t('HU in a rectangle (R)'),
      ellipse: l10n.t('HU in an ellipse (E)'),
    },
    removeMeasurement: l10n.t('Remove the last measurement (Delete)'),
    slab: l10n.t('Slices shown together (M)'),
    projections: {
      off: l10n.t('Single slice'),
      maximum: l10n.t('Maximum'),
      minimum: l10n.t('Minimum'),
      mean: l10n.t('Mean'),
    },
    thickness: l10n.t('mm'),
    layout: l10n.t('Planes shown (F)'),
    allPlanes: l10n.t('Three planes'),
    source: l10n.t('What is shown: the volume, or what a model gets of it (S)'),
    rawVolume: l10n.t('Volume'),
    conventions: {
      radiological: l10n.t('R | L'),
      neurological: l10n.t('L | R'),
    },
    conventionHints: {
      radiological: l10n.t("Radiological: the patient's right is on the left"),
      neurological: l10n.t("Neurological: the patient's left is on the left"),
    },
    centerHint: l10n.t('Crosshair to the centre of the volume (C)'),
    fitHint: l10n.t('Fit the pictures (0)'),
    crosshair: l10n.t('Show the crosshair (X)'),
    renderingHint: l10n.t('3-D rendering (T)'),
    overlayHint: l10n.t('Lay a mask or label volume over this one'),
    compareHint: l10n.t('Compare with another volume'),
    copyHint: l10n.t('Copy the view as a picture'),
    saveHint: l10n.t('Save the view as PNG'),
    copied: l10n.t('The view is on the clipboard.'),
    panel: l10n.t('Details'),
  } satisfies Partial<PreviewStrings>;
}

function panelStrings() {
  return {
    report: l10n.t('Report'),
    facts: l10n.t('Header'),
    histogram: l10n.t('Histogram'),
    histogramLabel: l10n.t(
      'Voxels by their HU, on a logarithmic scale; the table below has the numbers',
    ),
    histogramNote: l10n.t('Shaded: the window that is shown, {0} to {1} HU'),
    histogramFrom: l10n.t('From HU'),
    histogramTo: l10n.t('To HU'),
    histogramVoxels: l10n.t('Voxels'),
    notYet: l10n.t('Once the whole volume has arrived.'),
    counting: l10n.t('Counting voxels…'),
    keys: l10n.t('Keys'),
    keyRows: keyRows(),
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
  } satisfies Partial<PreviewStrings>;
}

function keyRows(): PreviewStrings['keyRows'] {
  return [
    [l10n.t('Wheel, ↑ ↓'), l10n.t('next or previous slice')],
    [l10n.t('Page Up, Page Down'), l10n.t('ten slices')],
    [l10n.t('Home, End'), l10n.t('first or last slice')],
    [l10n.t('Click, drag'), l10n.t('move the crosshair')],
    [l10n.t('Shift + arrows'), l10n.t('move the crosshair by a voxel')],
    [
      l10n.t('Right drag, Shift + drag'),
      l10n.t('HU window: sideways the width, up and down the level'),
    ],
    [l10n.t('Ctrl + wheel, + −'), l10n.t('zoom')],
    [l10n.t('Middle drag, Ctrl + drag'), l10n.t('move the picture')],
    [l10n.t('Double click, F'), l10n.t('one plane alone, or all')],
    ['0', l10n.t('fit the pictures')],
    ['1 2 3 4 5', l10n.t('lung, mediastinum, bone, soft tissue, brain')],
    ['D R E', l10n.t('distance, rectangle, ellipse: drag, or mark both ends with Enter')],
    [l10n.t('Delete'), l10n.t('remove the last measurement')],
    ['M [ ]', l10n.t('maximum, minimum, mean of a slab; thinner, thicker')],
    ['N', l10n.t('radiological or neurological')],
    ['C', l10n.t('crosshair to the centre')],
    ['X', l10n.t('show or hide the crosshair')],
    ['T', l10n.t('3-D rendering')],
    ['S', l10n.t('what a model gets of the volume')],
    ['O I G ?', l10n.t('report, header, histogram, keys')],
    ['V', l10n.t('read the voxel out (screen reader)')],
  ];
}

function statusStrings() {
  return {
    voxel: l10n.t('Voxel'),
    world: l10n.t('World'),
    hu: l10n.t('HU'),
    distanceValue: l10n.t('{0} mm'),
    areaValue: l10n.t('{0} mm²'),
    regionValue: l10n.t('mean {0}, SD {1}, {2} … {3} HU'),
    arrived: l10n.t('{0} read'),
    sliceUnderWay: l10n.t('{0} → {1} of {2}'),
    proxyNote: l10n.t('Large volume: overview of {0} × {0} × {0} voxels, single slices in full'),
    framesNote: l10n.t('Frame 1 of {0}'),
    overlayElsewhere: l10n.t('{0} lies outside this volume: nothing of it can be seen here.'),
    obliqueNote: l10n.t('Oblique volume, resampled for display'),
    opacity: l10n.t('Opacity'),
    removeOverlay: l10n.t('Take the overlay away'),
    heatScale: l10n.t('Blue speaks against, red for; strongest at {0}'),
    unknownOrientation: l10n.t('The header gives no usable orientation: sides are not marked'),
  } satisfies Partial<PreviewStrings>;
}
