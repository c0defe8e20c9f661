/** The peer: NiiVue alone in a page of the same browser, loading from a server of this machine. */
import { createReadStream } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { windowSize } from '../../test/host/driver/page';
import { heapOf, type PageHeap } from './heap';
import type { PeerLoad } from './inPage/protocol';
import { pageScript } from './pageScripts';
import { quietNetwork } from './quietNetwork';
import type { BenchVolume } from './volumes';

export interface PeerRun {
  readonly load: PeerLoad;
  readonly heap: PageHeap;
}

const document = `<!doctype html><meta charset="utf-8"><title>NiiVue</title>
<style>html, body, canvas { margin: 0; width: 100%; height: 100%; display: block }</style>
<canvas></canvas>`;

/** Loads the volume once in a fresh page. The page and NiiVue itself are there before time runs. */
export async function loadInNiivue(browser: Browser, { path }: BenchVolume): Promise<PeerRun> {
  const script = await pageScript('peer');
  const served: Readonly<Partial<Record<string, (response: ServerResponse) => void>>> = {
    '/': (response) => response.setHeader('content-type', 'text/html').end(document),
    '/volume.nii.gz': (response) =>
      createReadStream(path, { highWaterMark: 1 << 20 }).pipe(response),
  };
  const server = createServer(({ url = '' }, response) => {
    const serve = served[url];
    if (serve === undefined) {
      response.writeHead(404).end();
    } else {
      serve(response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const page = await browser.newPage({ viewport: windowSize });
  try {
    await page.goto(`http://127.0.0.1:${port}/`);
    await quietNetwork(page);
    await page.evaluate(script);
    const load = await page.evaluate(() => loadInPeer('/volume.nii.gz'));
    if (load.brightness < 5) {
      throw new Error(`NiiVue drew nothing: mean brightness ${load.brightness}.`);
    }
    return { load, heap: await heapOf(page) };
  } finally {
    await page.close();
    server.close();
    server.closeAllConnections();
  }
}
