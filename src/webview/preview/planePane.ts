import { planeLayouts } from '../../core/volume/slices';
import type { HuWindow, Plane } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { element, setAttributes } from '../shared/dom';
import { decimal, fill } from '../shared/format';
import { sideMarks } from '../shared/sideLetters';
import type { Windowing } from '../shared/windowing';
import type { Geometry, Position } from './geometry';
import { MeasurementLayer } from './measurementLayer';
import { isMeasurementKind, type Measurement } from './measurements';
import { listenToGestures, type GestureTarget } from './paneGestures';
import type { PreviewTool } from '../../protocol/preview';
import { panned, pictureBox, wholePicture, zoomed, type PaneView } from './paneView';
import { PictureLayer, type Tint } from './pictureLayer';
import { huOf, type ShownPicture } from './pictureSource';
import { SliceSlider } from './sliceSlider';
import { pointUnder, positionUnder, type SliceOnScreen } from './underPointer';

/** What a pane asks of the viewer. */
export interface PaneActions {
  readonly tool: () => PreviewTool;
  readonly window: () => HuWindow;
  /** The crosshair shall stand here. */
  moveTo(position: Position): void;
  setWindow(window: HuWindow): void;
  /** The pointer is over `position`, or left the picture. */
  pointAt(position: Position | undefined, plane: Plane): void;
  /** This pane is the one that keys go to. */
  activate(plane: Plane): void;
  maximise(plane: Plane): void;
  measure(measurement: Measurement, isDone: boolean): void;
}

/** One plane: its picture with crosshair, measurements and the sides' letters; slider and number. */
export class PlanePane {
  readonly root: HTMLElement;
  private readonly layer = new PictureLayer();
  private readonly crosshair = element('div', { class: 'crosshair', 'aria-hidden': 'true' });
  private readonly marks = element('div', { class: 'marks', 'aria-hidden': 'true' });
  private readonly measurementLayer: MeasurementLayer;
  private readonly picture: HTMLElement;
  private readonly viewport: HTMLElement;
  private readonly slices: SliceSlider;
  private geometry: Geometry | undefined;
  private position: Position = [0, 0, 0];
  private view: PaneView = wholePicture;
  private measurements: readonly Measurement[] = [];

  constructor(
    readonly plane: Plane,
    private readonly strings: PreviewStrings,
    private readonly actions: PaneActions,
  ) {
    this.measurementLayer = new MeasurementLayer(plane, strings);
    this.picture = element(
      'div',
      { class: 'picture' },
      this.layer.canvas,
      this.layer.tintCanvas,
      this.crosshair,
      this.measurementLayer.root,
    );
    this.viewport = element(
      'div',
      { class: 'viewport', tabindex: 0, role: 'application', 'aria-label': strings.planes[plane] },
      this.picture,
      this.marks,
    );
    this.slices = new SliceSlider(plane, strings, (index) => {
      this.moveToSlice(index);
    });
    this.root = element(
      'figure',
      { class: `pane ${plane}`, 'data-plane': plane },
      this.viewport,
      this.slices.root,
    );
    this.listen();
    new ResizeObserver(() => {
      this.fit();
    }).observe(this.viewport);
  }

  get knowsSides(): boolean {
    return this.geometry?.knowsSides === true;
  }

  get isMirrored(): boolean {
    return this.geometry?.isMirrored(this.plane) === true;
  }

  /** Prepares for a volume; the old picture stays until the first new slice is there. */
  setGeometry(geometry: Geometry): void {
    this.geometry = geometry;
    this.slices.count = geometry.size[planeLayouts[this.plane].through];
    this.root.classList.toggle('without-sides', !geometry.knowsSides);
    this.picture.classList.toggle('mirrored', this.isMirrored);
    this.marks.replaceChildren(...sideMarks(this.plane, this.isMirrored));
    this.fit();
  }

  /** Moves crosshair, slider and slice number; the picture follows by {@link draw}. */
  setPosition(position: Position): void {
    if (this.geometry === undefined) {
      return;
    }
    this.position = position;
    this.slices.index = this.geometry.sliceIndex(this.plane, position);
    this.slices.tell(this.layer.shown?.index);
    const { columns, rows } = this.geometry.picture(this.plane);
    const { column, row } = this.geometry.pixelOf(this.plane, position);
    this.crosshair.style.setProperty('--x', `${((column + 0.5) / columns) * 100}%`);
    this.crosshair.style.setProperty('--y', `${((row + 0.5) / rows) * 100}%`);
    this.describe();
  }

  /** @throws PageError `picture-too-large` */
  draw(picture: ShownPicture, windowing: Windowing): void {
    this.layer.draw(picture, windowing);
    this.slices.tell(this.layer.shown?.index);
    this.showMeasurements(this.measurements);
    this.describe();
  }

  /** Draws the picture that is shown again, through another window or under another tint. */
  redraw(windowing: Windowing): void {
    this.layer.redraw(windowing);
  }

  /** What is laid over every picture from now on; undefined for nothing. */
  setTint(tint: Tint | undefined, opacity: number): void {
    this.layer.setTint(tint, opacity);
  }

  showMeasurements(measurements: readonly Measurement[]): void {
    this.measurements = measurements;
    if (this.geometry !== undefined) {
      this.measurementLayer.show(measurements, this.geometry, this.layer.shown);
    }
  }

  /** What a measurement says. */
  measurementText(measurement: Measurement): string {
    return this.geometry === undefined
      ? ''
      : this.measurementLayer.text(measurement, this.geometry, this.layer.shown);
  }

