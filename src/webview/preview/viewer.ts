import { planeLayouts } from '../../core/volume/slices';
import type { RescaleChoice } from '../../core/volume/rescale';
import type { HuWindow } from '../../core/volume/types';
import type { HeatMapRequest } from '../../protocol/heatMap';
import type {
  PreviewChoices,
  PreviewSlice,
  PreviewStrings,
  PreviewVolume,
  SliceAddress,
  VolumeFindings,
  VolumeSource,
  PatientPlace,
} from '../../protocol/preview';
import { element } from '../shared/dom';
import { fullRangeWindow } from '../shared/windowing';
import { huBanner } from './huBanner';
import { actOnKey, type KeyTarget } from './keyActions';
import { keyAction } from './keys';
import { MeasurementList } from './measurementList';
import { OverlayControl, type OverlayHost } from './overlayControl';
import { panelPages, type PanelSources } from './panelPages';
import { copyPicture, pictureOfPanes, pngOf } from './pictureExport';
import { PlaneStage, type StageActions } from './planeStage';
import { RenderingControl } from './renderingControl';
import { SidePanel } from './sidePanel';
import { StatusLine } from './statusLine';
import { Toolbar, type ToolbarActions } from './toolbar';
import { firstWindow, type ViewState } from './viewState';
import { VolumeFeed } from './volumeFeed';

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

/** What arrives is drawn this often, ms: drawing takes time that the arrival could use. */
const arrivalPaceMs = 150;

/** One volume: its planes, what is laid over them, and what is told of it. */
export class Viewer {
  readonly root: HTMLElement;
  private readonly toolbar: Toolbar;
  private readonly status: StatusLine;
  private readonly stage: PlaneStage;
  private readonly panel: SidePanel;
  private readonly overlay: OverlayControl;
  private readonly rendering: RenderingControl;
  private readonly name = element('h1', { class: 'volume-name' });
  private readonly banner = element('div', { class: 'banner' });
  private readonly measurements: MeasurementList;
  private feed: VolumeFeed;
  /** When what arrives was last drawn. */
  private arrivalShown = 0;
  private readonly histogramWork = new AbortController();

  constructor(
    private readonly file: number,
    private state: ViewState,
    private readonly strings: PreviewStrings,
    private readonly host: ViewerHost,
  ) {
    this.toolbar = new Toolbar(strings, this.toolbarActions());
    this.status = new StatusLine(strings);
    this.stage = new PlaneStage(strings, state.window ?? firstWindow, this.stageActions());
    this.measurements = new MeasurementList(state.measurements, (measurements) => {
      this.stage.showMeasurements(measurements);
    });
    this.rendering = new RenderingControl(this.stage.root, strings.rendering, (thrown) => {
      this.status.fail(thrown);
    });
    this.overlay = new OverlayControl(
      strings,
      host,
      (overlay, opacity) => {
        this.stage.setOverlay(overlay, opacity);
        host.holds();
      },
      (thrown) => {
        this.status.fail(thrown);
      },
    );
    this.panel = new SidePanel(
      panelPages(strings, host.panel, () => this.subject()),
      strings.panel,
      (page) => {
        this.set({ panel: page });
      },
    );
    this.feed = this.feedOf(this.source());
    this.root = element(
      'section',
      { class: 'viewer' },
      this.name,
      this.toolbar.root,
      this.banner,
      element('div', { class: 'stage' }, this.stage.root, this.panel.root),
      this.overlay.root,
      this.status.root,
    );
    this.set({});
    void this.offerChoices();
  }

  /** Reads the volume; with `again` as the file is now. What is on screen stays meanwhile. */
  async open(again: boolean): Promise<void> {
    await this.feed.open(again);
  }

  /** Lets all voxels go, until {@link open}. */
  letGo(): void {
    this.feed.letGo();
    this.rendering.setVolume(undefined);
    this.overlay.letGo();
    this.host.holds();
  }

  /** Bytes of voxels that are held. */
  get bytes(): number {
    return this.feed.bytes + this.overlay.bytes;
  }

  get isEmpty(): boolean {
    return this.feed.bytes === 0;
  }

  /** Shows what in the volume speaks for an option. */
  explain(request: Omit<HeatMapRequest, 'file' | 'method'>): void {
    void this.overlay.explain({ ...request, file: this.file, method: 'gradient' });
  }

  /** Puts the crosshair at a place in the world; a viewer that is linked is not told. */
  goTo(place: PatientPlace): void {
    const { geometry } = this.stage;
    if (geometry !== undefined) {
      this.stage.moveTo(geometry.positionOf(place));
      this.keep({ place });
    }
  }

