import type { HuWindow } from '../../core/volume/types';
import type { PreviewStrings } from '../../protocol/preview';
import { button, element, svgElement } from '../shared/dom';
import { WindowButtons } from '../shared/windowButtons';

export interface ToolbarActions {
  readonly setWindow: (window: HuWindow) => void;
  readonly centre: () => void;
  readonly toggleCrosshair: () => void;
  readonly toggleFacts: () => void;
}

/** Window presets and numbers, and the switches of the view. */
export class Toolbar {
  readonly root: HTMLElement;
  private readonly presets: WindowButtons;
  private readonly level: HTMLInputElement;
  private readonly width: HTMLInputElement;
  private readonly crosshair: HTMLButtonElement;
  private readonly facts: HTMLButtonElement;

  constructor(strings: PreviewStrings, actions: ToolbarActions) {
    this.presets = new WindowButtons(strings, actions.setWindow);
    const change = (): void => {
      const window = { level: this.level.valueAsNumber, width: this.width.valueAsNumber };
      if (Number.isFinite(window.level) && window.width >= 1) {
        actions.setWindow(window);
      }
    };
    this.level = numberField(change);
    this.width = numberField(change, 1);
    this.crosshair = button(
      { class: 'icon', title: strings.crosshair, 'aria-label': strings.crosshair },
      actions.toggleCrosshair,
      crosshairIcon(),
    );
    this.facts = button({ class: 'tool' }, actions.toggleFacts, strings.facts);
    this.root = element(
      'header',
      { class: 'toolbar', role: 'toolbar', 'aria-label': strings.window },
      this.presets.root,
      element('label', { class: 'number' }, element('span', {}, strings.level), this.level),
      element('label', { class: 'number' }, element('span', {}, strings.width), this.width),
      element('span', { class: 'gap' }),
      button({ class: 'tool', title: strings.centerHint }, actions.centre, strings.center),
      this.crosshair,
      this.facts,
    );
  }

  showWindow(window: HuWindow): void {
    const { level, width } = window;
    this.presets.show(window);
    this.level.value = String(Math.round(level * 10) / 10);
    this.width.value = String(Math.round(width * 10) / 10);
  }

  showSwitches(crosshair: boolean, facts: boolean): void {
    this.crosshair.setAttribute('aria-pressed', String(crosshair));
    this.facts.setAttribute('aria-expanded', String(facts));
    this.facts.setAttribute('aria-pressed', String(facts));
  }
}

function numberField(onChange: () => void, min?: number): HTMLInputElement {
  const field = element('input', { type: 'number', step: 10, min });
  field.addEventListener('change', onChange);
  return field;
}

function crosshairIcon(): SVGElement {
  return svgElement(
    'svg',
    { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    svgElement('path', {
      d: 'M8 1v5M8 10v5M1 8h5M10 8h5',
      stroke: 'currentColor',
      'stroke-width': 1.4,
      'stroke-linecap': 'round',
    }),
  );
}
