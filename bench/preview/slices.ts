/** From a key to the next slice on the screen, once the volume is loaded. */
import { setTimeout as pause } from 'node:timers/promises';
import type { SliceStep } from './inPage/protocol';
import type { Opening } from './opening';
import type { BenchWindow } from './window';

const pressesEachWay = 100;
const heldRepeats = 150;
/** A key that is held down repeats about so often, ms. */
const repeatMs = 33;

export interface Stepping {
  readonly steps: readonly SliceStep[];
  /** From each slice to the next while a key is held that repeats faster than frames come, ms. */
  readonly heldIntervalsMs: readonly number[];
  /** What this browser takes for a frame in which nothing changes. */
  readonly frameIntervalMs: number;
}

/**
 * Presses ArrowUp a hundred times, then ArrowDown, each after the slice before was shown; then holds
 * ArrowUp.
 */
export async function stepThrough({ page }: BenchWindow, { frame }: Opening): Promise<Stepping> {
  await frame.locator('.pane.axial .viewport').first().click();
  await frame.evaluate(() => {
    ctMcqaProbe.watchSteps();
  });
  let count = 0;
  for (const key of ['ArrowUp', 'ArrowDown']) {
    for (let n = 0; n < pressesEachWay; n++) {
      await page.keyboard.press(key);
      count++;
      await frame.evaluate((wanted) => ctMcqaProbe.stepCount(wanted), count);
      await pause(repeatMs);
    }
  }
  const steps = await frame.evaluate(() => [...ctMcqaProbe.steps()]);
  const before = await frame.evaluate(() => ctMcqaProbe.drawCount());
  for (let n = 0; n < heldRepeats; n++) {
    // Down again without an up is a repetition.
    await page.keyboard.down('ArrowUp');
  }
  await page.keyboard.up('ArrowUp');
  return {
    steps,
    heldIntervalsMs: await frame.evaluate((from) => ctMcqaProbe.drawIntervals(from), before),
    frameIntervalMs: await frame.evaluate(() => ctMcqaProbe.frameInterval()),
  };
}
