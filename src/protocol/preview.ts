import type { HeaderDescription } from '../core/volume/headerDescription';
import type { Projection } from '../core/volume/slab';
import type { RescaleChoice } from '../core/volume/rescale';
import type { HuSource, HuWindow, Plane } from '../core/volume/types';
import type { WindowName } from '../core/volume/windows';
import type { HeatMapCall, HeatMapStrings } from './heatMap';
import type { HeaderPageStrings } from './headerPage';
import type { HuBannerStrings } from './huBanner';
import type { VolumeDescription, VolumePieceAnswer } from './messages';
import type { RenderingStrings } from './rendering';
import type { ReportPanelCalls, ReportPanelNotices, ReportPanelStrings } from './volumeContext';
import type { Call, Notice } from './webview';

/** A volume that the page can show. Files are numbered: 0 is the editor's own, 1 the one beside it. */
export type VolumeSource =
  | { readonly kind: 'file'; readonly file: number }
  /** What a preset's model gets of a file. */
  | { readonly kind: 'model'; readonly file: number; readonly preset: string }
  /** A mask, label or heat map file laid over the volume, as the host numbered it. */
  | { readonly kind: 'overlay'; readonly overlay: number };

/** One slice as core's `Slice` has it, in as few bytes as hold it. */
export interface PreviewSlice {
  readonly plane: Plane;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** HU, row-major, top-left first; 16-bit where that loses nothing. */
  readonly hu: Int16Array | Float32Array;
  /** Size of a pixel, mm: across, down. */
  readonly pixelMm: readonly [number, number];
}

/** A place in the patient, for another volume: where the crosshair of one preview stands. */
export interface PatientPlace {
  /** World mm: to the right, to the front, upwards. Where the other volume reaches there, it counts. */
  readonly mm: readonly [number, number, number];
  /** Shares of the volume's extent to the left, to the back, upwards; for volumes of another space. */
  readonly share: readonly [number, number, number];
}

/** All the page needs to know of a volume before its voxels arrive. */
export interface PreviewVolume extends VolumeDescription {
  readonly fileName: string;
  readonly rescale: RescaleChoice;
  /** Where to put the crosshair first; absent for the middle. */
  readonly place?: PatientPlace;
}

export interface SliceAddress {
  readonly source: VolumeSource;
  readonly plane: Plane;
  readonly index: number;
}

/** What the user set, kept for the workspace. Everything may be absent in what an older version kept. */
export interface PreviewSettings {
  /** Absent until chosen. */
  readonly window?: HuWindow;
  readonly convention?: Convention;
  readonly layout?: Layout;
}

/** What the page is given when it starts, so that it need not ask before the first picture. */
export interface PreviewStart {
  /** How many volumes it shows side by side. */
  readonly volumes: number;
  readonly settings: PreviewSettings;
}

/** Which side of axial and coronal pictures is the patient's right: `radiological` the left one. */
export type Convention = 'radiological' | 'neurological';

/** All planes, or one alone. */
export type Layout = 'all' | Plane;

/** What the left button of the mouse does in a picture. */
export const previewTools = [
  'crosshair',
  'window',
  'pan',
  'distance',
  'rectangle',
  'ellipse',
] as const;
export type PreviewTool = (typeof previewTools)[number];

/** A preset as the page offers it. */
export interface PresetChoice {
  readonly name: string;
  readonly title: string;
}

/** What can be shown beside the volume itself. */
export interface PreviewChoices {
  readonly presets: readonly PresetChoice[];
}

export interface OverlayChoice {
  readonly overlay: number;
  readonly fileName: string;
}

/** The host's side of the preview. */
export interface PreviewHost {
  readonly calls:
    | Call<'open', { readonly source: VolumeSource; readonly again: boolean }, PreviewVolume>
    | Call<'piece', { readonly source: VolumeSource }, VolumePieceAnswer>
    /** Where the page can fetch the pieces that are still to come, once; null where it cannot. */
    | Call<'stream', { readonly source: VolumeSource }, string | null>
    /** Whether all of them were sent, once nothing more is. Ends what is under way when cancelled. */
    | Call<'streamed', { readonly source: VolumeSource }, boolean>
    | Call<'slice', SliceAddress, PreviewSlice | null>
    | Call<'header', { readonly source: VolumeSource }, HeaderDescription>
    | Call<'choices', null, PreviewChoices>
    /** The user picks a file; null where they think better of it. */
    | Call<'chooseOverlay', null, OverlayChoice | null>
    | HeatMapCall
    | ReportPanelCalls
    /** The user picks another volume, which opens beside this one in a view of both. */
    | Call<'compare', { readonly place: PatientPlace }, null>
    | Call<'savePicture', { readonly png: Uint8Array<ArrayBuffer>; readonly name: string }, null>
    | Call<'setRescale', { readonly choice: RescaleChoice }, null>
    | Call<'showLog', null, null>;
  readonly notices:
    | Notice<'remember', PreviewSettings>
    /** The crosshair came to rest here. */
    | Notice<'place', PatientPlace>
    /** The page holds `bytes` of voxels now. */
    | Notice<'holds', { readonly bytes: number }>
    /** A source that is no longer shown. */
    | Notice<'leave', { readonly source: VolumeSource }>;
}

