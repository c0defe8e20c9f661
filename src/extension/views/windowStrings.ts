import { l10n } from 'vscode';
import type { WindowStrings } from '../../protocol/preview';

/** Words for pictures of volumes in the language of the editor. */
export function windowStrings(): WindowStrings {
  return {
    planes: {
      axial: l10n.t('Axial'),
      coronal: l10n.t('Coronal'),
      sagittal: l10n.t('Sagittal'),
    },
    slice: l10n.t('{0} slice'),
    sliceOf: l10n.t('{0} of {1}'),
    windows: {
      lung: l10n.t('Lung'),
      mediastinum: l10n.t('Mediastinum'),
      bone: l10n.t('Bone'),
      soft: l10n.t('Soft tissue'),
      brain: l10n.t('Brain'),
    },
    window: l10n.t('HU window'),
    windowHint: l10n.t('{0}: level {1} HU, width {2} HU (key {3})'),
    huWarning: l10n.t('These values may not be HU'),
  };
}
