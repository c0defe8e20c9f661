import type { Random } from '../../random';

/** As many items as are kept of a stream of any length, each as likely (Vitter's algorithm R). */
export class Sample<T> {
  private readonly items: T[] = [];
  private seen = 0;

  constructor(
    private readonly size: number,
    private readonly random: Random,
  ) {}

  /** @param make gives the item; called only for one that is kept. */
  offer(make: () => T): void {
    this.seen++;
    if (this.items.length < this.size) {
      this.items.push(make());
      return;
    }
    const place = this.random.index(this.seen);
    if (place < this.size) {
      this.items[place] = make();
    }
  }

  get all(): readonly T[] {
    return this.items;
  }
}
