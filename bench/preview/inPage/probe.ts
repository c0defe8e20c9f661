/**
 * Runs in the preview's page: tells when its pictures came and what is on them. The page's own marks
 * count; what a page without them shows is looked at every frame.
 */
import type { PagePicture, PageProbe, Seen, SliceStep } from './protocol';

const axial = '.pane.axial canvas';
/** How long a page that shows a picture may take to say that it marks none, ms. */
const markDeadline = 2_000;

function axialCanvas(): HTMLCanvasElement | null {
  return document.querySelector<HTMLCanvasElement>(`${axial}[data-index]`);
}

function absolute(time: number): number {
  return performance.timeOrigin + time;
}

function markTime(name: string): number | undefined {
  return performance.getEntriesByName(name, 'mark')[0]?.startTime;
}

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** The axial picture as it is drawn; works for canvases of any context. */
function picture(): PagePicture {
  const canvas = axialCanvas()!;
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let gray = '';
  for (let at = 0; at < data.length; at += 4) {
    gray += String.fromCharCode(data[at]);
  }
  return {
    index: Number(canvas.dataset.index),
    width: canvas.width,
    height: canvas.height,
    gray: btoa(gray),
  };
}

async function whenSeen(): Promise<Seen> {
  let drawn: number | undefined;
  let first: PagePicture | undefined;
  for (;;) {
    await nextFrame();
    if (drawn === undefined && axialCanvas() !== null) {
      drawn = performance.now();
      first = picture();
    }
    const marked = markTime('first-slice');
    const whole = markTime('whole-volume');
    const isUnmarked =
      drawn !== undefined && marked === undefined && performance.now() - drawn > markDeadline;
    if (first !== undefined && drawn !== undefined && (whole !== undefined || isUnmarked)) {
      return {
        firstSlice: absolute(marked ?? drawn),
        firstSliceBy: marked === undefined ? 'canvas' : 'mark',
        ...(whole !== undefined && { wholeVolume: absolute(whole) }),
        firstPicture: first,
      };
    }
  }
}

let keyTime: number | undefined;
let indexBefore: string | undefined;

/** Notes the next key and the slice before it. */
function watchFull(): void {
  keyTime = undefined;
  indexBefore = axialCanvas()?.dataset.index;
  const note = ({ timeStamp }: KeyboardEvent): void => {
    keyTime = timeStamp;
  };
  addEventListener('keydown', note, { capture: true, once: true });
}

async function whenFull(columns: number): Promise<number> {
  for (;;) {
    const time = await nextFrame();
    const canvas = axialCanvas();
    const isFull =
      canvas?.width === columns &&
      !canvas.classList.contains('coarse') &&
      canvas.dataset.index !== indexBefore;
    if (keyTime !== undefined && isFull) {
      return time - keyTime;
    }
  }
}

const steps: SliceStep[] = [];
/** When each slice was drawn since {@link watchSteps}. */
const drawTimes: number[] = [];

/**
 * Notes for each key from now on when its frame began, when its slice was drawn and when the frame
 * with it was done. Asks for no frame but those: a browser that draws in software is slow enough.
 */
function watchSteps(): void {
  steps.length = 0;
  drawTimes.length = 0;
  let pressed: number | undefined;
  let waited: number | undefined;
  let drawn: number | undefined;
  let isFrameAsked = false;
  let isInFrame = false;
  const afterFrame = new MessageChannel();
  const askFrame = (): void => {
    if (!isFrameAsked) {
      isFrameAsked = true;
      requestAnimationFrame(() => {
        isFrameAsked = false;
        isInFrame = true;
        waited ??= performance.now();
        afterFrame.port2.postMessage(null);
      });
    }
  };
  afterFrame.port1.onmessage = () => {
    isInFrame = false;
    if (pressed !== undefined && waited !== undefined && drawn !== undefined) {
      const done = performance.now();
      steps.push({
        workMs: drawn - (drawn > waited ? waited : pressed),
        drawnMs: drawn - pressed,
        frameMs: done - pressed,
      });
      pressed = undefined;
    }
  };
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      pressed = timeStamp;
      waited = undefined;
      drawn = undefined;
      // Before the page asks for its own, so that it comes first in the frame.
      askFrame();
    },
    { capture: true },
  );
  new MutationObserver(() => {
    drawTimes.push(performance.now());
    drawn ??= performance.now();
    if (!isInFrame) {
      askFrame();
    }
  }).observe(axialCanvas()!, { attributeFilter: ['data-index'] });
}

async function frameInterval(): Promise<number> {
  const frames = 60;
  const begun = await nextFrame();
  let last = begun;
  for (let n = 0; n < frames; n++) {
    last = await nextFrame();
  }
  return (last - begun) / frames;
}

async function stepCount(wanted: number): Promise<void> {
  while (steps.length < wanted) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const probe: PageProbe = {
  whenSeen,
  watchFull,
  whenFull,
  picture,
  watchSteps,
  frameInterval,
  stepCount,
  steps: () => steps,
  drawCount: () => drawTimes.length,
  drawIntervals: (from) => drawTimes.slice(from + 1).map((time, n) => time - drawTimes[from + n]),
};
Object.assign(globalThis, { ctMcqaProbe: probe });
