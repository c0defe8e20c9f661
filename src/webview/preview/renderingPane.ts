import { planeLayouts, planes } from '../../core/volume/slices';
import type { Plane } from '../../core/volume/types';
import {
  renderingPresets,
  renderingViews,
  viewLetter,
  type RenderingPreset,
  type RenderingProblem,
  type RenderingStrings,
  type RenderingView,
} from '../../protocol/rendering';
import type { RenderingState, VolumeRendering } from '../rendering/api';
import type { RenderedVolume } from '../rendering/volume';
import { problemOf } from '../shared/cards';
import { button, element, select, type Options } from '../shared/dom';
import { fill } from '../shared/format';
import { loadScript } from '../shared/laterScript';

/** What is remembered of the pane. */
export interface RenderingChoice {
  readonly preset: RenderingPreset;
  readonly cutAway: Plane | undefined;
}

export interface RenderingPaneActions {
  /** The user chose another preset or cut. */
  readonly choose: (choice: RenderingChoice) => void;
}

/**
 * The 3-D rendering with its buttons. Nothing is loaded before the first volume; graphics memory
 * is held until `close`. After a failure, the line that tells it offers another try.
 */
export class RenderingPane {
  readonly root: HTMLElement;
  private readonly viewport = element('div', {
    class: 'rendering-viewport',
    tabindex: 0,
    role: 'application',
  });
  private readonly problem = element('p', { class: 'rendering-problem', role: 'alert' });
  private readonly presets: ReadonlyMap<RenderingPreset, HTMLButtonElement>;
  private readonly views: ReadonlyMap<RenderingView, HTMLButtonElement>;
  private readonly cuts: HTMLSelectElement;
  private rendering: VolumeRendering | undefined;
  private volume: RenderedVolume | undefined;
  private isOpening = false;
  private state: RenderingState;
  private cutAway: Plane | undefined;
  private crosshair: readonly [number, number, number] = [0.5, 0.5, 0.5];

  constructor(
    private readonly strings: RenderingStrings,
    choice: RenderingChoice,
    private readonly actions: RenderingPaneActions,
  ) {
    this.state = { preset: choice.preset, view: 'anterior' };
    this.cutAway = choice.cutAway;
    this.presets = buttonsFor(renderingPresets, 'segment', {
      label: (name) => strings.presets[name],
      hint: (name) => strings.presetHints[name],
      act: (name) => {
        this.rendering?.setPreset(name);
      },
    });
    this.views = buttonsFor(renderingViews, 'segment', {
      label: viewLetter,
      name: (name) => strings.views[name],
      hint: (name) => fill(strings.viewHint, strings.views[name], viewLetter(name)),
      act: (name) => {
        this.rendering?.resetCamera(name);
      },
    });
    this.cuts = this.cutChoice();
    this.root = element(
      'section',
      { class: 'rendering', 'aria-label': strings.title },
      element(
        'div',
        { class: 'rendering-tools', role: 'group', 'aria-label': strings.title },
        group(strings.preset, this.presets),
        group(strings.view, this.views),
        element('label', { class: 'rendering-cut', title: strings.cutAwayHint }, this.cuts),
      ),
      this.viewport,
      this.problem,
    );
    this.viewport.textContent = strings.preparing;
    this.problem.hidden = true;
    this.describe();
  }

