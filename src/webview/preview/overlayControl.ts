import type { DisplayGrid } from '../../core/volume/displayGrid';
import type { HeatMap, HeatMapRequest } from '../../protocol/heatMap';
import type { OverlayChoice, PreviewStrings, VolumeSource } from '../../protocol/preview';
import { element } from '../shared/dom';
import { fill } from '../shared/format';
import { HeatMapBar } from './heatMapBar';
import { LegendLine } from './legendLine';
import { overlayKind, overlayMeets, strongestOf, type Overlay } from './overlays';
import { VolumeFeed, type FeedHost } from './volumeFeed';

export interface OverlayHost extends FeedHost {
  chooseOverlay(): Promise<OverlayChoice | null>;
  explain(request: HeatMapRequest, signal: AbortSignal): Promise<HeatMap | null>;
  leave(source: VolumeSource): void;
}

/** What is laid over the volume: a file, or what a model tells of an option; one at a time. */
export class OverlayControl {
  readonly root: HTMLElement;
  private readonly legend: LegendLine;
  private readonly bar: HeatMapBar;
  private feed: VolumeFeed | undefined;
  private heat: Overlay | undefined;
  /** Ends the request for a heat map that is under way; its answer is dropped. */
  private asking = new AbortController();

  constructor(
    private readonly strings: PreviewStrings,
    private readonly host: OverlayHost,
    private readonly onChange: (overlay: Overlay | undefined, opacity: number) => void,
    private readonly onError: (thrown: unknown) => void,
    /** The grid that it is laid over. */
    private readonly grid: () => DisplayGrid | undefined,
  ) {
    this.legend = new LegendLine(strings, {
      setOpacity: () => {
        this.show();
      },
      remove: () => {
        this.remove();
      },
    });
    this.bar = new HeatMapBar(strings.heatMap, (request) => {
      void this.explain(request);
    });
    this.root = element('div', { class: 'overlay-line' }, this.bar.root, this.legend.root);
  }

  /** Bytes of voxels that {@link letGo} frees: a heat map costs too much time to make it again. */
  get bytes(): number {
    return this.feed?.bytes ?? 0;
  }

  /** Reads the file that is laid over the volume where its voxels were let go. */
  async open(): Promise<void> {
    if (this.feed?.isEmpty === true) {
      await this.feed.open(false);
    }
  }

  /** Tells again what is laid over, as after the volume below changed. */
  show(): void {
    const overlay = this.heat ?? this.overlayOfFile();
    this.legend.show(overlay);
    this.onChange(overlay, this.legend.opacity);
  }

  /** Lays a file over the volume that the user picks. */
  async chooseFile(): Promise<void> {
    const chosen = await this.host.chooseOverlay();
    if (chosen === null) {
      return;
    }
    this.remove();
    const show = (): void => {
      this.show();
    };
    this.feed = new VolumeFeed({ kind: 'overlay', overlay: chosen.overlay }, this.host, {
      onVolume: show,
      onPiece: show,
      onWhole: () => {
        this.show();
        this.tellWhetherSeen();
      },
      onError: (thrown) => {
        this.remove();
        this.onError(thrown);
      },
    });
    await this.feed.open(false);
  }

  private tellWhetherSeen(): void {
    const [overlay, grid] = [this.overlayOfFile(), this.grid()];
    if (overlay !== undefined && grid !== undefined && !overlayMeets(overlay, grid)) {
      this.onError(new Error(fill(this.strings.overlayElsewhere, overlay.name)));
    }
  }

  /** Lays a heat map over the volume. What is there stays unless a new one comes. */
  async explain(request: HeatMapRequest): Promise<void> {
    this.asking.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.bar.showWorking();
    try {
      const map = await this.host.explain(request, asking.signal);
      if (asking.signal.aborted) {
        return;
      }
      this.bar.endWorking();
      if (map !== null) {
        this.leaveFile();
        this.bar.show(request, map);
        this.heat = overlayOf(map, request);
        this.show();
      }
    } catch (error) {
      if (!asking.signal.aborted) {
        this.bar.endWorking();
        this.onError(error);
      }
    }
  }

  remove(): void {
    this.asking.abort();
    this.leaveFile();
    this.heat = undefined;
    this.bar.hide();
    this.show();
  }

  /** Lets the voxels of the file go, until {@link open}. */
  letGo(): void {
    this.feed?.letGo();
    this.show();
  }

  private leaveFile(): void {
    if (this.feed !== undefined) {
      this.feed.letGo();
      this.host.leave(this.feed.source);
      this.feed = undefined;
    }
  }

  private overlayOfFile(): Overlay | undefined {
    const { field, volume, findings } = this.feed ?? {};
    if (field === undefined || volume === undefined) {
      return undefined;
    }
    const { header, proxy, fileName } = volume;
    return {
      name: fileName,
      kind: overlayKind(header),
      field,
      affine: (proxy?.header ?? header).affine,
      strongest: strongestOf(findings?.info.min ?? null, findings?.info.max ?? null),
    };
  }
}

function overlayOf(
  { shape, affine, values, strongest, options }: HeatMap,
  { option }: HeatMapRequest,
): Overlay {
  return {
    name: options[option]?.label ?? '',
    kind: 'heat',
    field: { shape, voxels: values, encoding: { type: 'float32', slope: 1, intercept: 0 } },
    affine,
    strongest: strongest || 1,
  };
}
