import type { Steps } from '../../progress';
import { BestFew } from './bestFew';
import type { Similarity } from './similarity';

/**
 * Cosine of vectors that a model made of the texts. Every text is compared with every other: with
 * 47,149 reports and 64 numbers each that is a minute of one core.
 */
export class VectorSimilarity implements Similarity {
  /** Of length 1, one after the other. */
  private readonly units: Float32Array;

  private constructor(
    private readonly count: number,
    private readonly width: number,
  ) {
    this.units = new Float32Array(count * width);
  }

  /** @param vectors one a text, all of one length; one of zeros is like no other. */
  static *of(vectors: readonly Float32Array[]): Steps<VectorSimilarity> {
    const similarity = new VectorSimilarity(vectors.length, vectors.at(0)?.length ?? 0);
    for (const [text, vector] of vectors.entries()) {
      yield { stage: 'Comparing reports', done: text, total: vectors.length };
      const length = Math.hypot(...vector);
      const unit = length > 0 ? vector.map((value) => value / length) : vector;
      similarity.units.set(unit, text * similarity.width);
    }
    return similarity;
  }

  nearest(text: number, count: number, accepts: (other: number) => boolean): number[] {
    const best = new BestFew(count);
    for (let other = 0; other < this.count; other++) {
      const rank = other === text ? -Infinity : this.cosine(text, other);
      if (other !== text && best.wants(rank) && accepts(other)) {
        best.add(other, rank);
      }
    }
    return best.items;
  }

  between(some: number, other: number): number {
    return Math.min(1, Math.max(0, this.cosine(some, other)));
  }

  private cosine(some: number, other: number): number {
    const { units, width } = this;
    let sum = 0;
    for (let i = some * width, j = other * width, end = i + width; i < end; i++, j++) {
      sum += units[i] * units[j];
    }
    return sum;
  }
}