  /** Shows a volume, or a finer one of the same in its place. */
  async setVolume(volume: RenderedVolume): Promise<void> {
    this.volume = volume;
    try {
      if (this.rendering !== undefined) {
        this.rendering.setVolume(volume);
      } else if (!this.isOpening) {
        await this.open();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** Where the crosshair stands, as shares of the volume's extent along x, y, z: 0 to 1. */
  setCrosshair(shares: readonly [number, number, number]): void {
    this.crosshair = shares;
    this.showCut();
  }

  /** Frees what the rendering holds. A volume set later opens it anew. */
  close(): void {
    this.rendering?.dispose();
    this.rendering = undefined;
    this.volume = undefined;
    this.viewport.textContent = this.strings.preparing;
  }

  private async open(): Promise<void> {
    this.isOpening = true;
    try {
      await loadScript('rendering.js');
    } finally {
      this.isOpening = false;
    }
    const script = globalThis.ctMcqaRendering;
    // Closed while the script was on its way.
    if (script === undefined || this.volume === undefined) {
      return;
    }
    this.viewport.replaceChildren();
    this.problem.hidden = true;
    this.rendering = script.createVolumeRendering(this.viewport, this.volume, {
      preset: this.state.preset,
      view: 'anterior',
      background: '#000',
      onChange: (state) => {
        this.changed(state);
      },
      onProblem: (problem) => {
        this.fail(problem);
      },
    });
    this.showCut();
  }

  private changed(state: RenderingState): void {
    const isChoice = state.preset !== this.state.preset;
    this.state = state;
    this.describe();
    if (isChoice) {
      this.actions.choose({ preset: state.preset, cutAway: this.cutAway });
    }
  }

  private describe(): void {
    const { preset, view } = this.state;
    for (const [name, created] of this.presets) {
      created.setAttribute('aria-pressed', String(name === preset));
    }
    for (const [name, created] of this.views) {
      created.setAttribute('aria-pressed', String(name === view));
    }
    const { description, presets, views, turned, keysHint } = this.strings;
    const seen = fill(description, presets[preset], view === undefined ? turned : views[view]);
    this.viewport.setAttribute('aria-label', `${seen} ${keysHint}`);
  }

  private cutChoice(): HTMLSelectElement {
    const { cutAway, noCut, cutPlanes } = this.strings;
    const options: Options<Plane | ''> = [
      ['', noCut],
      ...planes.map((plane) => [plane, cutPlanes[plane]] as const),
    ];
    const choice = select({ 'aria-label': cutAway }, options, (plane) => {
      this.cutAway = plane === '' ? undefined : plane;
      this.showCut();
      this.actions.choose({ preset: this.state.preset, cutAway: this.cutAway });
    });
    choice.value = this.cutAway ?? '';
    return choice;
  }

  private showCut(): void {
    const plane = this.cutAway;
    this.rendering?.setCutAway(
      plane && { plane, share: this.crosshair[planeLayouts[plane].through] },
    );
  }

  private fail(thrown: unknown): void {
    this.rendering?.dispose();
    this.rendering = undefined;
    const { message, remedy } = this.wordsFor(thrown);
    this.viewport.replaceChildren();
    const again = button({ class: 'link' }, () => void this.tryAgain(), this.strings.retry);
    this.problem.replaceChildren(`${message} ${remedy ?? ''} `, again);
    this.problem.hidden = false;
  }

  private async tryAgain(): Promise<void> {
    if (this.volume !== undefined) {
      await this.setVolume(this.volume);
    }
  }

  private wordsFor(thrown: unknown): { message: string; remedy?: string } {
    const { problems } = this.strings;
    const isOurs = (code: unknown): code is RenderingProblem =>
      typeof code === 'string' && Object.hasOwn(problems, code);
    // Not by its class: the other script has one of its own.
    return thrown instanceof Error && 'code' in thrown && isOurs(thrown.code)
      ? problems[thrown.code]
      : problemOf(thrown);
  }
}

/** One button each; `name` is for screen readers where the label is short. */
function buttonsFor<Name extends string>(
  names: readonly Name[],
  kind: string,
  words: {
    readonly label: (name: Name) => string;
    readonly hint: (name: Name) => string;
    readonly name?: (name: Name) => string;
    readonly act: (name: Name) => void;
  },
): ReadonlyMap<Name, HTMLButtonElement> {
  return new Map(
    names.map((name) => {
      const attributes = {
        class: kind,
        title: words.hint(name),
        'aria-label': words.name?.(name),
        'data-name': name,
        'aria-pressed': 'false',
      };
      const act = (): void => {
        words.act(name);
      };
      return [name, button(attributes, act, words.label(name))];
    }),
  );
}

function group(label: string, buttons: ReadonlyMap<string, HTMLButtonElement>): HTMLElement {
  return element(
    'div',
    { class: 'segments', role: 'group', 'aria-label': label },
    ...buttons.values(),
  );
}
