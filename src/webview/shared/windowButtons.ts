import type { HuWindow } from '../../core/volume/types';
import { huWindows, type WindowName } from '../../core/volume/windows';
import type { WindowStrings } from '../../protocol/preview';
import { button, element } from './dom';
import { decimal, fill } from './format';

/** Window presets of the chest in the order of their keys 1, 2, 3, 4. */
export const windowNames: readonly WindowName[] = ['lung', 'mediastinum', 'bone', 'soft'];

/** One button a preset window; the one that is shown is pressed. */
export class WindowButtons {
  readonly root: HTMLElement;
  private readonly buttons: readonly HTMLButtonElement[];

  constructor(
    strings: WindowStrings,
    choose: (window: HuWindow) => void,
    private readonly names: readonly WindowName[] = windowNames,
  ) {
    this.buttons = names.map((name, i) => {
      const { level, width } = huWindows[name];
      const label = strings.windows[name];
      const hint = fill(strings.windowHint, label, decimal(level, 0), width, i + 1);
      return button(
        { class: 'segment', title: hint, 'aria-pressed': 'false' },
        () => {
          choose(huWindows[name]);
        },
        label,
        element('kbd', { 'aria-hidden': 'true' }, String(i + 1)),
      );
    });
    this.root = element(
      'div',
      { class: 'segments', role: 'group', 'aria-label': strings.window },
      ...this.buttons,
    );
  }

  show({ level, width }: HuWindow): void {
    this.buttons.forEach((created, i) => {
      const named = huWindows[this.names[i]];
      const isShown = named.level === level && named.width === width;
      created.setAttribute('aria-pressed', String(isShown));
    });
  }
}
