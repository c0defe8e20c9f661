import type { HuWindow } from '../../core/volume/types';
import { huWindows } from '../../core/volume/windows';
import type { Position } from './geometry';

/** What the user set; survives hiding the tab and reloading the file. */
export interface ViewState {
  /** The crosshair; absent until a volume was first shown. */
  readonly position?: Position;
  /** Absent until chosen by the user, or from the volume's values. */
  readonly window?: HuWindow;
  readonly crosshair: boolean;
  readonly facts: boolean;
}

const firstState: ViewState = { crosshair: true, facts: false };

/** Chest CT is first looked at for the lungs, and this window shows every other tissue as well. */
export const firstWindow: HuWindow = huWindows.lung;

/** A state that was remembered, or the first one where there is none that fits. */
export function restoredState(remembered: unknown): ViewState {
  if (typeof remembered !== 'object' || remembered === null) {
    return firstState;
  }
  return { ...firstState, ...(remembered as Partial<ViewState>) };
}
