import { planeLayouts } from '../../core/volume/slices';
import type { HuWindow, Plane } from '../../core/volume/types';
import type { PreviewSlice, PreviewStrings } from '../../protocol/preview';
import { element, setAttributes } from '../shared/dom';
import { fill } from '../shared/format';
import { sideMarks } from '../shared/sideLetters';
import { fittedSize, type Geometry, type PixelPlace, type Position } from './geometry';
import { draggedWindow, type Windowing } from '../shared/windowing';

/** What a pane asks of the viewer. */
export interface PaneActions {
  /** The crosshair shall stand here. */
  moveTo(position: Position): void;
  setWindow(window: HuWindow): void;
  /** The pointer is over `position`, or left the picture. */
  pointAt(position: Position | undefined, plane: Plane): void;
  /** This pane is the one that keys go to. */
  activate(plane: Plane): void;
}

/** Wheel movement that counts as one slice, in CSS pixels; a notch of a mouse wheel is about 100. */
const wheelStep = 60;

/** One plane: its picture with the crosshair and the sides' letters, its slider and slice number. */
export class PlanePane {
  readonly root: HTMLElement;
  private readonly canvas = element('canvas', { role: 'img' });
  private readonly crosshair = element('div', { class: 'crosshair', 'aria-hidden': 'true' });
  private readonly picture: HTMLElement;
  private readonly viewport: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly count = element('output', { class: 'count' });
  private geometry: Geometry | undefined;
  private position: Position = [0, 0, 0];
  private slice: PreviewSlice | undefined;
  private pixels: ImageData | undefined;
  private wheelRest = 0;

