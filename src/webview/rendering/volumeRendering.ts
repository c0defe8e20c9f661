import { UserError } from '../../core/errors';
import { planeLayouts } from '../../core/volume/slices';
import type { RenderingPreset, RenderingProblem, RenderingView } from '../../protocol/rendering';
import { element } from '../shared/dom';
import type { CutAway, RenderingOptions, VolumeRendering } from './api';
import { listen } from './controls';
import { Frames } from './frames';
import { drawMarks, marksSize } from './marks';
import {
  axesOf,
  fittingHalfHeight,
  standardOrbits,
  turned,
  type Orbit,
  type Vector,
} from './orbit';
import { transferFunctions } from './presets';
import { Scene } from './scene';
import type { RenderedVolume } from './volume';

/** More screen pixels a CSS pixel than this show no more of a CT. */
const mostPixelRatio = 2;
const zoomRange = { least: 0.4, most: 16 };

/** See {@link VolumeRendering}; made by {@link createVolumeRendering}. */
class Rendering implements VolumeRendering {
  private readonly canvas = element('canvas', {
    class: 'rendering-picture',
    'aria-hidden': 'true',
  });
  private readonly marks = element('canvas', { class: 'rendering-marks', 'aria-hidden': 'true' });
  private readonly context: WebGL2RenderingContext;
  private readonly scene: Scene;
  private readonly frames: Frames;
  private readonly ended = new AbortController();
  private readonly resizing: ResizeObserver;
  private preset: RenderingPreset;
  private view: RenderingView | undefined;
  /** The view that the picture's size fits, also while turned: a patient that shrinks distracts. */
  private fittedView: RenderingView;
  private orbit: Orbit;
  private centre: Vector = [0, 0, 0];
  private zoomed = 1;
  private cut: CutAway | undefined;
  /** Whether the half with the larger positions is taken away. */
  private cutsFarHalf = false;

  constructor(
    private readonly container: HTMLElement,
    volume: RenderedVolume,
    private readonly options: RenderingOptions,
  ) {
    this.context = contextOf(this.canvas);
    // Before anything is held that a failure here would leave behind.
    refuseTooLarge(this.context, volume);
    this.preset = options.preset;
    this.scene = new Scene(this.context, transferFunctions[options.preset]);
    this.view = this.fittedView = options.view;
    this.orbit = standardOrbits[options.view];
    this.frames = new Frames(this.context, (width, height) => {
      this.draw(width, height);
    });
    container.append(this.canvas, this.marks);
    const { signal } = this.ended;
    listen(container, this, signal);
    this.canvas.addEventListener('webglcontextlost', this.lost, { signal });
    this.resizing = new ResizeObserver(() => {
      this.resize();
    });
    this.resizing.observe(container);
    container.style.background = options.background;
    this.setVolume(volume);
    this.resize();
    options.onChange({ preset: this.preset, view: this.view });
  }

  setPreset(preset: RenderingPreset): void {
    this.preset = preset;
    this.scene.setTransferFunction(transferFunctions[preset]);
    this.frames.changed();
    this.tell();
  }

  setVolume(volume: RenderedVolume): void {
    refuseTooLarge(this.context, volume);
    this.scene.setVolume(volume);
    this.showCut();
    this.frames.changed();
  }

  setCutAway(cut: CutAway | undefined): void {
    if (cut?.plane !== this.cut?.plane) {
      this.cut = cut;
      this.chooseHalf();
      this.showCut();
      this.frames.changed();
    } else if (cut?.share !== this.cut?.share) {
      this.cut = cut;
      this.showCut();
      this.frames.moved();
    }
  }

  resetCamera(view: RenderingView): void {
    this.view = this.fittedView = view;
    this.orbit = standardOrbits[view];
    this.centre = [0, 0, 0];
    this.zoomed = 1;
    this.chooseHalf();
    this.showCut();
    this.frames.changed();
    this.tell();
  }

  rotate(azimuth: number, elevation: number): void {
    this.orbit = turned(this.orbit, azimuth, elevation);
    this.frames.moved();
    if (this.view !== undefined) {
      this.view = undefined;
      this.tell();
    }
  }

  zoom(factor: number): void {
    const { least, most } = zoomRange;
    this.zoomed = Math.min(most, Math.max(least, this.zoomed * factor));
    this.frames.moved();
  }

