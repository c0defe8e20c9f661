/** Volumes opened and closed again and again: memory must not grow. */
import { median, megabytes, say, slope, table } from './figures';
import { heapOf } from './heap';
import { closeAll, open } from './opening';
import { memoryNow } from './processes';
import { scanVolume, smallVolume, type BenchVolume } from './volumes';
import { withWindow, type BenchWindow, type WindowOptions } from './window';

/** Opens before the first count: caches fill, code is compiled. */
const warmUp = 5;
const smallOpens = 50;
const scanOpens = 10;

const rows = {
  worker: 'worker, RSS',
  host: 'extension host, RSS',
  renderers: 'renderers, RSS',
  workerHeap: 'worker, heap after a collection',
  hostHeap: 'extension host, heap + buffers after a collection',
  pageHeap: 'page, heap after a collection',
  pageBuffers: 'page, array buffers after a collection',
} as const;

/** After a close and a collection, bytes. */
type State = Readonly<Record<keyof typeof rows, number>>;

export async function measureLeaks(options: WindowOptions): Promise<void> {
  await withWindow(options, async (window) => {
    report('60 x 50 x 40', await openings(window, await smallVolume(), smallOpens));
    report('512 x 512 x 320', await openings(window, await scanVolume(), scanOpens));
  });
}

async function openings(
  window: BenchWindow,
  volume: BenchVolume,
  count: number,
): Promise<readonly State[]> {
  const states: State[] = [];
  for (let n = 0; n < count; n++) {
    await open(window, volume);
    await closeAll(window);
    states.push(await stateOf(window));
  }
  return states;
}

async function stateOf(window: BenchWindow): Promise<State> {
  const workerHeap = await window.ask('workerHeap', null);
  const hostHeap = await window.ask('hostHeap', null);
  const { objects, buffers } = await heapOf(window.page);
  const { worker, host, renderers } = await memoryNow(window);
  return { worker, host, renderers, workerHeap, hostHeap, pageHeap: objects, pageBuffers: buffers };
}

function report(what: string, states: readonly State[]): void {
  const counted = states.slice(Math.min(warmUp, states.length - 2));
  say(
    `${what}, opened and closed ${states.length} times; growth counted after the first ${warmUp}`,
  );
  say(
    table([
      ['after a close', 'first', `number ${warmUp + 1}`, 'median', 'last', 'growth per open'],
      ...Object.entries(rows).map(([part, name]) => {
        const of = (all: readonly State[]): number[] =>
          all.map((state) => state[part as keyof State]);
        return [
          name,
          megabytes(of(states)[0]),
          megabytes(of(counted)[0]),
          megabytes(median(of(counted))),
          megabytes(of(states).at(-1) ?? NaN),
          `${(slope(of(counted)) / 1e6).toFixed(2)} MB`,
        ];
      }),
    ]),
  );
}
