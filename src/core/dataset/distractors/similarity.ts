import type { Steps } from '../../progress';

/** How alike the texts of a pool are. Texts are named by their index. */
export interface Similarity {
  /** The `count` texts most like `text` among those accepted, the most alike first. */
  nearest(text: number, count: number, accepts: (other: number) => boolean): number[];
  /** 0 for texts with nothing in common to 1 for texts that say the same. */
  between(some: number, other: number): number;
}

/** Compares the texts of a pool; the text at each place goes by that number. */
export type SimilarityMaker = (texts: readonly string[]) => Steps<Similarity>;
