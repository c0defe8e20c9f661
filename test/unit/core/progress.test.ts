import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/core/errors';
import { takeSteps } from '../../../src/core/progress';
import type { Progress, Steps } from '../../../src/core/progress';

describe('takeSteps', () => {
  function* counting(to: number): Steps<string> {
    for (let done = 0; done < to; done++) {
      yield { stage: 'Counting', done };
    }
    return 'all';
  }

  it('gives what the steps give', async () => {
    assert.equal(await takeSteps(counting(1000), {}), 'all');
  });

  it('tells how far it is, and ends work without an end when it is cancelled', async () => {
    const stop = new AbortController();
    const told: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      told.push(progress);
      // As a message of another process does it: while the work is under way.
      setTimeout(() => {
        stop.abort();
      }, 0);
    };
    await assert.rejects(takeSteps(counting(Infinity), { onProgress, signal: stop.signal }), {
      name: CancelledError.name,
    });
    assert.ok(told.length > 0 && told.every(({ stage, done }) => stage === 'Counting' && done > 0));
  });
});
