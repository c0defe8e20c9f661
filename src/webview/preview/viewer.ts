import { planeLayouts, planes } from '../../core/volume/slices';
import type { HuWindow, Plane } from '../../core/volume/types';
import { huWindows } from '../../core/volume/windows';
import type {
  PreviewSlice,
  PreviewStrings,
  PreviewVolume,
  SliceAddress,
} from '../../protocol/preview';
import { element, oncePerFrame } from '../shared/dom';
import { windowNames } from '../shared/windowButtons';
import { fullRangeWindow, Windowing } from '../shared/windowing';
import { factsPanel } from './factsPanel';
import { Geometry, type Position } from './geometry';
import { keyAction, type KeyAction } from './keys';
import { PlanePane } from './planePane';
import { SliceFeed } from './sliceFeed';
import { StatusLine, type VoxelReading } from './statusLine';
import { Toolbar } from './toolbar';
import { firstWindow, type ViewState } from './viewState';

export interface ViewerHost {
  readonly loadSlice: (address: SliceAddress) => Promise<PreviewSlice>;
  readonly onError: (thrown: unknown) => void;
  /** Remembers what the user set. */
  readonly remember: (state: ViewState) => void;
}

/** The three planes of one volume, their linked crosshair and the window they share. */
export class Viewer {
  readonly root: HTMLElement;
  private readonly panes: ReadonlyMap<Plane, PlanePane>;
  private readonly toolbar: Toolbar;
  private readonly status: StatusLine;
  private readonly feed: SliceFeed;
  private readonly side = element('div', { class: 'side-panel' });
  private geometry: Geometry;
  private windowing: Windowing;
  private position: Position;
  private activePlane: Plane = 'axial';
  /** The voxel under the pointer, and the plane it is seen in. */
  private pointed: { position: Position; plane: Plane } | undefined;
  private readonly redrawSoon: () => void;
  private readonly readSoon: () => void;

  constructor(
    volume: PreviewVolume,
    private state: ViewState,
    private readonly strings: PreviewStrings,
    private readonly host: ViewerHost,
  ) {
    this.geometry = new Geometry(volume.header);
    this.windowing = new Windowing(state.window ?? windowFor(volume));
    this.position = this.geometry.clamp(state.position ?? this.geometry.centre());
    this.toolbar = new Toolbar(strings, {
      setWindow: (window) => {
        this.setWindow(window);
      },
      centre: () => {
        this.moveTo(this.geometry.centre());
      },
      toggleCrosshair: () => {
        this.setState({ crosshair: !this.state.crosshair });
      },
      toggleFacts: () => {
        this.setState({ facts: !this.state.facts });
      },
    });
    this.status = new StatusLine(strings);
    this.panes = new Map(planes.map((plane) => [plane, this.createPane(plane)]));
    this.feed = new SliceFeed(
      host.loadSlice,
      {
        onSlice: (slice) => {
          this.panes.get(slice.plane)?.draw(slice, this.windowing);
          this.readSoon();
        },
        onError: host.onError,
      },
      volume.slices,
    );
    this.redrawSoon = oncePerFrame(() => {
      for (const pane of this.panes.values()) {
        pane.redraw(this.windowing);
      }
    });
    this.readSoon = oncePerFrame(() => {
      this.status.show(this.reading());
    });
    this.root = element(
      'main',
      { class: 'viewer' },
      this.toolbar.root,
      element(
        'div',
        { class: 'stage' },
        element('div', { class: 'planes' }, ...[...this.panes.values()].map(({ root }) => root)),
        this.side,
      ),
      this.status.root,
    );
    this.showVolume(volume);
    this.setState({});
  }

  /** Shows a volume anew, as after its file changed; crosshair and window stay where they fit. */
  showVolume(volume: PreviewVolume): void {
    this.geometry = new Geometry(volume.header);
    this.feed.reset(volume.slices);
    this.side.replaceChildren(factsPanel(volume, this.strings));
    const { info } = volume;
    const warning = info.hu_source === 'uncertain' ? this.strings.huWarning : undefined;
    this.status.showVolume(this.geometry.knowsSides, warning);
    for (const pane of this.panes.values()) {
      pane.setVolume(this.geometry);
    }
    this.toolbar.showWindow(this.windowing.window);
    this.moveTo(this.geometry.clamp(this.position));
  }

  /** Keys act wherever the focus is, except where they are typed into a field. */
  handleKey(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const action = keyAction(event, this.activePlane);
    if (action !== undefined) {
      event.preventDefault();
      this.act(action);
    }
  }

  focus(): void {
    this.panes.get(this.activePlane)?.focus();
  }

  private createPane(plane: Plane): PlanePane {
    const actions = {
      moveTo: (position: Position) => {
        this.moveTo(position);
      },
      setWindow: (window: HuWindow) => {
        this.setWindow(window);
      },
      pointAt: (position: Position | undefined) => {
        this.pointed = position === undefined ? undefined : { position, plane };
        this.readSoon();
      },
      activate: () => {
        this.activePlane = plane;
      },
    };
    return new PlanePane(plane, this.strings, actions, () => this.windowing.window);
  }

  private act(action: KeyAction): void {
    const { through } = planeLayouts[this.activePlane];
    switch (action.kind) {
      case 'slice':
        this.moveTo(this.geometry.moved(this.position, through, action.by));
        break;
      case 'end': {
        const far = action.last ? Infinity : -Infinity;
        this.moveTo(this.geometry.moved(this.position, through, far));
        break;
      }
      case 'move':
        this.moveTo(this.geometry.moved(this.position, action.axis, action.by));
        break;
      case 'window':
        this.setWindow(huWindows[windowNames[action.preset]]);
        break;
      case 'centre':
        this.moveTo(this.geometry.centre());
        break;
      case 'crosshair':
        this.setState({ crosshair: !this.state.crosshair });
        break;
      case 'facts':
        this.setState({ facts: !this.state.facts });
        break;
      case 'speak':
        this.status.speak(this.reading());
        break;
    }
  }

  private moveTo(position: Position): void {
    this.position = position;
    for (const [plane, pane] of this.panes) {
      pane.setPosition(position);
      this.feed.want(plane, this.geometry.sliceIndex(plane, position));
    }
    if (this.pointed !== undefined) {
      // The slice moved under a pointer that stands still.
      const { plane, position: before } = this.pointed;
      const next = [...before];
      const { through } = planeLayouts[plane];
      next[through] = position[through];
      this.pointed = { plane, position: this.geometry.clamp(next) };
    }
    this.setState({ position });
    this.readSoon();
  }

  private setWindow(window: HuWindow): void {
    this.windowing = new Windowing(window);
    this.toolbar.showWindow(window);
    this.setState({ window });
    this.redrawSoon();
  }

  private setState(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    this.root.classList.toggle('with-crosshair', this.state.crosshair);
    this.root.classList.toggle('with-facts', this.state.facts);
    this.toolbar.showSwitches(this.state.crosshair, this.state.facts);
    this.host.remember(this.state);
  }

  /** What stands under the pointer, or at the crosshair where there is none. */
  private reading(): VoxelReading {
    const position = this.pointed?.position ?? this.position;
    const plane = this.pointed?.plane ?? 'axial';
    return { hu: this.panes.get(plane)?.huAt(position), ...this.geometry.voxel(position) };
  }
}

/** The lung window for HU; the whole range of values that may be anything. */
function windowFor({ info }: PreviewVolume): HuWindow {
  return info.hu_source === 'uncertain' ? fullRangeWindow(info.min, info.max) : firstWindow;
}
