import { planeLayouts } from '../../core/volume/slices';
import type { HuWindow, Plane } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { element, setAttributes } from '../shared/dom';
import { fill } from '../shared/format';
import { sideMarks } from '../shared/sideLetters';
import type { Windowing } from '../shared/windowing';
import type { Geometry, PlanePoint, Position } from './geometry';
import { MeasurementLayer } from './measurementLayer';
import type { Measurement } from './measurements';
import { listenToGestures, type GestureTarget } from './paneGestures';
import type { PreviewTool } from '../../protocol/preview';
import { panned, pictureBox, wholePicture, zoomed, type PaneView } from './paneView';
import { huOf, type ShownPicture } from './pictureSource';

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

/** Colours laid over a picture: one RGBA pixel for each of its pixels, premultiplied by nothing. */
export type Tint = (picture: ShownPicture, pixels: Uint32Array) => void;

/** One plane: its picture with crosshair, measurements and the sides' letters; slider and number. */
export class PlanePane {
  readonly root: HTMLElement;
  private readonly canvas = element('canvas', { role: 'img' });
  private readonly tintCanvas = element('canvas', { class: 'tint', 'aria-hidden': 'true' });
  private readonly crosshair = element('div', { class: 'crosshair', 'aria-hidden': 'true' });
  private readonly marks = element('div', { class: 'marks', 'aria-hidden': 'true' });
  private readonly measurementLayer: MeasurementLayer;
  private readonly picture: HTMLElement;
  private readonly viewport: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly count = element('output', { class: 'count' });
  private geometry: Geometry | undefined;
  private position: Position = [0, 0, 0];
  private shown: ShownPicture | undefined;
  private pixels: ImageData | undefined;
  private tint: Tint | undefined;
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
      this.canvas,
      this.tintCanvas,
      this.crosshair,
      this.measurementLayer.root,
    );
    this.viewport = element('div', { class: 'viewport', tabindex: 0 }, this.picture, this.marks);
    const name = strings.planes[plane];
    this.slider = element('input', {
      type: 'range',
      min: 0,
      'aria-label': fill(strings.slice, name),
    });
    this.root = element(
      'figure',
      { class: `pane ${plane}`, 'data-plane': plane },
      this.viewport,
      element(
        'figcaption',
        {},
        element('span', { class: 'plane-name' }, name),
        this.slider,
        this.count,
      ),
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
    this.slider.max = String(geometry.size[planeLayouts[this.plane].through] - 1);
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
    const index = this.geometry.sliceIndex(this.plane, position);
    this.slider.value = String(index);
    this.tellSlice();
    const { columns, rows } = this.geometry.picture(this.plane);
    const { column, row } = this.geometry.pixelOf(this.plane, position);
    this.crosshair.style.setProperty('--x', `${((column + 0.5) / columns) * 100}%`);
    this.crosshair.style.setProperty('--y', `${((row + 0.5) / rows) * 100}%`);
    this.describe();
  }

  draw(picture: ShownPicture, windowing: Windowing): void {
    const { width, height } = picture;
    if (this.pixels?.width !== width || this.pixels.height !== height) {
      for (const canvas of [this.canvas, this.tintCanvas]) {
        canvas.width = width;
        canvas.height = height;
      }
      this.pixels = new ImageData(width, height);
    }
    this.shown = picture;
    this.redraw(windowing);
    this.canvas.dataset.index = String(picture.index);
    this.tellSlice();
    this.canvas.classList.toggle('coarse', picture.isCoarse);
    this.showMeasurements(this.measurements);
    this.describe();
  }

  /** Draws the picture that is shown again, through another window or under another tint. */
  redraw(windowing: Windowing): void {
    const { shown, pixels } = this;
    if (shown === undefined || pixels === undefined) {
      return;
    }
    const colours = new Uint32Array(pixels.data.buffer);
    windowing.paint(shown.values, colours, shown, shown.missing);
    this.canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    if (this.tint !== undefined) {
      colours.fill(0);
      this.tint(shown, colours);
      this.tintCanvas.getContext('2d')?.putImageData(pixels, 0, 0);
    }
  }

  /** What is laid over every picture from now on; undefined for nothing. */
  setTint(tint: Tint | undefined, opacity: number): void {
    this.tint = tint;
    this.tintCanvas.hidden = tint === undefined;
    this.tintCanvas.style.opacity = String(opacity);
  }

  showMeasurements(measurements: readonly Measurement[]): void {
    this.measurements = measurements;
    if (this.geometry !== undefined) {
      this.measurementLayer.show(measurements, this.geometry, this.shown);
    }
  }

  /** What a measurement says. */
  measurementText(measurement: Measurement): string {
    return this.geometry === undefined
      ? ''
      : this.measurementLayer.text(measurement, this.geometry, this.shown);
  }

  /** HU at a position, if the picture that is drawn holds it. */
  huAt(position: Position): number | undefined {
    const { geometry, shown } = this;
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
      const box = this.box();
      const { isMirrored } = this;
      context.fillRect(0, 0, target.width, target.height);
      context.scale(scale, scale);
      context.translate(box.left + (isMirrored ? box.width : 0), box.top);
      context.scale(isMirrored ? -1 : 1, 1);
      context.drawImage(this.canvas, 0, 0, box.width, box.height);
      if (this.tint !== undefined) {
        context.globalAlpha = Number(this.tintCanvas.style.opacity);
        context.drawImage(this.tintCanvas, 0, 0, box.width, box.height);
      }
    }
    return target;
  }

  /** The number of the slice that is shown, and of the one that is on its way. */
  private tellSlice(): void {
    const { strings, shown, slider } = this;
    const wanted = Number(slider.value);
    const count = Number(slider.max) + 1;
    this.count.value =
      shown === undefined || shown.index === wanted
        ? fill(strings.sliceOf, wanted + 1, count)
        : fill(strings.sliceUnderWay, shown.index + 1, wanted + 1, count);
    slider.setAttribute('aria-valuetext', this.count.value);
  }

  private describe(): void {
    const index = Number(this.slider.value);
    const label = fill(
      this.strings.planeLabel,
      this.strings.planes[this.plane],
      index + 1,
      Number(this.slider.max) + 1,
      this.huAt(this.position) ?? '–',
    );
    setAttributes(this.canvas, { 'aria-label': label });
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
    this.slider.addEventListener('input', () => {
      this.moveToSlice(Number(this.slider.value));
    });
    this.viewport.addEventListener('focus', () => {
      this.actions.activate(this.plane);
    });
    this.viewport.addEventListener('pointerenter', () => {
      this.actions.activate(this.plane);
    });
    this.viewport.addEventListener('pointermove', (event) => {
      this.actions.pointAt(this.positionUnder(event), this.plane);
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
        const under = this.positionUnder(event, true);
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
        this.moveToSlice(Number(this.slider.value) + slices);
      },
      measure: (from, to, isDone) => {
        const [start, end] = [this.pointUnder(from), this.pointUnder(to)];
        const kind = actions.tool();
        if (start && end && (kind === 'distance' || kind === 'rectangle' || kind === 'ellipse')) {
          const index = Number(this.slider.value);
          actions.measure({ kind, plane, index, from: start, to: end }, isDone);
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

  /** The place under the pointer in pixels of the picture, from its corner. */
  private pixelUnder(event: PointerEvent): { x: number; y: number } | undefined {
    if (this.geometry === undefined) {
      return undefined;
    }
    const box = this.picture.getBoundingClientRect();
    const { columns, rows } = this.geometry.picture(this.plane);
    return {
      x: ((event.clientX - box.left) / box.width) * columns,
      y: ((event.clientY - box.top) / box.height) * rows,
    };
  }

  private pointUnder(event: PointerEvent): PlanePoint | undefined {
    const pixel = this.pixelUnder(event);
    return pixel && this.geometry?.planePoint(this.plane, pixel);
  }

  /** The voxel under the pointer; with `nearest` also from outside the picture. */
  private positionUnder(event: PointerEvent, nearest = false): Position | undefined {
    const pixel = this.pixelUnder(event);
    if (this.geometry === undefined || pixel === undefined) {
      return undefined;
    }
    const { columns, rows } = this.geometry.picture(this.plane);
    const isInside = pixel.x >= 0 && pixel.x < columns && pixel.y >= 0 && pixel.y < rows;
    const place = { column: Math.floor(pixel.x), row: Math.floor(pixel.y) };
    return isInside || nearest
      ? this.geometry.positionAt(this.plane, Number(this.slider.value), place)
      : undefined;
  }
}
