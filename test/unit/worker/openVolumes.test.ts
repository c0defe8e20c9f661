import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { OpenVolumes } from '../../../src/worker/openVolumes';
import { writeTinyCorpus } from '../engine/tinyCorpus';
import type { TinyCorpus } from '../engine/tinyCorpus';

/** Bytes of one volume of the corpus in memory. */
const volumeBytes = 12 * 12 * 6 * 4;

describe('open volumes', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(4);
  });
  after(() => corpus.remove());

  it('lets the least recently used go, and reads it again for the next slice', async () => {
    const volumes = new OpenVolumes(2 * volumeBytes);
    const [first, second, third] = await Promise.all(
      corpus.volumes.slice(0, 3).map((path) => volumes.open(path, {})),
    );
    assert.equal(volumes.held, 2);
    const middle = { plane: 'axial', index: 3 } as const;
    const before = await volumes.slice(third.handle, middle.plane, middle.index, {});
    await volumes.slice(first.handle, middle.plane, middle.index, {});
    await volumes.slice(second.handle, middle.plane, middle.index, {});
    assert.equal(volumes.held, 2);
    const after = await volumes.slice(third.handle, middle.plane, middle.index, {});
    assert.deepEqual(after, before);
  });

  it('does not show slices of another file under the same name', async () => {
    const volumes = new OpenVolumes(volumeBytes);
    const [path, other] = corpus.volumes;
    const { handle } = await volumes.open(path, {});
    await volumes.open(other, {});
    await writeFile(path, 'something else');
    await assert.rejects(volumes.slice(handle, 'axial', 3, {}), { code: 'volume-changed' });
  });
});
