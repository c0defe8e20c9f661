/** Runs in a page of its own: NiiVue reads a volume, then loads one and draws its axial slice. */
import { Niivue, NVImage } from '@niivue/niivue';
import type { PeerLoad } from './protocol';

async function load(url: string): Promise<PeerLoad> {
  const fetched = performance.now();
  await NVImage.loadFromUrl({ url });
  const readMs = performance.now() - fetched;
  const viewer = new Niivue({ logLevel: 'error' });
  const canvas = document.querySelector('canvas')!;
  await viewer.attachToCanvas(canvas);
  viewer.setSliceType(viewer.sliceTypeAxial);
  const begun = performance.now();
  await viewer.loadVolumes([{ url, cal_min: -1350, cal_max: 150 }]);
  viewer.drawScene();
  // Until this the GPU may have drawn nothing yet.
  const { gl } = viewer;
  const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
  gl.readPixels(
    ...([0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight] as const),
    ...([gl.RGBA, gl.UNSIGNED_BYTE, pixels] as const),
  );
  const ms = performance.now() - begun;
  let sum = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    sum += pixels[at];
  }
  return { ms, readMs, brightness: (4 * sum) / pixels.length };
}

Object.assign(globalThis, { loadInPeer: load });
