import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/core/errors';
import { Random } from '../../../src/core/random';
import { batchTooLarge, isOutOfMemory, stepRuns } from '../../../src/engine/batchThatFits';
import { NotEnoughMemoryError, requireMemory } from '../../../src/engine/memory';
import { initialParameters } from '../../../src/networks';
import { tinyPreset } from '../../graph/presets';

const initial = {
  weights: initialParameters(tinyPreset, Random.fromSeed(1)),
  moments: new Map<string, never>(),
};
const runner = { preset: tinyPreset, provider: 'cpu', batch: 2, tokens: 7 } as const;

describe('a batch that does not fit in memory', () => {
  it('is told with the largest half that does', async () => {
    const tried: number[] = [];
    const seen: (number | undefined)[][] = [];
    const error = await batchTooLarge(
      { batch: 32, provider: 'webgpu' },
      4,
      undefined,
      (batch) => {
        tried.push(batch);
        return Promise.resolve(batch <= 5);
      },
      { onProgress: ({ done, total }) => seen.push([done, total]) },
    );
    assert.deepEqual(tried, [16, 8, 4]);
    assert.deepEqual(seen, [
      [0, 5],
      [1, 5],
      [2, 5],
    ]);
    assert.equal(error.code, 'out-of-memory');
    assert.match(error.message, /32 questions of 4 options .* webgpu/);
    assert.match(error.remedy, /--batch 4\).*--accumulate 8/);
  });

  it('is told where not even one question fits', async () => {
    const never = (): Promise<boolean> => Promise.resolve(false);
    const error = await batchTooLarge({ batch: 2, provider: 'cpu' }, 4, undefined, never, {});
    assert.match(error.remedy, /smaller volume or network/);
  });

  it('is told without a number where the search for one is cancelled', async () => {
    const cancellation = new AbortController();
    const tried: number[] = [];
    const cause = new Error('bad_alloc');
    const error = await batchTooLarge(
      { batch: 32, provider: 'cpu' },
      4,
      cause,
      (batch) => {
        tried.push(batch);
        // Arrives as a message from another process does: in a turn of the event loop to come.
        setImmediate(() => {
          cancellation.abort();
        });
        return Promise.resolve(false);
      },
      { signal: cancellation.signal },
    );
    assert.deepEqual(tried, [16]);
    assert.equal(error.code, 'out-of-memory');
    assert.equal(error.cause, cause);
    assert.match(error.remedy, /a smaller batch/);
    const { signal } = cancellation;
    await assert.rejects(stepRuns(runner, initial, 2, signal), CancelledError);
  });

  it('is found out before the system ends the process', async () => {
    assert.equal(await stepRuns(runner, initial, 2), true);
    assert.equal(await stepRuns({ ...runner, batch: 2 ** 24 }, initial, 2), false);
  });

  it('is known by the words of runtime and drivers', () => {
    assert.throws(() => {
      requireMemory(2 ** 60);
    }, NotEnoughMemoryError);
    for (const message of [
      'CUDA failure 2: out of memory',
      'Failed to allocate memory for requested buffer of size 5368709120',
      'std::bad_alloc',
    ]) {
      assert.ok(isOutOfMemory(new Error(message)), message);
    }
    assert.ok(!isOutOfMemory(new Error('the file has no memory of it')));
  });
});
