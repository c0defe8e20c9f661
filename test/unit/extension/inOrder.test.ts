import assert from 'node:assert/strict';
import { InOrder } from '../../../src/extension/views/questionCard/inOrder';

describe('Contents of the question card', () => {
  it('are shown in the order in which they were asked for, whichever is ready first', async () => {
    const order = new InOrder();
    const shown: string[] = [];
    const show = (text: string): void => {
      shown.push(text);
    };
    const ready: ((text: string) => void)[] = [];
    const asked = [0, 1, 2].map(() =>
      order.show(new Promise<string>((resolve) => ready.push(resolve)), show),
    );
    ready[1]('second');
    await asked[1];
    ready[0]('first');
    await asked[0];
    ready[2]('third');
    await asked[2];
    assert.deepEqual(shown, ['second', 'third']);
  });
});
