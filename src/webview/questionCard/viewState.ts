import type { HuWindow } from '../../core/volume/types';
import { huWindows } from '../../core/volume/windows';

/** What the user set; survives hiding the tab. */
export interface ViewState {
  readonly window: HuWindow;
  /** Whether differences from the true option are marked. */
  readonly differences: boolean;
}

const firstState: ViewState = { window: huWindows.lung, differences: true };

/** A state that was remembered, or the first one where there is none. */
export function restoredState(remembered: unknown): ViewState {
  return { ...firstState, ...(remembered as Partial<ViewState> | undefined) };
}
