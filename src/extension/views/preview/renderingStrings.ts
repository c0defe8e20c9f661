import { l10n } from 'vscode';
import type { RenderingStrings } from '../../../protocol/rendering';

/** The words of the 3-D rendering in the language of the editor. */
export function renderingStrings(): RenderingStrings {
  return {
    title: l10n.t('3-D rendering'),
    preset: l10n.t('What the rendering shows'),
    presets: {
      lung: l10n.t('Lungs'),
      bone: l10n.t('Bones'),
      soft: l10n.t('Soft tissues'),
      vessels: l10n.t('Vessels'),
      skin: l10n.t('Skin'),
    },
    presetHints: {
      lung: l10n.t('Lungs and airways: −920 to −200 HU'),
      bone: l10n.t('Bones: from 120 HU'),
      soft: l10n.t('Muscles, heart and other soft tissue: from −10 HU'),
      vessels: l10n.t('Vessels with contrast medium: from 110 HU'),
      skin: l10n.t('The surface of the body: from −500 HU'),
    },
    view: l10n.t('Side that the patient is seen from'),
    views: {
      anterior: l10n.t('from the front'),
      posterior: l10n.t('from the back'),
      right: l10n.t('from the right'),
      left: l10n.t('from the left'),
      superior: l10n.t('from above'),
      inferior: l10n.t('from below'),
    },
    viewHint: l10n.t('See the patient {0} (key {1})'),
    cutAway: l10n.t('Cut away at the crosshair'),
    cutAwayHint: l10n.t('Takes away what lies before a plane of the crosshair'),
    noCut: l10n.t('No cut'),
    cutPlanes: {
      axial: l10n.t('Axial cut'),
      coronal: l10n.t('Coronal cut'),
      sagittal: l10n.t('Sagittal cut'),
    },
    description: l10n.t('3-D rendering: {0}, {1}.'),
    turned: l10n.t('turned by hand'),
    keysHint: l10n.t('Arrow keys turn the patient, + and − zoom, A P R L S I choose the side.'),
    preparing: l10n.t('Preparing the rendering'),
    retry: l10n.t('Try Again'),
    problems: {
      'rendering-webgl': {
        message: l10n.t('This editor draws without WebGL 2, which the rendering needs.'),
        remedy: l10n.t(
          'Turn hardware acceleration on ("Preferences: Configure Runtime Arguments") and restart.',
        ),
      },
      'rendering-lost': {
        message: l10n.t('The graphics device was reset or ran out of memory.'),
        remedy: l10n.t('Close other 3-D renderings first.'),
      },
      'rendering-size': {
        message: l10n.t('The graphics device cannot hold a volume of this size.'),
        remedy: l10n.t('Look at the slices instead.'),
      },
    },
  };
}
