/** Anything that can be let go of; `vscode.Disposable` is one. */
export interface DisposableLike {
  dispose(): unknown;
}

/**
 * Disposes what it holds, last added first. What is added after its end is disposed at once, so
 * that something created during a slow start cannot outlive a window that closed meanwhile.
 */
export class DisposableList implements DisposableLike {
  private readonly held: DisposableLike[] = [];
  private isDisposed = false;

  add<T extends DisposableLike>(item: T): T {
    if (this.isDisposed) {
      item.dispose();
    } else {
      this.held.push(item);
    }
    return item;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const item of this.held.splice(0).reverse()) {
      item.dispose();
    }
  }
}
