import { planes } from '../../core/volume/slices';
import type { Projection } from '../../core/volume/slab';
import type { HuWindow } from '../../core/volume/types';
import { huWindows } from '../../core/volume/windows';
import type { Convention, Layout, PreviewSettings, PatientPlace } from '../../protocol/preview';
import type { KeptMeasurement } from './measurementList';
import type { PreviewTool } from '../../protocol/preview';

/** A page of the side panel. */
export type PanelPage = 'report' | 'header' | 'histogram' | 'keys';

/** What may be shown of a slab, in the order that it is gone through in; `off` shows one slice. */
export const slabProjections = ['off', 'maximum', 'minimum', 'mean'] as const satisfies readonly (
  Projection | 'off'
)[];

/** Slices that are shown together. */
export interface SlabSetting {
  readonly projection: (typeof slabProjections)[number];
  readonly thicknessMm: number;
}

/** Slabs are at least a voxel thick, and no chest is thicker than this, mm. */
const [thinnestSlab, thickestSlab] = [1, 200];

/** The nearest thickness, mm, that a slab can have. */
export function slabThickness(wantedMm: number): number {
  return Math.min(thickestSlab, Math.max(thinnestSlab, wantedMm));
}

/** What the user set; survives hiding the tab and reloading the file. */
export interface ViewState {
  /** Where the crosshair stands; absent until a volume was first shown. */
  readonly place?: PatientPlace;
  /** Absent until chosen by the user, or from the volume's values. */
  readonly window?: HuWindow;
  readonly crosshair: boolean;
  readonly panel: PanelPage | null;
  readonly layout: Layout;
  readonly convention: Convention;
  readonly slab: SlabSetting;
  readonly tool: PreviewTool;
  readonly measurements: readonly KeptMeasurement[];
  /** The preset whose model's view is shown in place of the volume. */
  readonly preset: string | null;
  readonly rendering: boolean;
}

const firstState: ViewState = {
  crosshair: true,
  panel: null,
  layout: 'all',
  convention: 'radiological',
  slab: { projection: 'off', thicknessMm: 10 },
  tool: 'crosshair',
  measurements: [],
  preset: null,
  rendering: false,
};

/** Chest CT is first looked at for the lungs, and this window shows every other tissue as well. */
export const firstWindow: HuWindow = huWindows.lung;

/** A state that was remembered, or the first one where there is none that fits. */
export function restoredState(remembered: unknown): ViewState {
  return typeof remembered === 'object' && remembered !== null
    ? { ...firstState, ...(remembered as Partial<ViewState>) }
    : firstState;
}

/** The first state of a page in a workspace that keeps `settings`. */
export function stateOfWorkspace(settings: PreviewSettings): ViewState {
  const { window, convention, layout } = settings;
  const isLayout = layout === 'all' || planes.some((plane) => plane === layout);
  return {
    ...firstState,
    ...(isWindow(window) && { window }),
    ...(convention === 'neurological' && { convention }),
    ...(isLayout && { layout }),
  };
}

/** What a workspace keeps of a state. */
export function settingsOf({ window, convention, layout }: ViewState): PreviewSettings {
  return { ...(window && { window }), convention, layout };
}

function isWindow(window: HuWindow | undefined): window is HuWindow {
  return window !== undefined && Number.isFinite(window.level) && window.width > 0;
}
