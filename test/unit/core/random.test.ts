import assert from 'node:assert/strict';

import { Random } from '../../../src/core/random';

const draw = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('repeats a seed and differs between seeds and streams', () => {
    assert.deepEqual(draw(Random.fromSeed(7), 5), draw(Random.fromSeed(7), 5));
    assert.notDeepEqual(draw(Random.fromSeed(7), 5), draw(Random.fromSeed(8), 5));
    assert.notDeepEqual(
      draw(Random.fromSeed(7, 'patient', 1), 5),
      draw(Random.fromSeed(7, 'patient', 11), 5),
    );
  });

  it('goes on exactly where its state was taken, spare normal included', () => {
    const random = Random.fromSeed(3);
    random.normal();
    const resumed = Random.fromState(random.state());
    assert.equal(random.normal(), resumed.normal());
    assert.deepEqual(draw(random, 5), draw(resumed, 5));
  });

  it('fills [0, 1) evenly and gives a standard normal', () => {
    const random = Random.fromSeed(1);
    const buckets = new Array<number>(10).fill(0);
    let sum = 0;
    let squares = 0;
    const count = 20000;
    for (let i = 0; i < count; i++) {
      buckets[Math.floor(random.uniform() * 10)]++;
      const normal = random.normal();
      sum += normal;
      squares += normal * normal;
    }
    for (const bucket of buckets) {
      assert.ok(Math.abs(bucket - count / 10) < 200, `bucket of ${bucket}`);
    }
    assert.ok(Math.abs(sum / count) < 0.03 && Math.abs(squares / count - 1) < 0.05);
  });

  it('shuffles without losing an item', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = Random.fromSeed(2).shuffled(items);
    assert.notDeepEqual(shuffled, items);
    assert.deepEqual([...shuffled].sort(), items);
  });
});
