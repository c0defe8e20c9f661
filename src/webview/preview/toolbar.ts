import type { HuWindow } from '../../core/volume/types';
import type { PresetChoice, PreviewStrings } from '../../protocol/preview';
import { planes } from '../../core/volume/slices';
import { button, element, select, setAttributes, setOptions, type Attributes } from '../shared/dom';
import { WindowButtons } from '../shared/windowButtons';
import { icon, type IconName } from './icons';
import type { KeyAction } from './keys';
import { previewTools, type PreviewTool } from '../../protocol/preview';
import { slabProjections, slabThickness, type SlabSetting, type ViewState } from './viewState';
import { previewWindowNames } from './windowNames';

export interface ToolbarActions {
  setWindow(window: HuWindow): void;
  /** Takes over what the toolbar can set of the state. */
  set(change: Partial<ViewState>): void;
  setPreset(preset: string | null): void;
  /** Does what a key does. */
  act(action: KeyAction): void;
  chooseOverlay(): void;
  compare(): void;
  copyPicture(): void;
  savePicture(): void;
}

/** Window presets and numbers, tools, slabs, and what is shown. */
export class Toolbar {
  readonly root: HTMLElement;
  private readonly presets: WindowButtons;
  private readonly level = element('input', { type: 'number', step: 10 });
  private readonly width = element('input', { type: 'number', step: 10, min: 1 });
  private readonly toolButtons: ReadonlyMap<PreviewTool, HTMLButtonElement>;
  private readonly projection: HTMLSelectElement;
  private readonly thickness = element('input', { type: 'number', step: 1, min: 0 });
  private readonly layout: HTMLSelectElement;
  private readonly source: HTMLSelectElement;
  private readonly convention: HTMLButtonElement;
  private readonly crosshair: HTMLButtonElement;
  private readonly rendering: HTMLButtonElement;
  private readonly panel: HTMLButtonElement;
  private state: ViewState | undefined;
  private window: HuWindow | undefined;

  constructor(
    private readonly strings: PreviewStrings,
    private readonly actions: ToolbarActions,
  ) {
    this.presets = new WindowButtons(
      strings,
      (window) => {
        actions.setWindow(window);
      },
      previewWindowNames,
    );
    this.toolButtons = new Map(previewTools.map((tool) => [tool, this.toolButton(tool)]));
    this.projection = select(
      named(strings.slab),
      slabProjections.map((name) => [name, strings.projections[name]]),
      (name) => {
        this.setSlab({ projection: name });
      },
    );
    this.layout = select(
      named(strings.layout),
      [
        ['all', strings.allPlanes],
        ...planes.map((plane) => [plane, strings.planes[plane]] as const),
      ],
      (layout) => {
        actions.set({ layout });
      },
    );
    this.source = select<string>(named(strings.source), [['', strings.rawVolume]], (preset) => {
      actions.setPreset(preset === '' ? null : preset);
    });
    this.convention = button({ class: 'tool' }, () => {
      actions.act({ kind: 'convention' });
    });
    this.crosshair = this.keyButton('lines', strings.crosshair, { kind: 'crosshair' });
    this.rendering = this.keyButton('rendering', strings.renderingHint, { kind: 'rendering' });
    this.panel = button(
      { class: 'tool' },
      () => {
        actions.set({ panel: (this.state?.panel ?? null) === null ? 'header' : null });
      },
      strings.panel,
    );
    this.listenToNumbers();
    this.root = this.build();
  }

  showWindow(window: HuWindow): void {
    this.window = window;
    this.presets.show(window);
    this.level.value = String(Math.round(window.level * 10) / 10);
    this.width.value = String(Math.round(window.width * 10) / 10);
  }

  showState(state: ViewState): void {
    const { strings } = this;
    this.state = state;
    for (const [tool, toolButton] of this.toolButtons) {
      toolButton.setAttribute('aria-pressed', String(tool === state.tool));
    }
    this.projection.value = state.slab.projection;
    this.thickness.value = String(state.slab.thicknessMm);
    this.thickness.disabled = state.slab.projection === 'off';
    this.layout.value = state.layout;
    this.source.value = state.preset ?? '';
    this.convention.textContent = strings.conventions[state.convention];
    this.convention.title = strings.conventionHints[state.convention];
    this.crosshair.setAttribute('aria-pressed', String(state.crosshair));
    this.rendering.setAttribute('aria-pressed', String(state.rendering));
    this.panel.setAttribute('aria-pressed', String(state.panel !== null));
    this.panel.setAttribute('aria-expanded', String(state.panel !== null));
  }

