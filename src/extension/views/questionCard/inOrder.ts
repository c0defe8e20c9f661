/**
 * Answers that were begun one after another and may be ready in another order: shows each one that
 * is newer than what is shown, and none that is older.
 */
export class InOrder {
  private begun = 0;
  private shown = 0;

  /** Waits for an answer and shows it, unless a newer one is shown by then. */
  async show<T>(answer: Promise<T>, show: (answer: T) => void): Promise<void> {
    const turn = ++this.begun;
    const ready = await answer;
    if (turn > this.shown) {
      this.shown = turn;
      show(ready);
    }
  }
}
