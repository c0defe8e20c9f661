import type { RenderingView } from '../../protocol/rendering';
import { keyAction, type KeyAction } from './keys';

/** What keys and pointer ask of a rendering. */
export interface ControlActions {
  rotate(azimuth: number, elevation: number): void;
  zoom(factor: number): void;
  /** CSS pixels that the picture shall follow the pointer. */
  pan(right: number, down: number): void;
  resetCamera(view: RenderingView): void;
}

const degreesPerPixel = 0.5;
/** Wheel movement that doubles the size, CSS pixels. */
const wheelDoubling = 600;
const pixelsPerLine = 16;

/** Listens to keys and pointer on `target` until `signal` is aborted. */
export function listen(target: HTMLElement, actions: ControlActions, signal: AbortSignal): void {
  target.addEventListener('keydown', onKey(actions), { signal });
  target.addEventListener('wheel', onWheel(actions), { signal, passive: false });
  // The right button pans.
  target.addEventListener('contextmenu', preventDefault, { signal });
  listenToDrags(target, actions, signal);
}

function onKey(actions: ControlActions): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const action = keyAction(event.key);
    if (action !== undefined) {
      event.preventDefault();
      // The same keys mean other things to the page around.
      event.stopPropagation();
      act(action, actions);
    }
  };
}

function act(action: KeyAction, actions: ControlActions): void {
  switch (action.kind) {
    case 'rotate':
      actions.rotate(action.azimuth, action.elevation);
      break;
    case 'zoom':
      actions.zoom(action.factor);
      break;
    case 'view':
      actions.resetCamera(action.view);
      break;
  }
}

function preventDefault(event: Event): void {
  event.preventDefault();
}

function onWheel(actions: ControlActions): (event: WheelEvent) => void {
  return (event) => {
    event.preventDefault();
    const pixels =
      event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * pixelsPerLine;
    actions.zoom(2 ** (-pixels / wheelDoubling));
  };
}

function listenToDrags(target: HTMLElement, actions: ControlActions, signal: AbortSignal): void {
  let last: { x: number; y: number; pans: boolean } | undefined;
  target.addEventListener(
    'pointerdown',
    (event) => {
      if (last === undefined) {
        const pans = event.button !== 0 || event.shiftKey;
        last = { x: event.clientX, y: event.clientY, pans };
        target.setPointerCapture(event.pointerId);
        target.focus({ preventScroll: true });
      }
    },
    { signal },
  );
  target.addEventListener(
    'pointermove',
    (event) => {
      if (last === undefined) {
        return;
      }
      const [right, down] = [event.clientX - last.x, event.clientY - last.y];
      last = { ...last, x: event.clientX, y: event.clientY };
      if (last.pans) {
        actions.pan(right, down);
      } else {
        actions.rotate(-right * degreesPerPixel, down * degreesPerPixel);
      }
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const) {
    target.addEventListener(
      end,
      () => {
        last = undefined;
      },
      { signal },
    );
  }
}
