import { planeLayouts } from '../../core/volume/slices';
import type { HuWindow } from '../../core/volume/types';
import { huWindows } from '../../core/volume/windows';
import type { Position } from './geometry';
import type { KeyAction } from './keys';
import type { Measuring } from './measuring';
import type { PlaneStage } from './planeStage';
import { slabProjections, slabThickness, type ViewState } from './viewState';
import { previewWindowNames } from './windowNames';

/** What keys act on. */
export interface KeyTarget {
  readonly state: ViewState;
  readonly stage: PlaneStage;
  readonly measuring: Measuring;
  set(change: Partial<ViewState>): void;
  moveTo(position: Position): void;
  setWindow(window: HuWindow): void;
  speak(): void;
  focusSource(): void;
}

type ActionOf<K extends KeyAction['kind']> = Extract<KeyAction, { kind: K }>;

const actions: {
  readonly [K in KeyAction['kind']]: (target: KeyTarget, action: ActionOf<K>) => void;
} = {
  slice: (target, { by }) => {
    step(target, through(target), by);
  },
  end: (target, { last }) => {
    step(target, through(target), last ? Infinity : -Infinity);
  },
  move: (target, { axis, by }) => {
    step(target, axis, by);
  },
  window: (target, { preset }) => {
    target.setWindow(huWindows[previewWindowNames[preset]]);
  },
  zoom: ({ stage }, { factor }) => {
    stage.panes.get(stage.activePlane)?.zoom(factor);
  },
  tool: (target, { tool }) => {
    target.measuring.abandon();
    target.set({ tool });
  },
  panel: (target, { page }) => {
    target.set({ panel: target.state.panel === page ? null : page });
  },
  thickness: (target, { factor }) => {
    const { slab } = target.state;
    target.set({ slab: { ...slab, thicknessMm: slabThickness(slab.thicknessMm * factor) } });
  },
  centre: (target) => {
    const { geometry } = target.stage;
    if (geometry !== undefined) {
      target.moveTo(geometry.centre());
    }
  },
  crosshair: (target) => {
    target.set({ crosshair: !target.state.crosshair });
  },
  speak: (target) => {
    target.speak();
  },
  maximise: (target) => {
    const { state, stage } = target;
    target.set({ layout: state.layout === 'all' ? stage.activePlane : 'all' });
  },
  fit: ({ stage }) => {
    stage.fit();
  },
  convention: (target) => {
    const isRadiological = target.state.convention === 'radiological';
    target.set({ convention: isRadiological ? 'neurological' : 'radiological' });
  },
  projection: (target) => {
    const { slab } = target.state;
    const at = slabProjections.indexOf(slab.projection) + 1;
    const next = slabProjections[at % slabProjections.length];
    target.set({ slab: { ...slab, projection: next } });
  },
  measure: (target) => {
    target.measuring.markAtCrosshair(target.state.tool);
  },
  removeMeasurement: (target) => {
    target.measuring.removeLast();
  },
  source: (target) => {
    target.focusSource();
  },
  rendering: (target) => {
    target.set({ rendering: !target.state.rendering });
  },
};

export function actOnKey<K extends KeyAction['kind']>(
  action: ActionOf<K>,
  target: KeyTarget,
): void {
  actions[action.kind](target, action);
}

function through({ stage }: KeyTarget): 0 | 1 | 2 {
  return planeLayouts[stage.activePlane].through;
}

function step(target: KeyTarget, axis: 0 | 1 | 2, by: number): void {
  const { geometry, position } = target.stage;
  if (geometry !== undefined) {
    target.moveTo(geometry.moved(position, axis, by));
  }
}
