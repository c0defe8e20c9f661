import { CancelledError } from '../../core/errors';
import type { ReadingProgress } from '../../protocol/volumeContext';
import { problemOf } from '../shared/cards';
import { button, element } from '../shared/dom';
import { ProgressLine } from '../shared/progressLine';

export interface ContextPartStrings {
  readonly reading: string;
  readonly failed: string;
  readonly retry: string;
}

/**
 * One part of the report panel: read when it is first seen, and again when what it was read from
 * changed. What is shown stays until the new is there, and altogether where nothing of it changed:
 * whoever reads it keeps place and focus.
 */
export class ContextPartView<T> {
  readonly root: HTMLElement;
  private readonly body = element('div', { class: 'part-body' });
  private readonly progressLine: ProgressLine;
  private reading: AbortController | undefined;
  private shown: string | undefined;
  private isOld = true;

  constructor(
    private readonly strings: ContextPartStrings,
    private readonly load: (signal: AbortSignal) => Promise<T>,
    private readonly draw: (value: T) => readonly Node[],
  ) {
    this.progressLine = new ProgressLine(strings.reading);
    this.root = element('div', { class: 'context-part' }, this.progressLine.root, this.body);
  }

  /** The part is seen: reads what is not read yet. */
  open(): void {
    if (this.isOld) {
      void this.read();
    }
  }

  /** What it was read from changed; read at once where it is seen. */
  changed(): void {
    this.isOld = true;
    if (this.root.isConnected) {
      this.open();
    }
  }

  progress(amount: ReadingProgress): void {
    if (this.reading !== undefined && this.shown === undefined) {
      this.progressLine.show(amount);
    }
  }

  /** Shows a value; draws it anew only where it differs from what is shown. */
  show(value: T): void {
    const text = JSON.stringify(value);
    if (text !== this.shown) {
      this.shown = text;
      this.body.replaceChildren(...this.draw(value));
    }
  }

  private async read(): Promise<void> {
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    this.isOld = false;
    if (this.shown === undefined) {
      this.body.replaceChildren();
      this.progressLine.begin(this.strings.reading);
    }
    try {
      const value = await this.load(reading.signal);
      if (this.reading === reading) {
        this.show(value);
      }
    } catch (error) {
      if (this.reading === reading && !(error instanceof CancelledError)) {
        this.fail(error);
      }
    } finally {
      if (this.reading === reading) {
        this.reading = undefined;
        this.progressLine.end();
      }
    }
  }

  private fail(thrown: unknown): void {
    const { message, remedy = '' } = problemOf(thrown);
    this.shown = undefined;
    this.body.replaceChildren(
      element(
        'div',
        { class: 'warning', role: 'alert' },
        element('strong', {}, this.strings.failed),
        element('p', {}, `${message} ${remedy}`),
        button({}, () => void this.read(), this.strings.retry),
      ),
    );
  }
}