/** The page's side. */
export interface PreviewPage {
  readonly calls: never;
  readonly notices:
    /** A file changed on disk: open it again. */
    | Notice<'changed', { readonly file: number }>
    /** Other hidden pages need the memory: let the voxels go until this page is seen again. */
    | Notice<'letGo', null>
    /** The page is seen again. */
    | Notice<'shown', null>
    | ReportPanelNotices
    | Notice<'goTo', { readonly place: PatientPlace }>;
}

/** What can go wrong in the page itself. */
export type PageProblem =
  'volume-page-memory' | 'volume-short' | 'picture-too-large' | 'picture-no-png';

/** Words for pictures of volumes, on every page that shows some. */
export interface WindowStrings {
  readonly planes: Readonly<Record<Plane, string>>;
  readonly windows: Readonly<Record<WindowName, string>>;
  readonly window: string;
  /** {0} is the preset, {1} and {2} its level and width, {3} its key. */
  readonly windowHint: string;
  /** {0} is the plane. */
  readonly slice: string;
  /** {0} is the slice, {1} how many there are. */
  readonly sliceOf: string;
  readonly huWarning: string;
}

export interface ProblemWords {
  readonly message: string;
  readonly remedy: string;
}

/** Words of the preview, in the user's language; `{0}` are filled in by the page. */
export interface PreviewStrings extends WindowStrings {
  readonly huBanner: HuBannerStrings;
  readonly heatMap: HeatMapStrings;
  readonly headerPage: HeaderPageStrings;
  readonly rendering: RenderingStrings;
  readonly reportPanel: ReportPanelStrings;
  readonly toolbar: string;
  readonly level: string;
  readonly width: string;
  readonly tool: string;
  readonly tools: Readonly<Record<PreviewTool, string>>;
  readonly removeMeasurement: string;
  readonly slab: string;
  readonly projections: Readonly<Record<Projection | 'off', string>>;
  readonly thickness: string;
  readonly layout: string;
  readonly allPlanes: string;
  readonly source: string;
  readonly rawVolume: string;
  readonly conventions: Readonly<Record<Convention, string>>;
  readonly conventionHints: Readonly<Record<Convention, string>>;
  readonly unknownOrientation: string;
  readonly centerHint: string;
  readonly fitHint: string;
  readonly crosshair: string;
  readonly renderingHint: string;
  readonly overlayHint: string;
  readonly compareHint: string;
  readonly copyHint: string;
  readonly saveHint: string;
  readonly copied: string;
  readonly panel: string;
  readonly report: string;
  readonly facts: string;
  readonly histogram: string;
  readonly histogramLabel: string;
  /** {0} and {1} are the ends of the window. */
  readonly histogramNote: string;
  readonly histogramFrom: string;
  readonly histogramTo: string;
  readonly histogramVoxels: string;
  readonly notYet: string;
  readonly counting: string;
  readonly keys: string;
  readonly keyRows: readonly (readonly [keys: string, does: string])[];
  readonly planeLabel: string;
  readonly voxel: string;
  readonly world: string;
  readonly hu: string;
  /** {0} is the length. */
  readonly distanceValue: string;
  /** {0} is the area. */
  readonly areaValue: string;
  /** {0} mean, {1} standard deviation, {2} lowest, {3} highest HU. */
  readonly regionValue: string;
  /** {0} is the share. */
  readonly arrived: string;
  /** {0} is the slice shown, {1} the one on its way, {2} how many there are. */
  readonly sliceUnderWay: string;
  /** {0} is how many voxels along an axis are shown as one. */
  readonly proxyNote: string;
  readonly obliqueNote: string;
  /** {0} is how many frames there are. */
  readonly framesNote: string;
  /** {0} is the file. */
  readonly overlayElsewhere: string;
  readonly opacity: string;
  readonly removeOverlay: string;
  /** {0} is the value of the strongest colour. */
  readonly heatScale: string;
  readonly failed: string;
  /** `{0}` are the numbers that the English message has there. */
  readonly problems: Readonly<Record<PageProblem, ProblemWords>>;
  readonly retry: string;
  readonly showLog: string;
  readonly shape: string;
  readonly spacing: string;
  readonly orientation: string;
  readonly dtype: string;
  readonly slope: string;
  readonly range: string;
  readonly frames: string;
  readonly firstFrame: string;
  readonly format: string;
  readonly file: string;
  readonly affine: string;
  readonly huSource: string;
  readonly huSources: Readonly<Record<HuSource, string>>;
}

/**
 * `hu` as 16-bit integers where every value is one (as in nearly all CT), half the bytes for the
 * same picture; otherwise as it is.
 */
export function packHu(hu: Float32Array): Int16Array | Float32Array {
  const packed = new Int16Array(hu.length);
  for (let i = 0; i < hu.length; i++) {
    packed[i] = hu[i];
    if (packed[i] !== hu[i]) {
      return hu;
    }
  }
  return packed;
}
