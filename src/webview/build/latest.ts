/** How something ended that nobody stopped. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Work of which the last begun alone counts. */
export class Latest {
  private running: AbortController | undefined;

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /**
   * Begins `action` in place of the one that runs, and gives its outcome; undefined where it was
   * stopped meanwhile. The earlier one is stopped after the new one has begun, so that what both
   * wait for goes on.
   */
  async run<T>(action: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T> | undefined> {
    const own = new AbortController();
    const earlier = this.running;
    this.running = own;
    const outcome = outcomeOf(action(own.signal));
    earlier?.abort();
    const ended = await outcome;
    if (own.signal.aborted) {
      return undefined;
    }
    this.running = undefined;
    return ended;
  }

  /** Stops what runs, if anything does. */
  stop(): void {
    this.running?.abort();
    this.running = undefined;
  }
}

async function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}
