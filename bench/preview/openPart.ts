/** Opening a thin-slice CT: time to the first slice and to the whole volume, memory, slice to slice; NiiVue beside it. */
import { checkPicture, type HuAt } from './checkPicture';
import { medianOf, say, seconds, table } from './figures';
import { gunzipMs } from './gunzip';
import { heapOf } from './heap';
import { loadInNiivue } from './niivue';
import { closeAll, open, type Opening } from './opening';
import { firstSlices, report, stepRows, wholeVolumes, type OurRun } from './openReport';
import { memoryNow, MemoryWatch } from './processes';
import { stepThrough, type Stepping } from './slices';
import { scanVolume, smallVolume, storedHu, type BenchVolume } from './volumes';
import { withWindow, type BenchWindow, type WindowOptions } from './window';

/** How thoroughly a part measures. */
export interface MeasureSettings {
  /** Opens of the volume. */
  readonly runs: number;
  /** Whether NiiVue is measured too. */
  readonly withPeer: boolean;
}

/** All sides in turn in one warm window, so that a slow moment of the machine meets each of them. */
export async function measureOpening(
  options: WindowOptions,
  { runs, withPeer }: MeasureSettings,
): Promise<void> {
  const volume = await scanVolume();
  const small = await smallVolume();
  const huAt = await storedHu(volume);
  const measured = await withWindow(options, async (window) => {
    await open(window, small);
    await closeAll(window);
    const gunzip: number[] = [];
    const ours: OurRun[] = [];
    const stepping: Stepping[] = [];
    for (let n = 0; n < runs; n++) {
      gunzip.push(gunzipMs(options.editor.node, volume.path));
      ours.push(
        await openOnce(window, volume, huAt, async (opening) => {
          stepping.push(await stepThrough(window, opening));
        }),
      );
    }
    // Once: without a graphics card it takes minutes.
    const peer = withPeer ? await loadInNiivue(window.browser, volume) : undefined;
    return { gunzip, ours, peer, stepping };
  });
  report(volume, measured);
}

async function openOnce(
  window: BenchWindow,
  volume: BenchVolume,
  huAt: HuAt,
  whileOpen: (opening: Opening) => Promise<void>,
): Promise<OurRun> {
  const heapBefore = await heapOf(window.page);
  const before = await memoryNow(window);
  const watch = await MemoryWatch.start(window);
  const opening = await open(window, volume);
  const peaks = watch.stop();
  checkPicture(opening.seen.firstPicture, volume, huAt);
  const heapAfter = await heapOf(window.page);
  const after = await memoryNow(window);
  await whileOpen(opening);
  checkPicture(await opening.frame.evaluate(() => ctMcqaProbe.picture()), volume, huAt);
  await closeAll(window);
  const { firstSliceMs, wholeVolumeMs } = opening;
  return { firstSliceMs, wholeVolumeMs, peaks, before, after, heapBefore, heapAfter };
}

/** Slice to slice where frames do not wait for the beat of a screen: what it takes, not when it is shown. */
export async function measureSteps(options: WindowOptions): Promise<void> {
  const volume = await scanVolume();
  const stepping = await withWindow({ ...options, isUnpaced: true }, async (window) =>
    stepThrough(window, await open(window, volume)),
  );
  say(table([['slice to slice, frames not paced', '', 'bar'], ...stepRows([stepping])]));
}

/** The same where the WebSocket is compressed, as code-server has it unless told otherwise. */
export async function measureCompressed(
  options: WindowOptions,
  { runs }: MeasureSettings,
): Promise<void> {
  const volume = await scanVolume();
  const small = await smallVolume();
  const huAt = await storedHu(volume);
  const ours = await withWindow({ ...options, compression: true }, async (window) => {
    await open(window, small);
    await closeAll(window);
    const all: OurRun[] = [];
    for (let n = 0; n < runs; n++) {
      all.push(await openOnce(window, volume, huAt, () => Promise.resolve()));
    }
    return all;
  });
  say(
    `over a compressed WebSocket: first slice ${medianOf(firstSlices(ours), seconds)}, ` +
      `whole volume ${wholeVolumes(ours)}`,
  );
}
