import assert from 'node:assert/strict';
import type { Plane } from '../../../src/core/volume/types';
import type { PreviewSlice, SliceAddress } from '../../../src/protocol/preview';
import { packHu } from '../../../src/protocol/preview';
import { SliceCache } from '../../../src/webview/preview/sliceCache';
import { SliceFeed } from '../../../src/webview/preview/sliceFeed';

function sliceOf({ plane, index }: SliceAddress, values = 4): PreviewSlice {
  return {
    plane,
    index,
    width: 2,
    height: values / 2,
    hu: new Int16Array(values),
    pixelMm: [1, 1],
  };
}

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

describe('SliceCache', () => {
  const address = (index: number): SliceAddress => ({ plane: 'axial', index });

  it('lets the least recently used go when the bytes run over', () => {
    const cache = new SliceCache(24);
    [0, 1, 2].forEach((index) => {
      cache.add(sliceOf(address(index)));
    });
    cache.get(address(0));
    cache.add(sliceOf(address(3)));
    const kept = [0, 1, 2, 3].filter((index) => cache.has(address(index)));
    assert.deepEqual(kept, [0, 2, 3]);
  });

  it('counts a slice that is added twice once', () => {
    const cache = new SliceCache(16);
    cache.add(sliceOf(address(0)));
    cache.add(sliceOf(address(0)));
    cache.add(sliceOf(address(1)));
    assert.ok(cache.has(address(0)) && cache.has(address(1)));
  });

  it('keeps a slice that alone is over the limit, until the next', () => {
    const cache = new SliceCache(4);
    cache.add(sliceOf(address(0)));
    assert.ok(cache.get(address(0)));
    cache.add(sliceOf(address(1)));
    assert.deepEqual([cache.has(address(0)), cache.has(address(1))], [false, true]);
  });
});

describe('SliceFeed', () => {
  interface Load {
    readonly address: SliceAddress;
    readonly resolve: (slice: PreviewSlice) => void;
    readonly reject: (error: Error) => void;
  }

  /** A feed whose loads the test answers by hand. */
  function feedUnderTest(count = 100) {
    const loads: Load[] = [];
    const shown: string[] = [];
    const errors: unknown[] = [];
    const counts: Record<Plane, number> = { axial: count, coronal: count, sagittal: count };
    const feed = new SliceFeed(
      (address) =>
        new Promise((resolve, reject) => {
          loads.push({ address, resolve, reject });
        }),
      {
        onSlice: ({ plane, index }) => shown.push(`${plane} ${index}`),
        onError: (error) => errors.push(error),
      },
      counts,
    );
    const answer = async (): Promise<SliceAddress> => {
      const load = loads.shift();
      assert.ok(load, 'a load is under way');
      load.resolve(sliceOf(load.address));
      await new Promise(setImmediate);
      return load.address;
    };
    return { feed, loads, shown, errors, counts, answer };
  }

  it('loads only the newest wish while one is under way', async () => {
    const { feed, loads, answer, shown } = feedUnderTest();
    for (let index = 10; index <= 30; index++) {
      feed.want('axial', index);
    }
    assert.equal(loads.length, 1);
    assert.equal((await answer()).index, 10);
    assert.equal((await answer()).index, 30);
    assert.deepEqual(shown, ['axial 10', 'axial 30']);
  });

  it('fetches neighbours in the direction of travel once no plane waits', async () => {
    const { feed, loads, answer } = feedUnderTest();
    feed.want('axial', 50);
    feed.want('axial', 49);
    feed.want('coronal', 7);
    await answer(); // axial 50
    await answer(); // coronal 7: no neighbours while axial waits
    assert.deepEqual(
      loads.map(({ address }) => `${address.plane} ${address.index}`),
      ['axial 49'],
    );
    await answer();
    const fetched: string[] = [];
    while (loads.length > 0) {
      const { plane, index } = await answer();
      fetched.push(`${plane} ${index}`);
    }
    const axial = fetched.filter((name) => name.startsWith('axial'));
    assert.deepEqual(axial, ['axial 48', 'axial 47', 'axial 46', 'axial 45']);
    const coronal = fetched.filter((name) => name.startsWith('coronal'));
    assert.deepEqual(coronal, ['coronal 8', 'coronal 6', 'coronal 9', 'coronal 10', 'coronal 11']);
  });

  it('shows a slice it has at once, and never a neighbour that was only fetched', async () => {
    const { feed, loads, answer, shown } = feedUnderTest();
    feed.want('axial', 5);
    while (loads.length > 0) {
      await answer();
    }
    assert.deepEqual(shown, ['axial 5']);
    feed.want('axial', 6);
    assert.deepEqual(shown, ['axial 5', 'axial 6']);
  });

  it('asks for no slice outside the volume', async () => {
    const { feed, loads, answer } = feedUnderTest(2);
    feed.want('axial', 0);
    const asked: number[] = [];
    while (loads.length > 0) {
      asked.push((await answer()).index);
    }
    assert.deepEqual(asked, [0, 1]);
  });

  it('drops what was under way for an earlier volume', async () => {
    const { feed, answer, shown, counts } = feedUnderTest();
    feed.want('axial', 5);
    feed.reset(counts);
    feed.want('axial', 5);
    await answer();
    assert.deepEqual(shown, []);
    await answer();
    assert.deepEqual(shown, ['axial 5']);
  });

  it('tells of an error, and tries again when asked again', async () => {
    const { feed, loads, errors, answer, shown } = feedUnderTest();
    feed.want('axial', 5);
    loads.shift()?.reject(new Error('gone'));
    await new Promise(setImmediate);
    assert.match(String(errors), /gone/);
    feed.want('axial', 5);
    await answer();
    assert.deepEqual(shown, ['axial 5']);
  });
});