  /** Offers the models whose view of the volume can be shown. */
  offerPresets(presets: readonly PresetChoice[]): void {
    setOptions(this.source, [
      ['', this.strings.rawVolume],
      ...presets.map(({ name, title }) => [name, title] as const),
    ]);
    this.source.value = this.state?.preset ?? '';
  }

  focusSource(): void {
    this.source.focus();
  }

  private build(): HTMLElement {
    const { strings, actions } = this;
    const number = (label: string, field: HTMLInputElement): HTMLElement => {
      // The word beside it is not shown where there is little room.
      setAttributes(field, named(label));
      return element('label', { class: 'number' }, element('span', {}, label), field);
    };
    const act = (name: IconName, title: string, run: () => void): HTMLElement =>
      this.iconButton(name, title, run);
    return element(
      'header',
      { class: 'toolbar', role: 'group', 'aria-label': strings.toolbar },
      this.presets.root,
      number(strings.level, this.level),
      number(strings.width, this.width),
      element(
        'div',
        { class: 'segments', role: 'group', 'aria-label': strings.tool },
        ...this.toolButtons.values(),
      ),
      this.keyButton('remove', strings.removeMeasurement, { kind: 'removeMeasurement' }),
      element(
        'div',
        { class: 'group', role: 'group', 'aria-label': strings.slab },
        this.projection,
        number(strings.thickness, this.thickness),
      ),
      this.source,
      this.layout,
      this.convention,
      this.crosshair,
      this.keyButton('centre', strings.centerHint, { kind: 'centre' }),
      this.keyButton('fit', strings.fitHint, { kind: 'fit' }),
      this.rendering,
      element('span', { class: 'gap' }),
      act('overlay', strings.overlayHint, () => {
        actions.chooseOverlay();
      }),
      act('compare', strings.compareHint, () => {
        actions.compare();
      }),
      act('copy', strings.copyHint, () => {
        actions.copyPicture();
      }),
      act('save', strings.saveHint, () => {
        actions.savePicture();
      }),
      this.panel,
    );
  }

  private toolButton(tool: PreviewTool): HTMLButtonElement {
    const title = this.strings.tools[tool];
    return button(
      { class: 'segment', title, 'aria-label': title },
      () => {
        this.actions.set({ tool });
      },
      icon(tool),
    );
  }

  /** A button for what a key does too. */
  private keyButton(name: IconName, title: string, action: KeyAction): HTMLButtonElement {
    return this.iconButton(name, title, () => {
      this.actions.act(action);
    });
  }

  private iconButton(name: IconName, title: string, run: () => void): HTMLButtonElement {
    return button(
      { class: 'icon', title, 'aria-label': title, 'data-action': name },
      run,
      icon(name),
    );
  }

  private setSlab(change: Partial<SlabSetting>): void {
    if (this.state !== undefined) {
      this.actions.set({ slab: { ...this.state.slab, ...change } });
    }
  }

  private listenToNumbers(): void {
    const changeWindow = (): void => {
      const window = { level: this.level.valueAsNumber, width: this.width.valueAsNumber };
      if (Number.isFinite(window.level) && window.width >= 1) {
        this.actions.setWindow(window);
      } else if (this.window !== undefined) {
        // What cannot be is not left standing as if it were.
        this.showWindow(this.window);
      }
    };
    this.level.addEventListener('change', changeWindow);
    this.width.addEventListener('change', changeWindow);
    this.thickness.addEventListener('change', () => {
      if (this.thickness.valueAsNumber > 0) {
        this.setSlab({ thicknessMm: slabThickness(this.thickness.valueAsNumber) });
      } else if (this.state !== undefined) {
        this.showState(this.state);
      }
    });
  }
}

/** A name for everybody: spoken, and shown over it. */
function named(label: string): Attributes {
  return { 'aria-label': label, title: label };
}
