import { element } from './dom';
import { progressText, type Amount } from './format';

/**
 * A bar with what is being done. It is no live region: the bar tells a screen reader how far it is,
 * and twenty new texts a second would drown everything else.
 */
export class ProgressLine {
  private readonly bar: HTMLProgressElement;
  private readonly text = element('span', { class: 'stage' });
  readonly root: HTMLElement;

  constructor(label: string) {
    this.bar = element('progress', { 'aria-label': label });
    this.root = element('div', { class: 'progress-line', hidden: true }, this.bar, this.text);
  }

  /** Shows that work has begun of which nothing is known yet. */
  begin(text: string): void {
    this.bar.removeAttribute('value');
    this.text.textContent = text;
    this.root.hidden = false;
  }

  show(amount: Amount): void {
    const { done, total } = amount;
    if (total === undefined || total <= 0) {
      this.bar.removeAttribute('value');
    } else {
      this.bar.max = total;
      this.bar.value = done;
    }
    this.text.textContent = progressText(amount);
  }

  end(): void {
    this.root.hidden = true;
  }
}
