/** A volume of 4 GB: it opens as a smaller picture of itself, and slices come in full when asked for. */
import { checkPicture } from './checkPicture';
import { median, megabytes, say, seconds, table } from './figures';
import { largeBytes, largeHu, largeVolume } from './largeVolume';
import { closeAll, open, type Opening } from './opening';
import { MemoryWatch, type Peaks } from './processes';
import { hasRoomFor, smallVolume, type BenchVolume } from './volumes';
import { withWindow, type BenchWindow, type WindowOptions } from './window';

const memoryBar = 1.5e9;
const spareBytes = 5e9;
const steps = 5;

const head = [
  ...['', 'first slice', 'whole volume', 'a slice in full'],
  ...['peak worker', 'peak host', 'peak renderers', 'peak GPU and others'],
];

interface LargeRun {
  readonly firstSliceMs: number;
  readonly wholeVolumeMs?: number;
  /** From the key to the slice in full. */
  readonly sliceMs: readonly number[];
  readonly peaks: Peaks;
}

export async function measureLarge(options: WindowOptions): Promise<void> {
  if (!(await hasRoomFor(largeBytes + spareBytes))) {
    say('Skipped: the disk has no room for 4 GB.');
    return;
  }
  const small = await smallVolume();
  say(`1024 x 1024 x 2048 voxels, 4.3 GB; no process may hold more than ${megabytes(memoryBar)}`);
  for (const name of ['large.nii', 'large.nii.gz'] as const) {
    const volume = await largeVolume(name);
    // A window each: what the first left in a process must not count for the second.
    const run = await withWindow(options, async (window) => {
      await open(window, small);
      await closeAll(window);
      return openLarge(window, volume);
    });
    say(table([head, row(name, run)]));
  }
}

async function openLarge(window: BenchWindow, volume: BenchVolume): Promise<LargeRun> {
  const watch = await MemoryWatch.start(window);
  const opening = await open(window, volume);
  const sliceMs = await fullSlices(window, opening, volume);
  const peaks = watch.stop();
  const { firstSliceMs, wholeVolumeMs } = opening;
  return { firstSliceMs, wholeVolumeMs, sliceMs, peaks };
}

/** Goes to slices that nobody has asked for yet. */
async function fullSlices(
  { page }: BenchWindow,
  { frame }: Opening,
  volume: BenchVolume,
): Promise<readonly number[]> {
  await frame.locator('.pane.axial .viewport').first().click();
  // The lung window: where the page doubts that values are HU, it shows their whole range at first.
  await page.keyboard.press('1');
  const times: number[] = [];
  for (let n = 0; n < steps; n++) {
    await frame.evaluate(() => {
      ctMcqaProbe.watchFull();
    });
    await page.keyboard.press('PageDown');
    times.push(await frame.evaluate((columns) => ctMcqaProbe.whenFull(columns), volume.shape[0]));
    checkPicture(await frame.evaluate(() => ctMcqaProbe.picture()), volume, largeHu);
  }
  return times;
}

function row(name: string, { firstSliceMs, wholeVolumeMs, sliceMs, peaks }: LargeRun): string[] {
  const { worker, host, renderers, browser } = peaks.parts;
  return [
    name,
    seconds(firstSliceMs),
    wholeVolumeMs === undefined ? 'not told' : seconds(wholeVolumeMs),
    `${seconds(median(sliceMs))} (${sliceMs.map(seconds).join(', ')})`,
    ...[worker, host, renderers, browser].map(megabytes),
  ];
}
