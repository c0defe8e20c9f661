import { CancelledError } from '../../core/errors';
import type { HuWindow } from '../../core/volume/types';
import { huWindows } from '../../core/volume/windows';
import type { CardPictures, CardQuestion, CardStrings } from '../../protocol/questionCard';
import type { PreviewSlice } from '../../protocol/preview';
import { problemOf } from '../shared/cards';
import { button, element } from '../shared/dom';
import { fill } from '../shared/format';
import { sideMarks } from '../shared/sideLetters';
import { WindowButtons, windowNames } from '../shared/windowButtons';
import { Windowing } from '../shared/windowing';

export interface PictureActions {
  readonly load: (found: string, signal: AbortSignal) => Promise<CardPictures>;
  readonly openVolume: () => void;
  readonly rememberWindow: (window: HuWindow) => void;
}

/** The three middle slices of the question's volume, all to one scale, or why there are none. */
export class PictureRow {
  readonly root: HTMLElement;
  private readonly windows: WindowButtons;
  private readonly content = element('div', { class: 'pictures' });
  private shown: CardPictures | undefined;
  private found: string | undefined;
  private loading = new AbortController();

  constructor(
    private readonly strings: CardStrings,
    private window: HuWindow,
    private readonly actions: PictureActions,
  ) {
    this.windows = new WindowButtons(strings, (chosen) => {
      this.setWindow(chosen);
    });
    this.windows.show(window);
    this.root = element(
      'section',
      { class: 'image', 'aria-label': strings.image },
      this.content,
      this.windows.root,
    );
  }

  /** Shows the pictures of an image, once they are here; those on the screen stay if it is theirs. */
  show(image: CardQuestion['image']): void {
    const { found, path } = image;
    if (found !== undefined && found === this.found) {
      return;
    }
    this.forget();
    if (found === undefined) {
      const { imageMissing, imageMissingRemedy } = this.strings;
      this.showProblem(imageMissing, { message: path, remedy: imageMissingRemedy });
    } else {
      void this.load(found);
    }
  }

  /** Shows nothing, and lets go of what is under way. */
  forget(): void {
    this.loading.abort();
    this.shown = undefined;
    this.found = undefined;
    this.content.replaceChildren();
  }

  choosePreset(preset: number): void {
    this.setWindow(huWindows[windowNames[preset]]);
  }

  private setWindow(window: HuWindow): void {
    this.window = window;
    this.windows.show(window);
    this.actions.rememberWindow(window);
    this.draw();
  }

  private async load(found: string): Promise<void> {
    const loading = new AbortController();
    this.loading = loading;
    this.found = found;
    this.content.replaceChildren(
      element(
        'div',
        { class: 'waiting' },
        element('progress', { 'aria-label': this.strings.loadingImage }),
        element('p', { role: 'status' }, this.strings.loadingImage),
      ),
    );
    try {
      const pictures = await this.actions.load(found, loading.signal);
      if (!loading.signal.aborted) {
        this.shown = pictures;
        this.draw();
      }
    } catch (error) {
      if (loading.signal.aborted) {
        return;
      }
      this.found = undefined;
      // What the host cancelled was for a question that is about to be replaced.
      if (!(error instanceof CancelledError)) {
        const retry = button({}, () => void this.load(found), this.strings.retry);
        this.showProblem(this.strings.imageFailed, problemOf(error), retry);
      }
    }
  }

  private showProblem(
    heading: string,
    { message, remedy }: { message: string; remedy?: string },
    ...buttons: HTMLElement[]
  ): void {
    this.windows.root.hidden = true;
    this.content.replaceChildren(
      element(
        'div',
        { class: 'warning', role: 'status' },
        element('strong', {}, heading),
        element('p', { class: 'path' }, message),
        remedy === undefined ? undefined : element('p', {}, remedy),
        ...buttons,
      ),
    );
  }

  private draw(): void {
    const { shown, strings } = this;
    if (shown === undefined) {
      return;
    }
    const { slices, counts, knowsSides, fullRange, note } = shown;
    this.windows.root.hidden = fullRange !== undefined;
    const windowing = new Windowing(fullRange ?? this.window);
    const warning = fullRange === undefined ? note : [strings.huWarning, note].join('. ');
    this.content.replaceChildren(
      element(
        'div',
        { class: knowsSides ? 'planes' : 'planes without-sides' },
        ...slices.map((slice, i) => this.figure(slice, counts[i], windowing)),
      ),
      ...(warning === undefined
        ? []
        : [element('p', { class: 'warning', role: 'status' }, warning)]),
    );
  }

  private figure(slice: PreviewSlice, count: number, windowing: Windowing): HTMLElement {
    const { strings } = this;
    const name = strings.planes[slice.plane];
    const caption = `${name} ${fill(strings.sliceOf, slice.index + 1, count)}`;
    const picture = button(
      {
        class: 'picture',
        title: strings.openVolume,
        'aria-label': `${caption}. ${strings.openVolume}`,
      },
      this.actions.openVolume,
      pictureOf(slice, windowing),
      ...sideMarks(slice.plane),
    );
    const [widthMm, heightMm] = [slice.width * slice.pixelMm[0], slice.height * slice.pixelMm[1]];
    const figure = element('figure', {}, picture, element('figcaption', {}, caption));
    // Widths in mm share the row: all three are drawn to one scale.
    figure.style.flexGrow = String(widthMm);
    picture.style.aspectRatio = `${widthMm} / ${heightMm}`;
    return figure;
  }
}

function pictureOf(slice: PreviewSlice, windowing: Windowing): HTMLCanvasElement {
  const { width, height, plane } = slice;
  const canvas = element('canvas', { width, height, 'data-plane': plane, 'aria-hidden': 'true' });
  const pixels = new ImageData(width, height);
  windowing.paint(slice.hu, new Uint32Array(pixels.data.buffer));
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}
