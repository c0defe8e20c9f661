import type { RescaleChoice } from '../../core/volume/rescale';
import type { HuWindow } from '../../core/volume/types';
import type {
  PatientPlace,
  PreviewChoices,
  PreviewSlice,
  SliceAddress,
} from '../../protocol/preview';
import type { OverlayHost } from './overlayControl';
import type { PanelSources } from './panelPages';
import type { ViewState } from './viewState';

/** What a viewer asks of the page that it is on. */
export interface ViewerHost extends OverlayHost {
  loadSlice(address: SliceAddress, signal?: AbortSignal): Promise<PreviewSlice | null>;
  choices(): Promise<PreviewChoices>;
  compare(place: PatientPlace): Promise<unknown>;
  savePicture(png: Uint8Array<ArrayBuffer>, name: string): Promise<unknown>;
  setRescale(choice: RescaleChoice): Promise<unknown>;
  /** Something was taken in or let go. */
  holds(): void;
  onError(thrown: unknown): void;
  /** Remembers what the user set. */
  remember(state: ViewState): void;
  /** The crosshair or the window was moved here, for a viewer that is linked. */
  onMoved(place: PatientPlace): void;
  onWindow(window: HuWindow): void;
  readonly panel: PanelSources;
}
