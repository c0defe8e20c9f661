/**
 * The last result of long work, as long as what it was made from stays the same: a page that comes
 * back finds it ready.
 */
export class KeptResult<T> {
  private kept: { readonly identity: string; readonly result: T } | undefined;

  /**
   * @param identityOf changes with what the work reads
   * @param make does the work
   */
  constructor(
    private readonly identityOf: () => Promise<string>,
    private readonly make: (signal: AbortSignal) => Promise<T>,
  ) {}

  async get(signal: AbortSignal): Promise<T> {
    // Before the work: what changes during it makes the result an old one.
    const identity = await this.identityOf();
    if (this.kept?.identity === identity) {
      return this.kept.result;
    }
    const result = await this.make(signal);
    this.kept = { identity, result };
    return result;
  }
}
