import { sideLetters } from '../shared/sideLetters';
import { element } from '../shared/dom';
import { PageError } from './pageError';
import type { PlanePane } from './planePane';

/** Pictures side by side as PNG, at the sharpness of the screen, with the letters of their sides. */
export async function pictureOfPanes(panes: readonly PlanePane[]): Promise<Blob> {
  const scale = window.devicePixelRatio || 1;
  const pictures = panes.map((pane) => ({ pane, canvas: pane.render(scale) }));
  const gap = pictures.length > 1 ? Math.round(2 * scale) : 0;
  const target = element('canvas', {
    width: pictures.reduce((sum, { canvas }) => sum + canvas.width + gap, -gap),
    height: Math.max(...pictures.map(({ canvas }) => canvas.height)),
  });
  const context = target.getContext('2d');
  if (context !== null) {
    context.fillRect(0, 0, target.width, target.height);
    let left = 0;
    for (const { pane, canvas } of pictures) {
      const top = (target.height - canvas.height) / 2;
      context.drawImage(canvas, left, top);
      drawLetters(context, pane, { left, top, width: canvas.width, height: canvas.height }, scale);
      left += canvas.width + gap;
    }
  }
  return pngOf(target);
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function drawLetters(
  context: CanvasRenderingContext2D,
  pane: PlanePane,
  { left, top, width, height }: Box,
  scale: number,
): void {
  if (!pane.knowsSides) {
    return;
  }
  const [west, east, north, south] = sideLetters[pane.plane];
  const [atLeft, atRight] = pane.isMirrored ? [east, west] : [west, east];
  const margin = 12 * scale;
  context.font = `600 ${14 * scale}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillStyle = '#e8ebf0';
  const letters: readonly (readonly [string, number, number])[] = [
    [atLeft, left + margin, top + height / 2],
    [atRight, left + width - margin, top + height / 2],
    [north, left + width / 2, top + margin],
    [south, left + width / 2, top + height - margin],
  ];
  // A dark edge, for letters over bright anatomy.
  context.lineJoin = 'round';
  context.lineWidth = 3 * scale;
  context.strokeStyle = '#000';
  for (const [letter, x, y] of letters) {
    context.strokeText(letter, x, y);
    context.fillText(letter, x, y);
  }
}

function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) {
        reject(new PageError('picture-no-png'));
      } else {
        resolve(blob);
      }
    }, 'image/png');
  });
}

/** Puts a picture on the clipboard. */
export async function copyPicture(picture: Promise<Blob>): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
}