  /** Takes over the window of a viewer that is linked. */
  follow(window: HuWindow): void {
    this.stage.setWindow(window);
    this.toolbar.showWindow(window);
    this.keep({ window });
  }

  /** Keys act wherever the focus is, except where they are typed into a field. */
  handleKey(event: KeyboardEvent): void {
    const { target } = event;
    const isTyping =
      target instanceof HTMLInputElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLButtonElement && (event.key === 'Enter' || event.key === ' '));
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const { activePlane, geometry } = this.stage;
    const action = keyAction(event, activePlane, geometry?.isMirrored(activePlane));
    if (action !== undefined) {
      event.preventDefault();
      actOnKey(action, this.keyTarget());
    }
  }

  focus(): void {
    this.stage.focus();
  }

  private source(): VolumeSource {
    const { preset } = this.state;
    return preset === null
      ? { kind: 'file', file: this.file }
      : { kind: 'model', file: this.file, preset };
  }

  private feedOf(source: VolumeSource): VolumeFeed {
    const { host } = this;
    const feed: VolumeFeed = new VolumeFeed(source, host, {
      onVolume: (volume) => {
        this.showVolume(volume);
      },
      onPiece: (share) => {
        const now = performance.now();
        if (now - this.arrivalShown > arrivalPaceMs) {
          this.arrivalShown = now;
          this.status.showLoading(share);
          this.showField(false);
        }
      },
      onWhole: (findings) => {
        this.showFindings(findings);
      },
      onError: (thrown) => {
        host.onError(thrown);
      },
    });
    return feed;
  }

  private showVolume(volume: PreviewVolume): void {
    const { field } = this.feed;
    if (field === undefined) {
      return;
    }
    this.name.textContent = volume.fileName;
    const place = this.state.place ?? volume.place;
    this.banner.replaceChildren();
    this.rendering.setVolume(undefined);
    this.stage.setVolume(volume, field, this.state.convention);
    const { geometry } = this.stage;
    if (geometry !== undefined) {
      this.tellVolume();
      this.stage.moveTo(place === undefined ? geometry.centre() : geometry.positionOf(place));
      this.stage.showMeasurements(this.measurements.all);
    }
    this.overlay.show();
    this.panel.refresh();
  }

  private tellVolume(): void {
    const { volume } = this.feed;
    if (volume !== undefined && this.stage.geometry !== undefined) {
      this.status.showVolume(this.stage.geometry, volume);
    }
  }

  private showField(isWhole: boolean): void {
    if (this.feed.field !== undefined) {
      this.stage.setField(this.feed.field, isWhole);
    }
  }

  private showFindings({ info, hu }: VolumeFindings): void {
    performance.mark('whole-volume');
    this.status.showLoading(1);
    this.showField(true);
    const { volume, field } = this.feed;
    if (volume !== undefined && field !== undefined) {
      this.rendering.setVolume({ volume, field });
    }
    if (this.state.window === undefined && info.hu_source === 'uncertain') {
      const range = fullRangeWindow(info.min, info.max);
      this.stage.setWindow(range);
      this.toolbar.showWindow(range);
    }
    if (this.state.preset === null) {
      const current = this.feed.volume?.rescale ?? 'auto';
      const banner = huBanner(hu, current, this.strings.huBanner, (choice) => {
        void this.host.setRescale(choice);
      });
      this.banner.replaceChildren(...(banner ? [banner] : []));
    }
    this.panel.refresh();
  }

  private keyTarget(): KeyTarget {
    const { state, stage } = this;
    return {
      state,
      stage,
      set: (change) => {
        this.set(change);
      },
      moveTo: (position) => {
        this.moveTo(position);
      },
      setWindow: (window) => {
        this.setWindow(window);
      },
      measureAtCrosshair: () => {
        this.measureAtCrosshair();
      },
      abandonMeasurement: () => {
        this.measurements.abandon();
      },
      removeMeasurement: () => {
        this.removeMeasurement();
      },
      speak: () => {
        const reading = stage.reading();
        if (reading !== undefined) {
          this.status.speak(reading);
        }
      },
      focusSource: () => {
        this.toolbar.focusSource();
      },
    };
  }

  private moveTo(position: readonly [number, number, number]): void {
    this.stage.moveTo(position);
    const { geometry } = this.stage;
    if (geometry !== undefined) {
      const place = geometry.placeOf(position);
      this.rendering.setCrosshair(place.share);
      this.keep({ place });
      this.host.onMoved(place);
    }
  }

  private setWindow(window: HuWindow): void {
    this.follow(window);
    this.host.onWindow(window);
  }

  /** The first press marks one end at the crosshair, the second the other. */
  private measureAtCrosshair(): void {
    const { geometry, activePlane, position } = this.stage;
    const { tool } = this.state;
    if (geometry === undefined || tool === 'crosshair' || tool === 'window' || tool === 'pan') {
      return;
    }
    const { across, down } = planeLayouts[activePlane];
    const finished = this.measurements.mark(
      tool,
      activePlane,
      geometry.sliceIndex(activePlane, position),
      { across: position[across], down: position[down] },
    );
    if (finished !== undefined) {
      this.set({ measurements: this.measurements.all });
      const text = this.stage.panes.get(activePlane)?.measurementText(finished) ?? '';
      this.status.say(text);
    }
  }

  private removeMeasurement(): void {
    this.measurements.removeLast();
    this.set({ measurements: this.measurements.all });
  }

  /** Remembers what is shown already. */
  private keep(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    this.host.remember(this.state);
  }

  private set(change: Partial<ViewState>): void {
    const before = this.state;
    this.state = { ...before, ...change };
    const { state } = this;
    this.root.classList.toggle('with-crosshair', state.crosshair);
    this.stage.setSlab(state.slab);
    this.stage.setLayout(state.layout);
    if (state.convention !== before.convention) {
      this.stage.setConvention(state.convention);
      this.stage.showMeasurements(this.measurements.all);
      this.tellVolume();
    }
    this.rendering.show(state.rendering && state.layout === 'all');
    this.panel.show(state.panel);
    this.toolbar.showState(state);
    this.toolbar.showWindow(state.window ?? firstWindow);
    this.root.dataset.tool = state.tool;
    this.host.remember(state);
  }

  private setPreset(preset: string | null): void {
    const left = this.feed.source;
    this.feed.letGo();
    if (left.kind === 'model') {
      this.host.leave(left);
    }
    this.set({ preset });
    this.feed = this.feedOf(this.source());
    void this.feed.open(false);
  }

  private async offerChoices(): Promise<void> {
    const { presets } = await this.host.choices();
    this.toolbar.offerPresets(presets);
  }

  private subject(): {
    readonly feed: VolumeFeed;
    readonly source: VolumeSource;
    readonly window: HuWindow;
    readonly signal: AbortSignal;
  } {
    return {
      feed: this.feed,
      source: this.feed.source,
      window: this.state.window ?? firstWindow,
      signal: this.histogramWork.signal,
    };
  }

  private async picture(): Promise<Blob> {
    return pngOf(pictureOfPanes(this.stage.visiblePanes()));
  }

  private stageActions(): StageActions {
    return {
      tool: () => this.state.tool,
      setWindow: (window) => {
        this.setWindow(window);
      },
      moveTo: (position) => {
        this.moveTo(position);
      },
      maximise: (plane) => {
        this.set({ layout: this.state.layout === 'all' ? plane : 'all' });
      },
      measure: (measurement, isDone) => {
        this.measurements.draw(measurement, isDone);
        if (isDone) {
          this.set({ measurements: this.measurements.all });
        }
      },
      onReading: () => {
        const reading = this.stage.reading();
        if (reading !== undefined) {
          this.status.showSoon(reading);
        }
      },
      onFirstPicture: () => {
        performance.mark('first-slice');
      },
      loadSlice: (plane, index, signal) =>
        this.host.loadSlice({ source: this.feed.source, plane, index }, signal),
      onError: (thrown) => {
        this.status.fail(thrown);
      },
    };
  }

  private toolbarActions(): ToolbarActions {
    return {
      setWindow: (window) => {
        this.setWindow(window);
      },
      set: (change) => {
        this.set(change);
      },
      setPreset: (preset) => {
        this.setPreset(preset);
      },
      centre: () => {
        actOnKey({ kind: 'centre' }, this.keyTarget());
      },
      fit: () => {
        this.stage.fit();
      },
      removeMeasurement: () => {
        this.removeMeasurement();
      },
      chooseOverlay: () => {
        void this.overlay.chooseFile();
      },
      compare: () => {
        const { geometry, position } = this.stage;
        if (geometry !== undefined) {
          void this.host.compare(geometry.placeOf(position));
        }
      },
      copyPicture: () => {
        copyPicture(this.picture()).then(
          () => {
            this.status.say(this.strings.copied);
          },
          (error: unknown) => {
            this.status.fail(error);
          },
        );
      },
      savePicture: () => {
        void this.savePicture();
      },
    };
  }

  private async savePicture(): Promise<void> {
    const png = new Uint8Array(await (await this.picture()).arrayBuffer());
    const stem = this.feed.volume?.fileName.replace(/\.nii(\.gz)?$/i, '') ?? 'ct';
    await this.host.savePicture(png, `${stem}.png`);
  }
}
