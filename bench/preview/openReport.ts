/** What opening a volume took, as a table. */
import {
  median,
  medianOf,
  megabytes,
  milliseconds,
  percentile,
  say,
  seconds,
  table,
} from './figures';
import type { PageHeap } from './heap';
import type { PeerRun } from './niivue';
import type { Memory, Peaks } from './processes';
import type { Stepping } from './slices';
import type { BenchVolume } from './volumes';

/** What the task allows. */
const bars = { timesGunzip: 2.5, timesVoxelBytes: 3, timesFaster: 10, stepMs: 16 };

export interface OurRun {
  readonly firstSliceMs: number;
  readonly wholeVolumeMs?: number;
  readonly peaks: Peaks;
  /** Before the volume was opened, and once it was there. */
  readonly before: Memory;
  readonly after: Memory;
  readonly heapBefore: PageHeap;
  readonly heapAfter: PageHeap;
}

export interface Measured {
  readonly gunzip: readonly number[];
  readonly ours: readonly OurRun[];
  readonly peer: PeerRun | undefined;
  readonly stepping: readonly Stepping[];
}

/** Prints what was measured, beside what is wanted. */
export function report(volume: BenchVolume, { gunzip, ours, peer, stepping }: Measured): void {
  const [columns, rows, slices] = volume.shape;
  say(
    `${columns} x ${rows} x ${slices} voxels, ${megabytes(volume.voxelBytes)}, file of ${megabytes(volume.fileBytes)}; ` +
      `WebSocket not compressed; every picture within one grey level of the file`,
  );
  const first = median(firstSlices(ours));
  const whole = median(ours.map(({ wholeVolumeMs = NaN }) => wholeVolumeMs));
  const floor = median(gunzip);
  const ratio = (value: number, bar: string): string => `${value.toFixed(1)} x (${bar})`;
  say(
    table([
      ['', 'median (all)', 'ratio (bar)'],
      ['gunzip alone', medianOf(gunzip, seconds), ''],
      ['request to first axial slice', medianOf(firstSlices(ours), seconds), ''],
      [
        'request to whole volume in the page',
        wholeVolumes(ours),
        `${ratio(whole / floor, `<= ${bars.timesGunzip}`)} of gunzip`,
      ],
      ...peerRows(peer, first),
      ...memoryRows(volume, ours),
      ...stepRows(stepping),
    ]),
  );
}

function peerRows(peer: PeerRun | undefined, ourFirstMs: number): string[][] {
  if (peer === undefined) {
    return [];
  }
  const { load, heap } = peer;
  const times = (ms: number): string => `${(ms / ourFirstMs).toFixed(1)} x`;
  return [
    [
      'NiiVue, request to first picture',
      seconds(load.ms),
      `${times(load.ms)} (>= ${bars.timesFaster}) of our first slice`,
    ],
    [
      'NiiVue, fetching and inflating alone',
      seconds(load.readMs),
      `${times(load.readMs)} of our first slice`,
    ],
    ['NiiVue: heap + array buffers', megabytes(heap.objects + heap.buffers), ''],
  ];
}

function memoryRows(volume: BenchVolume, ours: readonly OurRun[]): string[][] {
  const bytes = (what: string, of: (run: OurRun) => number, bar = ''): string[] => [
    what,
    medianOf(ours.map(of), megabytes),
    bar,
  ];
  // The renderer is the workbench's too: what it held before does not count.
  const together = ({ peaks, before }: OurRun): number =>
    peaks.workerAndRenderers - before.renderers;
  const times = median(ours.map(together)) / volume.voxelBytes;
  return [
    bytes(
      'peak, worker (RSS) + renderers (rise of RSS)',
      together,
      `${times.toFixed(2)} x (<= ${bars.timesVoxelBytes}) of the voxels`,
    ),
    bytes('peak RSS, worker', ({ peaks }) => peaks.parts.worker),
    bytes('peak rise, renderers', ({ peaks, before }) => peaks.parts.renderers - before.renderers),
    bytes('peak rise, extension host', ({ peaks, before }) => peaks.parts.host - before.host),
    bytes('peak rise, GPU and others', ({ peaks, before }) => peaks.parts.browser - before.browser),
    bytes('loaded, worker (RSS)', ({ after }) => after.worker),
    bytes('loaded, rise of renderers', ({ after, before }) => after.renderers - before.renderers),
    bytes('loaded, rise of heap', (run) => run.heapAfter.objects - run.heapBefore.objects),
    bytes('loaded, rise of array buffers', (run) => run.heapAfter.buffers - run.heapBefore.buffers),
  ];
}

/** All keys of all runs. */
export function stepRows(stepping: readonly Stepping[]): string[][] {
  const steps = stepping.flatMap((run) => run.steps);
  const row = (what: string, values: readonly number[]): string[] => [
    what,
    `p50 ${milliseconds(percentile(values, 0.5))}, p95 ${milliseconds(percentile(values, 0.95))}`,
    `p95 <= ${bars.stepMs} ms`,
  ];
  return [
    row(
      'work of the page for a key (the rest is waiting for a frame)',
      steps.map(({ workMs }) => workMs),
    ),
    row(
      'key to slice drawn',
      steps.map(({ drawnMs }) => drawnMs),
    ),
    row(
      'key to frame that shows it done',
      steps.map(({ frameMs }) => frameMs),
    ),
    row(
      'slice to slice while a key is held that repeats faster than frames come',
      stepping.flatMap((run) => run.heldIntervalsMs),
    ),
    [
      'frames of this browser, one after another',
      medianOf(
        stepping.map(({ frameIntervalMs }) => frameIntervalMs),
        milliseconds,
      ),
      '',
    ],
  ];
}

export function firstSlices(ours: readonly OurRun[]): number[] {
  return ours.map(({ firstSliceMs }) => firstSliceMs);
}

export function wholeVolumes(ours: readonly OurRun[]): string {
  const known = ours.flatMap(({ wholeVolumeMs }) => wholeVolumeMs ?? []);
  return known.length === 0 ? 'not told' : medianOf(known, seconds);
}
