/** How long a frame may take: while something moves, and the one that stays. Milliseconds. */
const budgetMs = { moving: 40, still: 600 };

/** Pixels a side, at least this share of the screen's: coarser shows nothing. */
const leastScale = 0.15;

/**
 * Chooses how fine to draw from how long frames took: the work grows with the pixels. A fast
 * device draws every frame at full size, a slow one few pixels while something moves.
 */
export class Quality {
  /** Undefined until a frame was measured. */
  private msPerPixel: number | undefined;

  get isKnown(): boolean {
    return this.msPerPixel !== undefined;
  }

  /** Share of the screen's pixels, a side, for a picture of `pixels` in all. */
  scaleFor(kind: 'moving' | 'still', pixels: number): number {
    if (this.msPerPixel === undefined) {
      // The first frame tells; it must not be the one that takes long.
      return 0.25;
    }
    const affordable = budgetMs[kind] / (this.msPerPixel * pixels);
    return Math.min(1, Math.max(leastScale, Math.sqrt(affordable)));
  }

  /** A frame of `pixels` took so long. */
  measured(pixels: number, ms: number): void {
    const now = Math.max(0.1, ms) / pixels;
    // Slower is believed at once; faster by halves, as a frame may have been of air alone.
    this.msPerPixel =
      this.msPerPixel === undefined || now > this.msPerPixel ? now : (now + this.msPerPixel) / 2;
  }
}
