/*
 * A process that fills, reads and evicts a cache of prepared volumes:
 * SEED FOLDER LIMIT VOLUME... It says that it is ready, begins when told to, and tells what it read.
 */
import { createHash } from 'node:crypto';
import { Random } from '../../../src/core/random';
import { VolumeStore } from '../../../src/engine/volumeStore';
import type { PreparedVolume } from '../../../src/engine/volumeStore';
import { tinyPreset } from './tinyCorpus';

export function contentOf({ shape, data }: PreparedVolume): string {
  return createHash('sha256').update(`${shape.join()} ${data.join()}`).digest('hex');
}

/** Volumes two by two, always others, each read a while after it was prepared. */
async function useCache(
  [seed, folder, limit, ...volumes]: readonly string[],
  rounds = 12,
): Promise<(readonly [path: string, content: string])[]> {
  const random = Random.fromSeed(Number(seed));
  const found: (readonly [string, string])[] = [];
  for (let round = 0; round < rounds; round++) {
    const store = new VolumeStore(folder, tinyPreset.volume, { memory: 0, disk: Number(limit) });
    const pair = random.shuffled(volumes).slice(0, 2);
    await store.prepare(
      pair.map((path) => ({ path, question: path })),
      {},
    );
    for (const path of pair) {
      found.push([path, contentOf(await store.read(path))]);
    }
  }
  return found;
}

if (require.main === module) {
  process.once('message', () => {
    void useCache(process.argv.slice(2)).then((found) => {
      process.send?.(found, () => {
        process.disconnect();
      });
    });
  });
  process.send?.('ready');
}