  pan(right: number, down: number): void {
    const axes = axesOf(this.orbit);
    const mmPerPixel = (2 * this.halfHeightMm()) / Math.max(1, this.container.clientHeight);
    const moved = (axis: 0 | 1 | 2): number =>
      this.centre[axis] + mmPerPixel * (down * axes.up[axis] - right * axes.right[axis]);
    this.centre = [moved(0), moved(1), moved(2)];
    this.frames.moved();
  }

  resize(): void {
    const { width, height, ratio } = this.screenSize();
    this.frames.setSize(width, height);
    this.marks.width = this.marks.height = Math.round(marksSize * ratio);
    this.drawMarks();
    this.frames.changed();
  }

  dispose(): void {
    this.ended.abort();
    this.resizing.disconnect();
    this.frames.stop();
    this.scene.dispose();
    this.context.getExtension('WEBGL_lose_context')?.loseContext();
    this.canvas.remove();
    this.marks.remove();
  }

  private draw(width: number, height: number): void {
    const look = { orbit: this.orbit, centre: this.centre, halfHeightMm: this.halfHeightMm() };
    this.scene.draw(look, width, height);
    this.drawMarks();
  }

  private drawMarks(): void {
    const context = this.marks.getContext('2d');
    context?.clearRect(0, 0, this.marks.width, this.marks.height);
    if (context) {
      drawMarks(context, this.orbit, this.marks.width / marksSize, 0, 0);
    }
  }

  private halfHeightMm(): number {
    const { width, height } = this.screenSize();
    const aspect = width / Math.max(1, height);
    const orbit = standardOrbits[this.fittedView];
    return fittingHalfHeight(this.scene.sizeMm, orbit, aspect) / this.zoomed;
  }

  private screenSize(): { width: number; height: number; ratio: number } {
    const ratio = Math.min(mostPixelRatio, window.devicePixelRatio);
    const { clientWidth, clientHeight } = this.container;
    return {
      width: Math.round(clientWidth * ratio),
      height: Math.round(clientHeight * ratio),
      ratio,
    };
  }

  private chooseHalf(): void {
    if (this.cut !== undefined) {
      const axis = planeLayouts[this.cut.plane].through;
      const { toViewer, up } = axesOf(this.orbit);
      // Seen along the plane, neither half is in front: then the upper half goes.
      const towards = Math.abs(toViewer[axis]) > 1e-6 ? toViewer : up;
      this.cutsFarHalf = towards[axis] > 0;
    }
  }

  private showCut(): void {
    if (this.cut === undefined) {
      this.scene.setCut(undefined);
      return;
    }
    const axis = planeLayouts[this.cut.plane].through;
    const at = (this.cut.share - 0.5) * this.scene.sizeMm[axis];
    const along = (length: number): [number, number, number] => {
      const vector: [number, number, number] = [0, 0, 0];
      vector[axis] = length;
      return vector;
    };
    this.scene.setCut({ point: along(at), towards: along(this.cutsFarHalf ? 1 : -1) });
  }

  private tell(): void {
    this.options.onChange({ preset: this.preset, view: this.view });
  }

  private readonly lost = (): void => {
    this.options.onProblem(
      problem(
        'rendering-lost',
        'The graphics device was reset or ran out of memory.',
        'Try again, with fewer other 3-D views open.',
      ),
    );
  };
}

/** {@link CreateVolumeRendering} of the script that was loaded. */
export function createVolumeRendering(
  container: HTMLElement,
  volume: RenderedVolume,
  options: RenderingOptions,
): VolumeRendering {
  return new Rendering(container, volume, options);
}

function contextOf(canvas: HTMLCanvasElement): WebGL2RenderingContext {
  const context = canvas.getContext('webgl2', {
    alpha: true,
    antialias: false,
    depth: false,
    powerPreference: 'high-performance',
  });
  if (context === null) {
    throw problem(
      'rendering-webgl',
      'This editor draws without WebGL 2.',
      'Turn on hardware acceleration ("disable-hardware-acceleration" in argv.json), then restart.',
    );
  }
  return context;
}

/** @throws UserError `rendering-size` */
function refuseTooLarge(context: WebGL2RenderingContext, { shape }: RenderedVolume): void {
  const most: unknown = context.getParameter(context.MAX_3D_TEXTURE_SIZE);
  if (typeof most === 'number' && Math.max(...shape) > most) {
    throw problem(
      'rendering-size',
      `The graphics device holds at most ${most} voxels along an axis.`,
      'Use the slices instead.',
    );
  }
}

function problem(code: RenderingProblem, message: string, remedy: string): UserError {
  return new UserError(code, message, remedy);
}
