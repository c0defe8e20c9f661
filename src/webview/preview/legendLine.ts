import type { PreviewStrings } from '../../protocol/preview';
import { button, element } from '../shared/dom';
import { fill } from '../shared/format';
import { icon } from './icons';
import type { Overlay } from './overlays';

export interface LegendActions {
  setOpacity(opacity: number): void;
  remove(): void;
}

/** What lies over the volume: its name, its scale of colours, how opaque it is. */
export class LegendLine {
  readonly root: HTMLElement;
  private readonly name = element('span', { class: 'overlay-name' });
  private readonly scale = element('span', { class: 'colour-bar' });
  private readonly slider: HTMLInputElement;

  constructor(
    private readonly strings: PreviewStrings,
    actions: LegendActions,
  ) {
    this.slider = element('input', {
      type: 'range',
      min: 0,
      max: 1,
      step: 0.05,
      value: 0.5,
      'aria-label': strings.opacity,
      title: strings.opacity,
    });
    this.slider.addEventListener('input', () => {
      actions.setOpacity(this.opacity);
    });
    this.root = element(
      'div',
      { class: 'legend', hidden: true },
      this.name,
      this.scale,
      this.slider,
      button(
        { class: 'icon', title: strings.removeOverlay, 'aria-label': strings.removeOverlay },
        () => {
          actions.remove();
        },
        icon('remove'),
      ),
    );
  }

  get opacity(): number {
    return this.slider.valueAsNumber;
  }

  show(overlay: Overlay | undefined): void {
    this.root.hidden = overlay === undefined;
    if (overlay === undefined) {
      return;
    }
    this.name.textContent = overlay.name;
    const isHeat = overlay.kind === 'heat';
    this.scale.hidden = !isHeat;
    const end = String(Number(overlay.strongest.toPrecision(2)));
    this.scale.replaceChildren(
      element('span', {}, `−${end}`),
      element('span', { class: 'bar', 'aria-hidden': 'true' }),
      element('span', {}, end),
    );
    this.scale.setAttribute('title', fill(this.strings.heatScale, end));
  }
}
