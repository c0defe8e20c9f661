/** The items of the highest ranks, highest first; of equal ranks the lower item. */
export class BestFew {
  readonly items: number[] = [];
  private readonly ranks: number[] = [];

  constructor(private readonly count: number) {}

  wants(rank: number): boolean {
    return this.items.length < this.count || rank >= this.ranks[this.count - 1];
  }

  add(item: number, rank: number): void {
    let place = this.items.length;
    while (place > 0 && this.isBefore(item, rank, place - 1)) {
      place--;
    }
    this.items.splice(place, 0, item);
    this.ranks.splice(place, 0, rank);
    this.items.length = Math.min(this.items.length, this.count);
    this.ranks.length = this.items.length;
  }

  private isBefore(item: number, rank: number, place: number): boolean {
    const difference = rank - this.ranks[place];
    return difference > 0 || (difference === 0 && item < this.items[place]);
  }
}
