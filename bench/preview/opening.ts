/** One volume opened in a fresh tab, and what its page showed when. */
import { basename } from 'node:path';
import type { Frame } from 'playwright-core';
import { documentOf } from '../../test/host/driver/webviews';
import type { Seen } from './inPage/protocol';
import { pageScript } from './pageScripts';
import type { BenchVolume } from './volumes';
import type { BenchWindow } from './window';

const viewType = 'ctMcqa.preview';

export interface Opening {
  /** Of the preview's page. */
  readonly frame: Frame;
  /** From the request to open, ms. */
  readonly firstSliceMs: number;
  /** Absent where the page does not say when it has all voxels. */
  readonly wholeVolumeMs?: number;
  readonly seen: Seen;
}

/** Opens a volume and waits until its page has all of it. */
export async function open(window: BenchWindow, { path }: BenchVolume): Promise<Opening> {
  const script = await pageScript('probe');
  const [requested, frame] = await Promise.all([
    window.ask('open', { path, viewType }),
    probedFrame(window, basename(path), script),
  ]);
  const seen = await frame.evaluate(() => ctMcqaProbe.whenSeen());
  return {
    frame,
    firstSliceMs: seen.firstSlice - requested,
    ...(seen.wholeVolume !== undefined && { wholeVolumeMs: seen.wholeVolume - requested }),
    seen,
  };
}

async function probedFrame({ page }: BenchWindow, name: string, script: string): Promise<Frame> {
  const frame = (await documentOf(page, { webview: name })) as Frame;
  await frame.evaluate(script);
  return frame;
}

/** Closes all tabs and waits until the preview's page is gone. */
export async function closeAll({ page, ask }: BenchWindow): Promise<void> {
  await ask('closeAll', null);
  await page.waitForFunction(() => document.querySelector('iframe.webview') === null);
}
