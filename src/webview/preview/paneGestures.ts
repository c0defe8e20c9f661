import type { HuWindow } from '../../core/volume/types';
import { draggedWindow } from '../shared/windowing';
import type { PreviewTool } from '../../protocol/preview';

/** What gestures do; places are CSS pixels of the window. */
export interface GestureTarget {
  readonly tool: () => PreviewTool;
  readonly window: () => HuWindow;
  setWindow(window: HuWindow): void;
  /** The crosshair shall stand under the pointer. */
  pointAt(event: PointerEvent): void;
  pan(right: number, down: number): void;
  zoom(factor: number, event: MouseEvent): void;
  /** By so many slices. */
  scroll(slices: number): void;
  /** A measurement from where the button was pressed to where the pointer is now. */
  measure(from: PointerEvent, to: PointerEvent, isDone: boolean): void;
  /** One plane alone, or all of them again. */
  maximise(): void;
}

/** Wheel movement that counts as one slice, in CSS pixels; a notch of a mouse wheel is about 100. */
const wheelStep = 60;

type Drag = (moved: PointerEvent, isDone: boolean) => void;

/** Follows a press of the button until it is let go; undefined where the press means nothing. */
function dragOf(event: PointerEvent, target: GestureTarget): Drag | undefined {
  const tool = toolOf(event, target.tool());
  switch (tool) {
    case undefined:
      return undefined;
    case 'crosshair':
      target.pointAt(event);
      return (moved) => {
        target.pointAt(moved);
      };
    case 'window': {
      const start = target.window();
      return (moved) => {
        target.setWindow(
          draggedWindow(start, moved.clientX - event.clientX, event.clientY - moved.clientY),
        );
      };
    }
    case 'pan': {
      let last = event;
      return (moved) => {
        target.pan(moved.clientX - last.clientX, moved.clientY - last.clientY);
        last = moved;
      };
    }
    case 'distance':
    case 'rectangle':
    case 'ellipse':
      return (moved, isDone) => {
        target.measure(event, moved, isDone);
      };
  }
}

/** Right, or left with Shift: window. Middle, or left with Ctrl: pan. Left: the tool. */
function toolOf(
  { button, shiftKey, ctrlKey }: PointerEvent,
  tool: PreviewTool,
): PreviewTool | undefined {
  if (button === 2 || (button === 0 && shiftKey)) {
    return 'window';
  }
  if (button === 1 || (button === 0 && ctrlKey)) {
    return 'pan';
  }
  return button === 0 ? tool : undefined;
}

/** Has `viewport` follow mouse, pen and wheel. */
export function listenToGestures(viewport: HTMLElement, target: GestureTarget): void {
  viewport.addEventListener('contextmenu', (event) => {
    event.preventDefault();
    event.stopPropagation();
  });
  viewport.addEventListener('dblclick', () => {
    target.maximise();
  });
  viewport.addEventListener('pointerdown', (event) => {
    const drag = dragOf(event, target);
    if (drag !== undefined) {
      followDrag(viewport, event, drag);
    }
  });
  let wheelRest = 0;
  viewport.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels =
        event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 40;
      if (event.ctrlKey) {
        target.zoom(1.0025 ** -pixels, event);
        return;
      }
      // Trackpads send many small movements, mice few large ones: both add up to whole slices.
      wheelRest += pixels;
      const steps = Math.trunc(wheelRest / wheelStep);
      if (steps !== 0) {
        wheelRest -= steps * wheelStep;
        // One notch is one slice, whatever the system makes of it.
        target.scroll(Math.abs(pixels) >= 100 ? -Math.sign(steps) : -steps);
      }
    },
    { passive: false },
  );
}

function followDrag(viewport: HTMLElement, start: PointerEvent, drag: Drag): void {
  const release = new AbortController();
  const { signal } = release;
  viewport.setPointerCapture(start.pointerId);
  viewport.addEventListener(
    'pointermove',
    (moved) => {
      drag(moved, false);
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const) {
    viewport.addEventListener(
      end,
      (moved) => {
        release.abort();
        drag(moved, true);
      },
      { signal },
    );
  }
}
