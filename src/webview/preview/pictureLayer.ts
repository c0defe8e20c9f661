import { element } from '../shared/dom';
import type { Windowing } from '../shared/windowing';
import { PageError } from './pageError';
import type { PictureBox } from './paneView';
import type { ShownPicture } from './pictureSource';

/** Colours laid over a picture: one RGBA pixel for each of its pixels, premultiplied by nothing. */
export type Tint = (picture: ShownPicture, pixels: Uint32Array) => void;

/** Browsers draw nothing, or fail, where a canvas is larger. */
const mostPixels = 2 ** 26;
const longestPicture = 2 ** 16 - 1;

/** The picture of a plane as pixels, and what is laid over it: two canvases, one over the other. */
export class PictureLayer {
  readonly canvas = element('canvas', { role: 'img' });
  readonly tintCanvas = element('canvas', { class: 'tint', 'aria-hidden': 'true' });
  private drawn: ShownPicture | undefined;
  private pixels: ImageData | undefined;
  private tint: Tint | undefined;

  /** What is drawn now; undefined before the first. */
  get shown(): ShownPicture | undefined {
    return this.drawn;
  }

  /** @throws PageError `picture-too-large` */
  draw(picture: ShownPicture, windowing: Windowing): void {
    const { width, height } = picture;
    if (width * height > mostPixels || Math.max(width, height) > longestPicture) {
      throw new PageError('picture-too-large', [width, height]);
    }
    if (this.pixels?.width !== width || this.pixels.height !== height) {
      for (const canvas of [this.canvas, this.tintCanvas]) {
        canvas.width = width;
        canvas.height = height;
      }
      this.pixels = new ImageData(width, height);
    }
    this.drawn = picture;
    this.redraw(windowing);
    this.canvas.dataset.index = String(picture.index);
    this.canvas.classList.toggle('coarse', picture.isCoarse);
  }

  /** Draws the picture that is shown again, through another window or under another tint. */
  redraw(windowing: Windowing): void {
    const { drawn, pixels } = this;
    if (drawn === undefined || pixels === undefined) {
      return;
    }
    const colours = new Uint32Array(pixels.data.buffer);
    windowing.paint(drawn.values, colours, drawn, drawn.missing);
    this.canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    if (this.tint !== undefined) {
      colours.fill(0);
      this.tint(drawn, colours);
      this.tintCanvas.getContext('2d')?.putImageData(pixels, 0, 0);
    }
  }

  /** What is laid over every picture from now on; undefined for nothing. */
  setTint(tint: Tint | undefined, opacity: number): void {
    this.tint = tint;
    this.tintCanvas.hidden = tint === undefined;
    this.tintCanvas.style.opacity = String(opacity);
  }

  /** Draws the picture and what lies over it into a box of another canvas. */
  drawInto(context: CanvasRenderingContext2D, box: PictureBox, isMirrored: boolean): void {
    const { left, top, width, height } = box;
    context.save();
    context.translate(left + (isMirrored ? width : 0), top);
    context.scale(isMirrored ? -1 : 1, 1);
    context.drawImage(this.canvas, 0, 0, width, height);
    if (this.tint !== undefined) {
      context.globalAlpha = Number(this.tintCanvas.style.opacity);
      context.drawImage(this.tintCanvas, 0, 0, width, height);
    }
    context.restore();
  }
}
