import assert from 'node:assert/strict';
import { packHu } from '../../../src/protocol/preview';

describe('packHu', () => {
  it('packs whole 16-bit values without loss', () => {
    const hu = Float32Array.of(-1024, 0, 3071, -32768, 32767);
    const packed = packHu(hu);
    assert.ok(packed instanceof Int16Array);
    assert.deepEqual([...packed], [...hu]);
  });

  it('leaves what would lose something', () => {
    for (const value of [0.5, 32768, -32769, NaN, Infinity]) {
      const hu = Float32Array.of(1, value);
      assert.equal(packHu(hu), hu);
    }
  });
});
