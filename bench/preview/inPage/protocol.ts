/** What the benchmark asks of a preview's page. */

/** An axial picture as the page has it on its canvas. */
export interface PagePicture {
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** Grey of each pixel, 0 to 255, row-major from the top left, in base64. */
  readonly gray: string;
}

/** Times in ms since 1970. */
export interface Seen {
  readonly firstSlice: number;
  /** By the page's own mark, or by looking at its canvas. */
  readonly firstSliceBy: 'mark' | 'canvas';
  /** Absent where the page does not say when it has all voxels. */
  readonly wholeVolume?: number;
  readonly firstPicture: PagePicture;
}

/** A key that leads to another slice, ms. */
export interface SliceStep {
  /** The page's own work: from the begin of the frame (or of the key's event) until it has drawn. */
  readonly workMs: number;
  /** From the key's event until the slice was drawn on the canvas: with the wait for a frame. */
  readonly drawnMs: number;
  /** From the key's event until the page had done the frame that shows it. */
  readonly frameMs: number;
}

export interface PageProbe {
  /** Ends when the page has all voxels, or does not say so. */
  whenSeen(): Promise<Seen>;
  picture(): PagePicture;
  /** Before a key that leads to another slice. */
  watchFull(): void;
  /** ms from that key to the first frame that finds the other slice in so many columns. */
  whenFull(columns: number): Promise<number>;
  /** From now on every key is a step. */
  watchSteps(): void;
  /** ms between frames of a page that always draws. */
  frameInterval(): Promise<number>;
  /** Ends when so many steps have been shown. */
  stepCount(wanted: number): Promise<void>;
  steps(): readonly SliceStep[];
  /** How many slices were drawn since {@link watchSteps}. */
  drawCount(): number;
  /** ms from each slice to the next, from the one of number `from` on. */
  drawIntervals(from: number): number[];
}

/** What a page of NiiVue tells. */
export interface PeerLoad {
  /** From the request to load until the first picture was drawn, ms. */
  readonly ms: number;
  /** To fetch, inflate and parse the file alone, ms: no GPU could make NiiVue faster than that. */
  readonly readMs: number;
  /** Mean brightness of what was drawn, 0 to 255: it is a picture. */
  readonly brightness: number;
}
