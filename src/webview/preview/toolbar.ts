import type { HuWindow } from '../../core/volume/types';
import { huWindows, type WindowName } from '../../core/volume/windows';
import type { PreviewStrings } from '../../protocol/preview';
import { button, element, svgElement } from '../shared/dom';
import { decimal, fill } from '../shared/format';

/** Window presets in the order of their keys 1, 2, 3, 4. */
export const windowNames: readonly WindowName[] = ['lung', 'mediastinum', 'bone', 'soft'];

export interface ToolbarActions {
  readonly setWindow: (window: HuWindow) => void;
  readonly centre: () => void;
  readonly toggleCrosshair: () => void;
  readonly toggleFacts: () => void;
}

/** Window presets and numbers, and the switches of the view. */
export class Toolbar {
  readonly root: HTMLElement;
  private readonly presets: readonly HTMLButtonElement[];
  private readonly level: HTMLInputElement;
  private readonly width: HTMLInputElement;
  private readonly crosshair: HTMLButtonElement;
  private readonly facts: HTMLButtonElement;

  constructor(strings: PreviewStrings, actions: ToolbarActions) {
    this.presets = windowNames.map((name, i) => {
      const { level, width } = huWindows[name];
      const label = strings.windows[name];
      const hint = fill(strings.windowHint, label, decimal(level, 0), width, i + 1);
      return button(
        { class: 'segment', title: hint, 'aria-pressed': 'false' },
        () => {
          actions.setWindow(huWindows[name]);
        },
        label,
        element('kbd', { 'aria-hidden': 'true' }, String(i + 1)),
      );
    });
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
      element(
        'div',
        { class: 'segments', role: 'group', 'aria-label': strings.window },
        ...this.presets,
      ),
      element('label', { class: 'number' }, element('span', {}, strings.level), this.level),
      element('label', { class: 'number' }, element('span', {}, strings.width), this.width),
      element('span', { class: 'gap' }),
      button({ class: 'tool', title: strings.centerHint }, actions.centre, strings.center),
      this.crosshair,
      this.facts,
    );
  }

  showWindow({ level, width }: HuWindow): void {
    this.presets.forEach((preset, i) => {
      const named = huWindows[windowNames[i]];
      const isShown = named.level === level && named.width === width;
      preset.setAttribute('aria-pressed', String(isShown));
    });
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