  /** HU at a position, if the picture that is drawn holds it. */
  huAt(position: Position): number | undefined {
    const { geometry } = this;
    const { shown } = this.layer;
    if (geometry === undefined || shown === undefined) {
      return undefined;
    }
    if (geometry.sliceIndex(this.plane, position) !== shown.index) {
      return undefined;
    }
    const { column, row } = geometry.pixelOf(this.plane, position);
    const stored = geometry.isMirrored(this.plane) ? shown.width - 1 - column : column;
    return huOf(shown, row * shown.width + stored);
  }

  focus(): void {
    this.viewport.focus({ preventScroll: true });
  }

  /** Enlarges around the crosshair. */
  zoom(factor: number): void {
    if (this.geometry !== undefined) {
      const { columns, rows } = this.geometry.picture(this.plane);
      const { column, row } = this.geometry.pixelOf(this.plane, this.position);
      const place = { x: (column + 0.5) / columns, y: (row + 0.5) / rows };
      this.setView(zoomed(this.view, factor, place));
    }
  }

  resetView(): void {
    this.setView(wholePicture);
  }

  /** The picture as it is on screen, its tint with it, one canvas pixel a CSS pixel and device ratio. */
  render(scale: number): HTMLCanvasElement {
    const { clientWidth: width, clientHeight: height } = this.viewport;
    const target = element('canvas', { width: width * scale, height: height * scale });
    const context = target.getContext('2d');
    if (context !== null && this.geometry !== undefined) {
      context.fillRect(0, 0, target.width, target.height);
      context.scale(scale, scale);
      this.layer.drawInto(context, this.box(), this.isMirrored);
      this.measurementLayer.drawInto(context, this.box());
    }
    return target;
  }

  private describe(): void {
    const { index, count } = this.slices;
    const hu = this.huAt(this.position);
    const label = fill(
      this.strings.planeLabel,
      this.strings.planes[this.plane],
      index + 1,
      count,
      hu === undefined ? '–' : decimal(hu, 1),
    );
    setAttributes(this.layer.canvas, { 'aria-label': label });
    setAttributes(this.viewport, { 'aria-label': label });
  }

  private box(): ReturnType<typeof pictureBox> {
    const pane = { width: this.viewport.clientWidth, height: this.viewport.clientHeight };
    const picture = this.geometry?.picture(this.plane) ?? {
      columns: 1,
      rows: 1,
      pixelMm: [1, 1] as const,
    };
    return pictureBox(this.view, picture, pane);
  }

  /** Puts the picture where the view has it, at true proportions. */
  private fit(): void {
    const { left, top, width, height } = this.box();
    Object.assign(this.picture.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    const pixels = this.geometry?.picture(this.plane).columns ?? 1;
    // So large that single voxels are looked at: then they are shown as such.
    this.picture.classList.toggle('voxels', width / pixels >= 6);
  }

  private setView(view: PaneView): void {
    this.view = view;
    this.fit();
  }

  private listen(): void {
    this.viewport.addEventListener('focus', () => {
      this.actions.activate(this.plane);
    });
    this.viewport.addEventListener('pointerenter', () => {
      this.actions.activate(this.plane);
    });
    this.viewport.addEventListener('pointermove', (event) => {
      this.actions.pointAt(this.positionUnder(event, 'none'), this.plane);
    });
    this.viewport.addEventListener('pointerleave', () => {
      this.actions.pointAt(undefined, this.plane);
    });
    listenToGestures(this.viewport, this.gestures());
  }

  private gestures(): GestureTarget {
    const { actions, plane } = this;
    return {
      tool: actions.tool,
      window: actions.window,
      setWindow: (window) => {
        actions.setWindow(window);
      },
      pointAt: (event) => {
        const under = this.positionUnder(event, 'nearest');
        if (under !== undefined) {
          actions.moveTo(under);
        }
      },
      pan: (right, down) => {
        const { width, height } = this.box();
        this.setView(panned(this.view, right / width, down / height));
      },
      zoom: (factor, event) => {
        const { left, top, width, height } = this.picture.getBoundingClientRect();
        const at = { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
        this.setView(zoomed(this.view, factor, at));
      },
      scroll: (slices) => {
        this.moveToSlice(this.slices.index + slices);
      },
      measure: (from, to, isDone) => {
        const slice = this.onScreen();
        const kind = actions.tool();
        if (slice !== undefined && isMeasurementKind(kind)) {
          const [start, end] = [pointUnder(from, slice), pointUnder(to, slice)];
          actions.measure({ kind, plane, index: slice.index, from: start, to: end }, isDone);
        }
      },
      maximise: () => {
        actions.maximise(plane);
      },
    };
  }

  private moveToSlice(index: number): void {
    if (this.geometry !== undefined) {
      const { through } = planeLayouts[this.plane];
      this.actions.moveTo(
        this.geometry.moved(this.position, through, index - this.position[through]),
      );
    }
  }

  /** Undefined before the first volume. */
  private onScreen(): SliceOnScreen | undefined {
    const { plane, geometry } = this;
    const { index } = this.slices;
    return geometry && { plane, index, geometry, box: this.picture.getBoundingClientRect() };
  }

  private positionUnder(event: PointerEvent, outside: 'nearest' | 'none'): Position | undefined {
    const slice = this.onScreen();
    return slice && positionUnder(event, slice, outside);
  }
}
