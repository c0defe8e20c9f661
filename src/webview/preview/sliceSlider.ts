import type { Plane } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { element } from '../shared/dom';
import { fill } from '../shared/format';

/** The line under a plane: its name, a slider through its slices, the number of the slice. */
export class SliceSlider {
  readonly root: HTMLElement;
  private readonly slider: HTMLInputElement;
  private readonly number = element('output', { class: 'count' });

  /** @param choose is told which slice the user went to, from 0 */
  constructor(
    plane: Plane,
    private readonly strings: PreviewStrings,
    choose: (index: number) => void,
  ) {
    const name = strings.planes[plane];
    this.slider = element('input', {
      type: 'range',
      min: 0,
      'aria-label': fill(strings.slice, name),
    });
    this.slider.addEventListener('input', () => {
      choose(this.index);
    });
    this.root = element(
      'figcaption',
      {},
      element('span', { class: 'plane-name' }, name),
      this.slider,
      this.number,
    );
  }

  /** How many slices there are. */
  get count(): number {
    return Number(this.slider.max) + 1;
  }

  set count(count: number) {
    this.slider.max = String(count - 1);
  }

  /** The slice that is wanted, from 0. */
  get index(): number {
    return this.slider.valueAsNumber;
  }

  set index(index: number) {
    this.slider.value = String(index);
  }

  /** Tells the number of the slice that is shown, and of the wanted one while that is on its way. */
  tell(shown: number | undefined): void {
    const { strings, index, count } = this;
    this.number.value =
      shown === undefined || shown === index
        ? fill(strings.sliceOf, index + 1, count)
        : fill(strings.sliceUnderWay, shown + 1, index + 1, count);
    this.slider.setAttribute('aria-valuetext', this.number.value);
  }
}
