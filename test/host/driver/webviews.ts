/** Finds the document of a webview among the frames of the workbench. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import type { Target } from '../protocol';

export type Surface = Page | Frame;

const findDeadlineMs = 60_000;

/**
 * The workbench page, or the visible webview whose title or URL contains `target.webview`;
 * waits for a webview that is not there yet.
 */
export async function documentOf(page: Page, target: Target): Promise<Surface> {
  if (target.webview === undefined) {
    return page;
  }
  const deadline = performance.now() + findDeadlineMs;
  for (;;) {
    const found = await findWebview(page, target.webview);
    if (found !== undefined) {
      return found;
    }
    if (performance.now() > deadline) {
      const seen = await describeWebviews(page);
      throw new Error(`No visible webview matches "${target.webview}". There are: ${seen}`);
    }
    await pause(100);
  }
}

async function findWebview(page: Page, part: string): Promise<Frame | undefined> {
  for (const frame of page.frames()) {
    const outer = frame.parentFrame();
    if (outer === null) {
      continue;
    }
    const { title, shown } = await lookAt(frame, outer);
    if (shown && (title.includes(part) || decodeURIComponent(outer.url()).includes(part))) {
      return frame;
    }
  }
  return undefined;
}

/** VS Code wraps a webview's document in an outer frame; the inner one gets this id once loaded. */
const loadedId = 'active-frame';

async function lookAt(frame: Frame, outer: Frame): Promise<{ title: string; shown: boolean }> {
  try {
    const inner = await frame.frameElement();
    const shown =
      (await inner.getAttribute('id')) === loadedId &&
      (await (await outer.frameElement()).isVisible());
    return { title: await frame.title(), shown };
  } catch {
    // The frame went away while it was looked at.
    return { title: '', shown: false };
  }
}

async function describeWebviews(page: Page): Promise<string> {
  const titles = await Promise.all(
    page
      .frames()
      .filter((frame) => frame.parentFrame() !== null)
      .map(async (frame) => `"${await frame.title().catch(() => '?')}"`),
  );
  return titles.length === 0 ? 'none' : titles.join(', ');
}
