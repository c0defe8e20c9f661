import type { WindowName } from '../../core/volume/windows';
import { windowNames } from '../shared/windowButtons';

/** Windows of the preview in the order of their keys 1 to 5: a chest CT may reach up to the neck. */
export const previewWindowNames: readonly WindowName[] = [...windowNames, 'brain'];
