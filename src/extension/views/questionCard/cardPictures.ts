import { stat } from 'node:fs/promises';
import type { RescaleRequest } from '../../../core/dataset/tableRescale';
import { throwIfCancelled } from '../../../core/errors';
import { inWords } from '../../../core/sentence';
import type { MiddleSlices, VolumeRequest } from '../../../protocol/messages';
import { packHu } from '../../../protocol/preview';
import type { CardPictures } from '../../../protocol/questionCard';
import { localised } from '../../localised';
import type { WorkerPool } from '../../workers';

/** Volumes whose pictures are kept, for going back and forth: about 1.5 MB each. */
const mostKept = 24;

/** A file that is being read, for all who wait for it. */
interface Reading {
  readonly pictures: Promise<CardPictures>;
  readonly controller: AbortController;
  waiting: number;
}

/** The middle slices of volumes, read by the worker once and kept until the file changes. */
export class PictureCache {
  /** Least recently used first (a Map keeps insertion order). */
  private readonly kept = new Map<string, CardPictures>();
  private readonly readings = new Map<string, Reading>();

  constructor(private readonly workers: Pick<WorkerPool, 'request'>) {}

  /** Rejects as the worker's `volume/middle` does. A reading ends when all who wait have aborted. */
  async of(
    path: string,
    signal: AbortSignal,
    rescale: RescaleRequest = { choice: 'auto' },
  ): Promise<CardPictures> {
    const request = { path, rescale };
    const key = await identityOf(request);
    throwIfCancelled(signal);
    const pictures = this.kept.get(key) ?? (await this.read(key, request, signal));
    this.kept.delete(key);
    this.kept.set(key, pictures);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= mostKept) {
        break;
      }
      this.kept.delete(oldest);
    }
    return pictures;
  }

  private read(key: string, request: VolumeRequest, signal: AbortSignal): Promise<CardPictures> {
    const reading = this.readings.get(key) ?? this.begin(key, request);
    reading.waiting++;
    const leave = (): void => {
      if (--reading.waiting === 0) {
        this.end(key, reading);
        reading.controller.abort();
      }
    };
    signal.addEventListener('abort', leave, { once: true });
    return reading.pictures.finally(() => {
      signal.removeEventListener('abort', leave);
    });
  }

  private begin(key: string, request: VolumeRequest): Reading {
    const controller = new AbortController();
    const { signal } = controller;
    const pictures = this.workers.request('volume/middle', request, { signal }).then(picturesOf);
    const reading: Reading = { pictures, controller, waiting: 0 };
    this.readings.set(key, reading);
    const end = (): void => {
      this.end(key, reading);
    };
    pictures.then(end, end);
    return reading;
  }

  /** Whoever comes now begins anew. */
  private end(key: string, reading: Reading): void {
    if (this.readings.get(key) === reading) {
      this.readings.delete(key);
    }
  }
}

/** Another file under the same name has pictures of its own, and so have other HU of it. */
async function identityOf({ path, rescale }: VolumeRequest): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return JSON.stringify([path, found?.size, found?.mtimeMs, rescale]);
}

function picturesOf({ header, info, notes, slices, counts }: MiddleSlices): CardPictures {
  const { min, max } = info;
  const hasRange = min !== null && max !== null && max > min;
  return {
    slices: slices.map((slice) => ({ ...slice, hu: packHu(slice.hu) })),
    counts,
    knowsSides: !header.axcodes.includes('?'),
    ...(info.hu_source === 'uncertain' &&
      hasRange && { fullRange: { level: (min + max) / 2, width: max - min } }),
    ...(notes.length > 0 && {
      note: notes.map((note) => inWords(localised(note))).join(' '),
    }),
  };
}
