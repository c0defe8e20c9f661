/** What the borders between worker, extension host and page carry, whatever is sent over them. */
import type { Ask, BenchWindow, WindowOptions } from './window';
import { withWindow } from './window';
import type { Transfer } from './agentProtocol';
import { median, say, table } from './figures';

const sizes = [0.25, 1, 4, 16].map((megabytes) => megabytes * 2 ** 20);
const totalBytes = 64 * 2 ** 20;
const repeats = 3;

export async function measureTransport(options: WindowOptions): Promise<void> {
  const rates = async ({ ask }: BenchWindow): Promise<string[]> => {
    const all: string[] = [];
    for (const bytes of sizes) {
      all.push(await rate(ask, 'toWebview', { bytes, count: totalBytes / bytes }));
    }
    return all;
  };
  const plain = await withWindow(options, rates);
  const compressed = await withWindow({ ...options, compression: true }, rates);
  const child = await withWindow(options, async ({ ask }) => {
    const all: string[] = [];
    for (const bytes of sizes) {
      all.push(await rate(ask, 'fromChild', { bytes, count: totalBytes / bytes }));
    }
    return all;
  });
  const names = sizes.map((bytes) => `${bytes / 2 ** 20} MiB`);
  say(
    table([
      ['MB/s in messages of', ...names],
      ['worker to host, IPC', ...child],
      ['host to page', ...plain],
      ['host to page, compressed', ...compressed],
    ]),
  );
}

async function rate(ask: Ask, how: 'toWebview' | 'fromChild', given: Transfer): Promise<string> {
  const ms: number[] = [];
  for (let n = 0; n < repeats; n++) {
    ms.push(await ask(how, given));
  }
  return ((given.bytes * given.count) / 1000 / median(ms)).toFixed(0);
}
