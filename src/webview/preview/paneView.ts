import { fittedSize } from './geometry';

/** Which part of a picture a pane shows. */
export interface PaneView {
  /** 1 fits the picture into the pane. */
  readonly zoom: number;
  /** The place of the picture in the middle of the pane, in shares of its width and height. */
  readonly centre: { readonly x: number; readonly y: number };
}

export const wholePicture: PaneView = { zoom: 1, centre: { x: 0.5, y: 0.5 } };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the picture lies in its pane, CSS pixels. */
export interface PictureBox extends Size {
  readonly left: number;
  readonly top: number;
}

const largestZoom = 32;

/** The box of a picture, `pane` wide and high, at true proportions. */
export function pictureBox(
  view: PaneView,
  picture: Parameters<typeof fittedSize>[0],
  pane: Size,
): PictureBox {
  const fitted = fittedSize(picture, pane);
  const [width, height] = [fitted.width * view.zoom, fitted.height * view.zoom];
  return {
    width,
    height,
    left: pane.width / 2 - view.centre.x * width,
    top: pane.height / 2 - view.centre.y * height,
  };
}

/** `view` enlarged by `factor` around a place of the picture, which stays where it is. */
export function zoomed(view: PaneView, factor: number, at = view.centre): PaneView {
  const zoom = Math.min(largestZoom, Math.max(1, view.zoom * factor));
  if (zoom === 1) {
    return wholePicture;
  }
  const keep = view.zoom / zoom;
  return clamped({
    zoom,
    centre: {
      x: at.x + (view.centre.x - at.x) * keep,
      y: at.y + (view.centre.y - at.y) * keep,
    },
  });
}

/** `view` moved by shares of the picture's width and height. */
export function panned(view: PaneView, across: number, down: number): PaneView {
  return view.zoom === 1
    ? view
    : clamped({ ...view, centre: { x: view.centre.x - across, y: view.centre.y - down } });
}

/** The middle of the pane always shows some of the picture. */
function clamped({ zoom, centre }: PaneView): PaneView {
  const inside = (share: number): number => Math.min(1, Math.max(0, share));
  return { zoom, centre: { x: inside(centre.x), y: inside(centre.y) } };
}
