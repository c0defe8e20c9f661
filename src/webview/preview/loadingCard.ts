import type { OpeningProgress, PreviewStrings } from '../../protocol/preview';
import { element } from '../shared/dom';

/** What stands on the page until the first picture. */
export class LoadingCard {
  readonly root: HTMLElement;
  private readonly bar: HTMLProgressElement;
  private readonly stage: HTMLElement;

  constructor(fileName: string, strings: PreviewStrings) {
    this.bar = element('progress', { 'aria-label': strings.loading });
    this.stage = element('p', { class: 'stage-name' }, strings.loading);
    this.root = element(
      'section',
      { class: 'card loading' },
      element('h1', {}, fileName),
      this.bar,
      this.stage,
    );
  }

  show({ stage, done, total }: OpeningProgress): void {
    this.stage.textContent = stage;
    if (total === undefined || total === 0) {
      this.bar.removeAttribute('value');
    } else {
      this.bar.max = total;
      this.bar.value = done;
    }
  }
}