  constructor(
    readonly plane: Plane,
    private readonly strings: PreviewStrings,
    private readonly actions: PaneActions,
    private readonly currentWindow: () => HuWindow,
  ) {
    this.picture = element('div', { class: 'picture' }, this.canvas, this.crosshair);
    this.viewport = element(
      'div',
      { class: 'viewport', tabindex: 0 },
      this.picture,
      ...sideMarks(plane),
    );
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

  /** Prepares for a volume; the old picture stays until the first new slice is there. */
  setVolume(geometry: Geometry): void {
    this.geometry = geometry;
    this.slider.max = String(geometry.size[planeLayouts[this.plane].through] - 1);
    this.root.classList.toggle('without-sides', !geometry.knowsSides);
    this.fit();
  }

  /** Moves crosshair, slider and slice number; the picture follows when its slice is there. */
  setPosition(position: Position): void {
    if (this.geometry === undefined) {
      return;
    }
    this.position = position;
    const index = this.geometry.sliceIndex(this.plane, position);
    this.slider.value = String(index);
    this.count.value = fill(this.strings.sliceOf, index + 1, Number(this.slider.max) + 1);
    this.slider.setAttribute('aria-valuetext', this.count.value);
    const { columns, rows } = this.geometry.picture(this.plane);
    const { column, row } = this.geometry.pixelOf(this.plane, position);
    this.crosshair.style.setProperty('--x', `${((column + 0.5) / columns) * 100}%`);
    this.crosshair.style.setProperty('--y', `${((row + 0.5) / rows) * 100}%`);
    this.describe();
  }

  /** Draws `slice` through `windowing`. */
  draw(slice: PreviewSlice, windowing: Windowing): void {
    const { width, height } = slice;
    if (this.pixels?.width !== width || this.pixels.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.pixels = new ImageData(width, height);
    }
    this.slice = slice;
    this.canvas.dataset.index = String(slice.index);
    this.redraw(windowing);
    this.describe();
  }

  /** Draws the slice that is shown again, through another window. */
  redraw(windowing: Windowing): void {
    if (this.slice !== undefined && this.pixels !== undefined) {
      windowing.paint(this.slice.hu, new Uint32Array(this.pixels.data.buffer));
      this.canvas.getContext('2d')?.putImageData(this.pixels, 0, 0);
    }
  }

  /** HU at a position, if the slice that is drawn holds it. */
  huAt(position: Position): number | undefined {
    if (this.geometry === undefined || this.slice === undefined) {
      return undefined;
    }
    if (this.geometry.sliceIndex(this.plane, position) !== this.slice.index) {
      return undefined;
    }
    const { column, row } = this.geometry.pixelOf(this.plane, position);
    return this.slice.hu[row * this.slice.width + column];
  }

  focus(): void {
    this.viewport.focus({ preventScroll: true });
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

  /** Gives the picture the largest true proportions that the pane has room for. */
  private fit(): void {
    if (this.geometry === undefined) {
      return;
    }
    const box = { width: this.viewport.clientWidth, height: this.viewport.clientHeight };
    const { width, height } = fittedSize(this.geometry.picture(this.plane), box);
    this.picture.style.width = `${width}px`;
    this.picture.style.height = `${height}px`;
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
    this.viewport.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      event.stopPropagation();
    });
    this.viewport.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.wheel(event);
      },
      { passive: false },
    );
    this.viewport.addEventListener('pointerdown', (event) => {
      this.pointerDown(event);
    });
    this.viewport.addEventListener('pointermove', (event) => {
      this.actions.pointAt(this.positionUnder(event), this.plane);
    });
    this.viewport.addEventListener('pointerleave', () => {
      this.actions.pointAt(undefined, this.plane);
    });
  }

  /** Trackpads send many small movements, mice few large ones: both add up to whole slices. */
  private wheel(event: WheelEvent): void {
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 40;
    this.wheelRest += pixels;
    const steps = Math.trunc(this.wheelRest / wheelStep);
    if (steps !== 0) {
      this.wheelRest -= steps * wheelStep;
      // One notch is one slice, whatever the system makes of it.
      const slices = Math.abs(event.deltaY) >= 100 ? Math.sign(steps) : steps;
      this.moveToSlice(Number(this.slider.value) - slices);
    }
  }

  private moveToSlice(index: number): void {
    if (this.geometry !== undefined) {
      const { through } = planeLayouts[this.plane];
      this.actions.moveTo(
        this.geometry.moved(this.position, through, index - this.position[through]),
      );
    }
  }

  /** Left: crosshair. Right, or left with Shift: window. Both go on for as long as it is held. */
  private pointerDown(event: PointerEvent): void {
    const changesWindow = event.button === 2 || (event.button === 0 && event.shiftKey);
    if (!changesWindow && event.button !== 0) {
      return;
    }
    const startWindow = this.currentWindow();
    const drag = (moved: PointerEvent): void => {
      if (changesWindow) {
        const right = moved.clientX - event.clientX;
        const up = event.clientY - moved.clientY;
        this.actions.setWindow(draggedWindow(startWindow, right, up));
      } else {
        const under = this.positionUnder(moved, true);
        if (under !== undefined) {
          this.actions.moveTo(under);
        }
      }
    };
    const release = new AbortController();
    const { signal } = release;
    this.viewport.setPointerCapture(event.pointerId);
    this.viewport.addEventListener('pointermove', drag, { signal });
    for (const end of ['pointerup', 'pointercancel'] as const) {
      this.viewport.addEventListener(
        end,
        () => {
          release.abort();
        },
        { signal },
      );
    }
    if (!changesWindow) {
      drag(event);
    }
  }

  /** The voxel under the pointer; with `nearest` also from outside the picture. */
  private positionUnder(event: PointerEvent, nearest = false): Position | undefined {
    if (this.geometry === undefined) {
      return undefined;
    }
    const box = this.picture.getBoundingClientRect();
    const { columns, rows } = this.geometry.picture(this.plane);
    const pixel: PixelPlace = {
      column: Math.floor(((event.clientX - box.left) / box.width) * columns),
      row: Math.floor(((event.clientY - box.top) / box.height) * rows),
    };
    const isInside =
      pixel.column >= 0 && pixel.column < columns && pixel.row >= 0 && pixel.row < rows;
    return isInside || nearest
      ? this.geometry.positionAt(this.plane, Number(this.slider.value), pixel)
      : undefined;
  }
}
