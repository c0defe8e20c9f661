import { UserError, throwIfCancelled } from '../../errors';
import type { LongWork } from '../../progress';
import { Random } from '../../random';
import type { PlacedLine } from './questionLine';
import type { ImageHeader } from './rule';
import { Sample } from './sample';

/** Enough to find what is wrong with a download, and a second of work. */
const mostHeaders = 500;
const headersAtOnce = 8;

const isVolume = /\.nii(\.gz)?$/i;

/** Reads the headers of some of the volumes that questions are asked on, drawn evenly over the file. */
export class ImageHeaders {
  private readonly sample = new Sample<{ readonly path: string; readonly line: PlacedLine }>(
    mostHeaders,
    Random.fromSeed(0, 'image headers'),
  );
  all: readonly ImageHeader[] = [];

  /** @param path absolute. */
  offer(path: string, line: PlacedLine): void {
    if (isVolume.test(path)) {
      this.sample.offer(() => ({ path, line }));
    }
  }

  /** Reads the headers of the volumes that were drawn; throws CancelledError only. */
  async read(work: LongWork): Promise<void> {
    const drawn = [...new Map(this.sample.all.map((each) => [each.path, each])).values()];
    const read: ImageHeader[] = [];
    for (let start = 0; start < drawn.length; start += headersAtOnce) {
      throwIfCancelled(work.signal);
      const batch = drawn.slice(start, start + headersAtOnce);
      read.push(...(await Promise.all(batch.map(({ path, line }) => headerOf(path, line)))));
    }
    this.all = read.sort((a, b) => a.line.line - b.line.line);
  }
}

async function headerOf(path: string, line: PlacedLine): Promise<ImageHeader> {
  const image = line.record?.image_path ?? path;
  try {
    const { readVolumeHeader } = await import('../../volume/read');
    const { shape, spacingMm, frames, dtype: storedType } = await readVolumeHeader(path);
    return { line, image, shape, spacingMm, frames, storedType };
  } catch (error) {
    if (error instanceof UserError) {
      return { line, image, problem: error.message };
    }
    throw error;
  }
}
