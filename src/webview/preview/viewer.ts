import { CancelledError } from '../../core/errors';
import type { HuWindow } from '../../core/volume/types';
import type { HeatMapRequest } from '../../protocol/heatMap';
import type { PreviewStrings, VolumeSource, PatientPlace } from '../../protocol/preview';
import { element, oncePerFrame } from '../shared/dom';
import { fullRangeWindow } from '../shared/windowing';
import type { Position } from './geometry';
import { actOnKey, type KeyTarget } from './keyActions';
import { isForFocus } from './keyFocus';
import { keyAction } from './keys';
import { Measuring } from './measuring';
import { OverlayControl } from './overlayControl';
import { panelPages } from './panelPages';
import { PictureControl } from './pictureControl';
import { PlaneStage, type StageActions } from './planeStage';
import { RenderingControl } from './renderingControl';
import { SidePanel } from './sidePanel';
import { StatusLine } from './statusLine';
import { Toolbar, type ToolbarActions } from './toolbar';
import type { ViewerHost } from './viewerHost';
import { firstWindow, type ViewState } from './viewState';
import { VolumeControl, type VolumeActions } from './volumeControl';
import type { VolumeFeed } from './volumeFeed';

/** One volume: its planes, what is laid over them, and what is told of it. */
export class Viewer {
  readonly root: HTMLElement;
  private readonly toolbar: Toolbar;
  private readonly status: StatusLine;
  private readonly stage: PlaneStage;
  private readonly panel: SidePanel;
  private readonly overlay: OverlayControl;
  private readonly rendering: RenderingControl;
  private readonly measuring: Measuring;
  private readonly pictures: PictureControl;
  private readonly volume: VolumeControl;
  /** All values of a volume that are no HU, while the user chose no window. */
  private fullRange: HuWindow | undefined;
  private readonly refreshHistogram: () => void;
  private areChoicesOffered = false;

