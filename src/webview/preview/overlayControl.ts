import type { HeatMap, HeatMapRequest } from '../../protocol/heatMap';
import type { OverlayChoice, PreviewStrings, VolumeSource } from '../../protocol/preview';
import { element } from '../shared/dom';
import { HeatMapBar } from './heatMapBar';
import { LegendLine } from './legendLine';
import { overlayKind, strongestOf, type Overlay } from './overlays';
import { VolumeFeed, type FeedHost } from './volumeFeed';

export interface OverlayHost extends FeedHost {
  chooseOverlay(): Promise<OverlayChoice | null>;
  explain(request: HeatMapRequest): Promise<HeatMap | null>;
  leave(source: VolumeSource): void;
}

/** What is laid over the volume: a file, or what a model tells of an option; one at a time. */
export class OverlayControl {
  readonly root: HTMLElement;
  private readonly legend: LegendLine;
  private readonly bar: HeatMapBar;
  private feed: VolumeFeed | undefined;
  private heat: Overlay | undefined;
  /** Raised by every request: an answer to an earlier one is dropped. */
  private asked = 0;

  constructor(
    strings: PreviewStrings,
    private readonly host: OverlayHost,
    private readonly onChange: (overlay: Overlay | undefined, opacity: number) => void,
    private readonly onError: (thrown: unknown) => void,
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

  get bytes(): number {
    return this.feed?.bytes ?? 0;
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
      onWhole: show,
      onError: (thrown) => {
        this.remove();
        this.onError(thrown);
      },
    });
    await this.feed.open(false);
  }

  /** Lays a heat map over the volume. What is there stays until the new one has come. */
  async explain(request: HeatMapRequest): Promise<void> {
    const asked = ++this.asked;
    this.bar.showWorking();
    try {
      const map = await this.host.explain(request);
      if (asked !== this.asked) {
        return;
      }
      if (map === null) {
        this.remove();
        return;
      }
      this.leaveFile();
      this.bar.show(request, map);
      this.heat = overlayOf(map, request);
      this.show();
    } catch (error) {
      if (asked === this.asked) {
        this.remove();
        this.onError(error);
      }
    }
  }

  remove(): void {
    this.asked++;
    this.leaveFile();
    this.heat = undefined;
    this.bar.hide();
    this.show();
  }

  letGo(): void {
    this.feed?.letGo();
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
      kind: overlayKind(field.encoding),
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
