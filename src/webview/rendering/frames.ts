import { Quality } from './quality';

/** How long after the last movement the fine picture is drawn, ms. */
const restMs = 180;
/** How often a slow device is asked whether it is done, ms. */
const pollMs = 4;

/** Draws a frame `width` x `height` pixels large. */
export type DrawFrame = (width: number, height: number) => void;

/**
 * Decides when and how fine to draw. One frame is on its way at most: the next is drawn when the
 * graphics device says that it is done, so that the page never waits for it.
 */
export class Frames {
  private readonly quality = new Quality();
  private wanted: 'moving' | 'still' | undefined;
  private planned = 0;
  private restTimer: ReturnType<typeof setTimeout> | undefined;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private isBusy = false;
  /** The next frame builds shaders or textures: its time says nothing of others. */
  private isUnlike = true;
  private size = { width: 0, height: 0 };

  constructor(
    private readonly context: WebGL2RenderingContext,
    private readonly draw: DrawFrame,
  ) {}

  /** Pixels of the screen that there are to fill. */
  setSize(width: number, height: number): void {
    this.size = { width, height };
  }

  /** Something moves: a coarse frame soon, and a fine one once it rests. */
  moved(): void {
    this.want('moving');
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      this.want('still');
    }, restMs);
  }

  /** What is shown is another: a fine frame soon. */
  changed(): void {
    this.isUnlike = true;
    this.want('still');
  }

  stop(): void {
    clearTimeout(this.restTimer);
    clearTimeout(this.pollTimer);
    cancelAnimationFrame(this.planned);
    this.isBusy = true;
  }

  private want(kind: 'moving' | 'still'): void {
    this.wanted = kind;
    this.plan();
  }

  private plan(): void {
    if (!this.isBusy && this.planned === 0) {
      this.planned = requestAnimationFrame(() => {
        this.planned = 0;
        this.drawWanted();
      });
    }
  }

  private drawWanted(): void {
    const kind = this.wanted;
    if (kind === undefined || this.size.width === 0 || this.size.height === 0) {
      return;
    }
    this.wanted = undefined;
    const { width, height } = this.size;
    const scale = this.quality.scaleFor(kind, width * height);
    const [columns, rows] = [Math.ceil(width * scale), Math.ceil(height * scale)];
    const begun = performance.now();
    this.draw(columns, rows);
    const isMeasured = !this.isUnlike;
    this.isUnlike = false;
    this.whenDone(() => {
      if (isMeasured) {
        this.quality.measured(columns * rows, performance.now() - begun);
      }
      if (this.wanted === undefined && kind === 'still' && this.canBeFiner(scale)) {
        this.wanted = kind;
      }
      if (this.wanted !== undefined) {
        this.plan();
      }
    });
  }

  /** Whether a picture that stays was drawn clearly coarser than the device can, or untried. */
  private canBeFiner(scale: number): boolean {
    const { width, height } = this.size;
    return !this.quality.isKnown || this.quality.scaleFor('still', width * height) > 1.15 * scale;
  }

  private whenDone(then: () => void): void {
    const { context } = this;
    const fence = context.fenceSync(context.SYNC_GPU_COMMANDS_COMPLETE, 0);
    context.flush();
    if (fence === null) {
      return;
    }
    this.isBusy = true;
    const poll = (): void => {
      if (context.getSyncParameter(fence, context.SYNC_STATUS) === context.SIGNALED) {
        context.deleteSync(fence);
        this.isBusy = false;
        then();
      } else {
        this.pollTimer = setTimeout(poll, pollMs);
      }
    };
    this.pollTimer = setTimeout(poll, 0);
  }
}