  constructor(
    private readonly file: number,
    private state: ViewState,
    private readonly strings: PreviewStrings,
    private readonly host: ViewerHost,
  ) {
    this.toolbar = new Toolbar(strings, this.toolbarActions());
    this.status = new StatusLine(strings);
    this.stage = new PlaneStage(strings, state.window ?? firstWindow, this.stageActions());
    this.measuring = new Measuring(this.stage, state.measurements, {
      keep: (measurements) => {
        this.set({ measurements });
      },
      say: (text) => {
        this.status.say(text);
      },
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
      () => this.stage.geometry?.grid,
    );
    this.panel = new SidePanel(
      panelPages(strings, host.panel, () => ({ feed: this.feed, window: this.window })),
      { name: `file${file}`, label: strings.panel },
      (page) => {
        this.set({ panel: page });
      },
    );
    this.refreshHistogram = oncePerFrame(() => {
      this.panel.refresh('histogram');
    });
    this.pictures = new PictureControl(this.stage, (png, name) => host.savePicture(png, name));
    const { stage, rendering, status } = this;
    const views = { stage, rendering, status };
    this.volume = new VolumeControl(this.source(), strings, views, host, this.volumeActions());
    this.root = element(
      'section',
      { class: 'viewer' },
      this.volume.name,
      this.toolbar.root,
      this.volume.banner,
      element('div', { class: 'stage' }, this.stage.root, this.panel.root),
      this.overlay.root,
      this.status.root,
    );
    this.set({});
  }

  /** Reads the volume; with `again` as the file is now. What is on screen stays meanwhile. */
  async open(again: boolean): Promise<void> {
    await Promise.all([this.feed.open(again), this.overlay.open()]);
  }

  /** Lets all voxels go, until {@link open}. */
  letGo(): void {
    this.volume.letGo();
    this.overlay.letGo();
    this.host.holds();
  }

  /** Bytes of voxels that are held. */
  get bytes(): number {
    return this.feed.bytes + this.overlay.bytes;
  }

  get isEmpty(): boolean {
    return this.feed.isEmpty;
  }

  /** Shows what in the volume speaks for an option. */
  explain(request: Omit<HeatMapRequest, 'file' | 'method'>): void {
    void this.overlay.explain({ ...request, file: this.file, method: 'gradient' });
  }

  /** Puts the crosshair at a place in the world; a viewer that is linked is not told. */
  goTo(place: PatientPlace): void {
    const { geometry } = this.stage;
    if (geometry !== undefined) {
      this.stand(geometry.positionOf(place));
      this.keep({ place });
    }
  }

  /** Takes over the window of a viewer that is linked. */
  follow(window: HuWindow): void {
    this.stage.setWindow(window);
    this.toolbar.showWindow(window);
    this.keep({ window });
    this.refreshHistogram();
  }

  /** Keys act wherever the focus is, except where they mean something there. */
  handleKey(event: KeyboardEvent): void {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || isForFocus(target, key)) {
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

  private get feed(): VolumeFeed {
    return this.volume.feed;
  }

  private get window(): HuWindow {
    return this.state.window ?? this.fullRange ?? firstWindow;
  }

  /**
   * Says why what the user asked for was not done, or `done` where it was, in place of what was said
   * before.
   */
  private tellFailure(work: Promise<unknown>, done = ''): void {
    this.status.say('');
    work.then(
      () => {
        if (done !== '') {
          this.status.say(done);
        }
      },
      (error: unknown) => {
        if (!(error instanceof CancelledError)) {
          this.status.fail(error);
        }
      },
    );
  }

  private source(): VolumeSource {
    const { preset } = this.state;
    return preset === null
      ? { kind: 'file', file: this.file }
      : { kind: 'model', file: this.file, preset };
  }

  private volumeActions(): VolumeActions {
    return {
      convention: () => this.state.convention,
      onVolume: (volume) => {
        const { geometry } = this.stage;
        const place = this.state.place ?? volume.place;
        if (geometry !== undefined) {
          this.stand(place === undefined ? geometry.centre() : geometry.positionOf(place));
        }
        this.measuring.showVolume();
        this.overlay.show();
        this.panel.refresh();
      },
      onFindings: ({ info: { hu_source, min, max } }) => {
        this.fullRange = hu_source === 'uncertain' ? fullRangeWindow(min, max) : undefined;
        this.stage.setWindow(this.window);
        this.toolbar.showWindow(this.window);
        this.panel.refresh();
      },
      onError: ({ kind }, thrown) => {
        if (kind === 'model') {
          // The volume itself can be seen all the same.
          this.setPreset(null);
          this.status.fail(thrown);
        } else {
          this.host.onError(thrown);
        }
      },
      setRescale: (choice) => {
        this.tellFailure(this.host.setRescale(choice));
      },
    };
  }

  private keyTarget(): KeyTarget {
    const { state, stage, measuring } = this;
    return {
      state,
      stage,
      measuring,
      set: this.set,
      moveTo: this.moveTo,
      setWindow: this.setWindow,
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

  /** Shows the crosshair here in all views of the volume. */
  private stand(position: Position): PatientPlace | undefined {
    this.stage.moveTo(position);
    const place = this.stage.geometry?.placeOf(position);
    if (place !== undefined) {
      this.rendering.setCrosshair(place.share);
    }
    return place;
  }

  private readonly moveTo = (position: Position): void => {
    const place = this.stand(position);
    if (place !== undefined) {
      this.keep({ place });
      this.host.onMoved(place);
    }
  };

  private readonly setWindow = (window: HuWindow): void => {
    this.follow(window);
    this.host.onWindow(window);
  };

  /** Remembers what is shown already. */
  private keep(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    this.host.remember(this.state);
  }

  private readonly set = (change: Partial<ViewState>): void => {
    const before = this.state;
    this.state = { ...before, ...change };
    if (change.rendering === true) {
      // There is no room for it beside one large plane.
      this.state = { ...this.state, layout: 'all' };
    }
    const { state } = this;
    this.root.classList.toggle('with-crosshair', state.crosshair);
    this.stage.setSlab(state.slab);
    this.stage.setLayout(state.layout);
    if (state.convention !== before.convention) {
      this.stage.setConvention(state.convention);
      this.measuring.show();
      this.volume.tell();
    }
    this.rendering.show(state.rendering && state.layout === 'all');
    this.panel.show(state.panel);
    this.toolbar.showState(state);
    this.toolbar.showWindow(this.window);
    this.root.dataset.tool = state.tool;
    this.host.remember(state);
  };

  private setPreset(preset: string | null): void {
    this.status.say('');
    this.set({ preset });
    void this.volume.change(this.source());
  }

  private async offerChoices(): Promise<void> {
    if (this.areChoicesOffered) {
      return;
    }
    this.areChoicesOffered = true;
    try {
      const { presets } = await this.host.choices();
      this.toolbar.offerPresets(presets);
    } catch (error) {
      this.areChoicesOffered = false;
      this.status.fail(error);
    }
  }

  private stageActions(): StageActions {
    return {
      tool: () => this.state.tool,
      setWindow: this.setWindow,
      moveTo: this.moveTo,
      maximise: (plane) => {
        this.set({ layout: this.state.layout === 'all' ? plane : 'all' });
      },
      measure: (measurement, isDone) => {
        this.measuring.draw(measurement, isDone);
      },
      onReading: () => {
        const reading = this.stage.reading();
        if (reading !== undefined) {
          this.status.showSoon(reading);
        }
      },
      onFirstPicture: () => {
        performance.mark('first-slice');
        // Not before: nothing is to delay the first picture.
        void this.offerChoices();
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
      setWindow: this.setWindow,
      set: this.set,
      setPreset: (preset) => {
        this.setPreset(preset);
      },
      act: (action) => {
        actOnKey(action, this.keyTarget());
      },
      chooseOverlay: () => {
        this.tellFailure(this.overlay.chooseFile());
      },
      compare: () => {
        const { geometry, position } = this.stage;
        if (geometry !== undefined) {
          this.tellFailure(this.host.compare(geometry.placeOf(position)));
        }
      },
      copyPicture: () => {
        const { copied } = this.strings;
        this.tellFailure(this.pictures.copy(), copied);
      },
      savePicture: () => {
        this.tellFailure(this.pictures.save(this.feed.volume?.fileName));
      },
    };
  }
}
