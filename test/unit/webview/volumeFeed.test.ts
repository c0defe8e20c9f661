import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { UserError } from '../../../src/core/errors';
import { findingsOf } from '../../../src/core/volume/describe';
import { samplePlane } from '../../../src/core/volume/planeSampler';
import { proxyHeader, proxyPlan } from '../../../src/core/volume/proxy';
import { extractSlice } from '../../../src/core/volume/slices';
import type { VolumeHeader } from '../../../src/core/volume/types';
import { packedPiece } from '../../../src/core/volume/voxelCodec';
import { frameOf } from '../../../src/core/volume/voxelFrames';
import type { VoxelEncoding } from '../../../src/core/volume/voxelEncoding';
import type { VolumePieceAnswer } from '../../../src/protocol/messages';
import type { PreviewVolume } from '../../../src/protocol/preview';
import { PageError } from '../../../src/webview/preview/pageError';
import { VolumeFeed, type FeedHost } from '../../../src/webview/preview/volumeFeed';
import { headerOf, phantom } from '../volume/phantom';

const shape = [4, 3, 8] as const;
const scan = phantom(shape, (x, y, z) => x + 10 * y + 100 * z);
const int16: VoxelEncoding = { type: 'int16', slope: 1, intercept: 0 };
const volume: PreviewVolume = {
  header: scan.header,
  encoding: int16,
  fileName: 'scan.nii',
  rescale: 'auto',
};
const found = findingsOf(scan);
const end: VolumePieceAnswer = { kind: 'end', ...found };

/** Two slices of the scan, as the worker sends them. */
function piece(first: number): VolumePieceAnswer {
  const voxels = Int16Array.from(scan.voxels.subarray(first * 12, (first + 2) * 12));
  return { kind: 'voxels', piece: packedPiece({ first, count: 2, voxels }) };
}

/** The same slices, as a connection brings them. */
function framed(first: number): readonly Uint8Array[] {
  const answer = piece(first);
  assert.ok(answer.kind === 'voxels');
  return frameOf(answer.piece);
}

/** Frames of two slices each, from these on; the beginning of one where it is `cut`. */
async function* frames(...firsts: (number | 'cut')[]): AsyncGenerator<Uint8Array> {
  for (const first of firsts) {
    await Promise.resolve();
    yield first === 'cut' ? framed(0)[0] : Buffer.concat(framed(first));
  }
}

/** A connection that breaks after a frame. */
async function* breaking(first: number): AsyncGenerator<Uint8Array> {
  yield* frames(first);
  throw new TypeError('network error');
}

/** A question to the host that the test answers by hand. */
interface Asked<T> {
  readonly answer: (given: T) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

/** `stream` is what a connection brings; without it there is none. */
function feedUnderTest(stream: FeedHost['stream'] = () => Promise.resolve(null)) {
  const opens: (Asked<PreviewVolume> & { readonly again: boolean })[] = [];
  const pulls: Asked<VolumePieceAnswer>[] = [];
  const log: string[] = [];
  const errors: unknown[] = [];
  /** Whoever waits hears of it before the test goes on. */
  function asked<T>(keep: (one: Asked<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      keep({
        answer: (given) => {
          resolve(given);
          return turn();
        },
        fail: (error) => {
          reject(error);
          return turn();
        },
      });
    });
  }
  const feed = new VolumeFeed(
    { kind: 'file', file: 0 },
    {
      open: (_source, again) => asked((one) => opens.push({ ...one, again })),
      piece: () => asked((one) => pulls.push(one)),
      stream,
    },
    {
      onVolume: () => log.push('volume'),
      onPiece: (share) => log.push(`${share}`),
      onWhole: () => log.push('whole'),
      onError: (error) => errors.push(error),
    },
  );
  /** Opens the feed and answers with the volume. */
  const begin = async (opened = volume): Promise<void> => {
    const done = feed.open(false);
    await opens.splice(0, 1)[0].answer(opened);
    await done;
  };
  return { feed, opens, pulls, log, errors, begin };
}

const lost = new UserError('worker-ended', 'The worker ended.', 'Try again.');

describe('The feed of a volume', () => {
  it('shows the header at once, then what has arrived, whatever comes first', async () => {
    const { feed, pulls, log, begin } = feedUnderTest();
    void begin();
    await turn();
    assert.deepEqual(log, ['volume']);
    assert.deepEqual([...(feed.field?.arrived ?? [])], [0, 0, 0, 0, 0, 0, 0, 0]);
    assert.equal(feed.bytes, 4 * 3 * 8 * 2);
    await pulls.splice(0)[0].answer(piece(4));
    assert.deepEqual([...(feed.field?.arrived ?? [])], [0, 0, 0, 0, 1, 1, 0, 0]);
    const [first, second, third] = pulls.splice(0);
    await second.answer(piece(2));
    await third.answer(piece(0));
    // The end overtakes a piece.
    const ends = pulls.splice(0);
    await ends[0].answer(end);
    await ends[1].answer(end);
    assert.equal(feed.findings, undefined);
    await first.answer(piece(6));
    assert.deepEqual(log, ['volume', '0.25', '0.5', '0.75', '1']);
    await pulls[0].answer(end);
    assert.equal(log.at(-1), 'whole');
    assert.deepEqual(feed.findings, found);
    assert.equal(feed.field?.arrived, undefined);
    assert.deepEqual([...(feed.field?.voxels ?? [])], [...scan.voxels]);
  });

  it('asks for one piece, then for some at a time, and for no more after the end', async () => {
    const { pulls, begin } = feedUnderTest();
    const done = begin();
    await turn();
    assert.equal(pulls.length, 1);
    await pulls.splice(0)[0].answer(piece(0));
    assert.equal(pulls.length, 3);
    await Promise.all(pulls.splice(0).map((pull) => pull.answer(end)));
    assert.equal(pulls.length, 0);
    await done;
  });

  it('opens once more where the worker was lost, and takes nothing of the lost one', async () => {
    const { feed, opens, pulls, log, errors, begin } = feedUnderTest();
    void begin();
    await turn();
    await pulls.splice(0)[0].answer(piece(0));
    const [first, ...late] = pulls.splice(0);
    await first.fail(lost);
    assert.deepEqual(
      opens.map(({ again }) => again),
      [true],
    );
    await opens[0].answer(volume);
    // Late answers of the first opening: no lane of it goes on.
    await late[0].answer(piece(2));
    await late[1].answer(piece(4));
    assert.equal(pulls.length, 1);
    assert.deepEqual([...(feed.field?.arrived ?? [])], [0, 0, 0, 0, 0, 0, 0, 0]);
    for (const at of [0, 2, 4, 6]) {
      await pulls.splice(0, 1)[0].answer(piece(at));
    }
    await Promise.all(pulls.splice(0).map((pull) => pull.answer(end)));
    assert.equal(log.at(-1), 'whole');
    assert.deepEqual([...(feed.field?.voxels ?? [])], [...scan.voxels]);
    assert.deepEqual(errors, []);
  });

  it('tells of a worker that is lost twice', async () => {
    const { opens, pulls, errors, begin } = feedUnderTest();
    const done = begin();
    await turn();
    await pulls.splice(0)[0].fail(lost);
    await opens.splice(0)[0].answer(volume);
    await pulls[0].fail(lost);
    await done;
    assert.deepEqual(errors, [lost]);
    assert.deepEqual(opens, []);
  });

  it('tells of an error after some pieces, and holds nothing then', async () => {
    const { feed, opens, pulls, log, errors, begin } = feedUnderTest();
    const done = begin();
    await turn();
    const damaged = new UserError('volume-gzip', 'The file is damaged.', 'Copy it again.');
    await pulls[0].answer(piece(0));
    await pulls[1].fail(damaged);
    await pulls[2].answer(piece(2));
    await done;
    assert.deepEqual(errors, [damaged]);
    assert.deepEqual(log, ['volume', '0.25']);
    assert.deepEqual([feed.field, feed.bytes, opens.length], [undefined, 0, 0]);
  });

  it('tells of a file that cannot be opened, and opens it when asked again', async () => {
    const { feed, opens, pulls, errors, log } = feedUnderTest();
    const missing = new UserError('volume-missing', 'No such file.', 'Look for it.');
    const failed = feed.open(false);
    await opens.splice(0)[0].fail(missing);
    await failed;
    assert.deepEqual(errors, [missing]);
    void feed.open(true);
    await opens[0].answer(volume);
    assert.deepEqual([log, pulls.length], [['volume'], 1]);
  });

  it('drops what belongs to an earlier opening, its errors too', async () => {
    const { feed, opens, pulls, log, errors, begin } = feedUnderTest();
    void begin();
    await turn();
    await pulls.splice(0)[0].answer(piece(0));
    const [first, second, third] = pulls.splice(0);
    void feed.open(true);
    // The host closed the volume of the first opening for the second.
    await first.fail(new UserError('volume-not-open', 'Not open.', 'Open it.'));
    await second.answer(piece(2));
    await third.answer(end);
    assert.deepEqual(
      opens.map(({ again }) => again),
      [true],
    );
    await opens[0].answer(volume);
    assert.deepEqual(log, ['volume', '0.25', 'volume']);
    assert.deepEqual([...(feed.field?.arrived ?? [])], [0, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual([errors, opens.length, feed.findings], [[], 1, undefined]);
  });

  it('asks for nothing more once its first piece came too late: the next is for a later opening', async () => {
    const { feed, opens, pulls, begin } = feedUnderTest();
    void begin();
    await turn();
    void feed.open(true);
    await pulls.splice(0)[0].answer(piece(0));
    assert.equal(pulls.length, 0);
    await opens[0].answer(volume);
    assert.equal(pulls.length, 1);
  });

  it('holds nothing once it let go, whatever is still on its way', async () => {
    const { feed, opens, pulls, log, errors, begin } = feedUnderTest();
    const done = begin();
    await turn();
    await pulls[0].answer(piece(0));
    feed.letGo();
    assert.deepEqual([feed.field, feed.bytes], [undefined, 0]);
    await pulls[1].answer(piece(2));
    await pulls[2].fail(lost);
    await pulls[3].answer(end);
    await done;
    assert.deepEqual(log, ['volume', '0.25']);
    assert.deepEqual([errors, opens.length, pulls.length], [[], 0, 4]);
  });

  it('tells of a volume that ended before all of it had come, and shows no air instead', async () => {
    const { feed, pulls, log, errors, begin } = feedUnderTest();
    const done = begin();
    await turn();
    await pulls.splice(0)[0].answer(piece(0));
    await Promise.all(pulls.splice(0).map((pull) => pull.answer(end)));
    await done;
    assert.ok(errors[0] instanceof PageError && errors[0].problem === 'volume-short');
    assert.deepEqual([feed.field, log.at(-1)], [undefined, '0.25']);
  });

  it('counts a slice that comes twice once, and keeps the second', async () => {
    const { feed, pulls, log, begin } = feedUnderTest();
    void begin();
    await turn();
    const first = packedPiece({ first: 0, count: 1, voxels: new Int16Array(12).fill(7) });
    await pulls[0].answer({ kind: 'voxels', piece: first });
    await pulls[1].answer(piece(0));
    assert.deepEqual(log, ['volume', '0.125', '0.25']);
    assert.equal(feed.field?.voxels[0], 0);
  });

  it('takes a volume from a connection where there is one, and asks only for what was found out', async () => {
    const { pulls, log, feed, begin } = feedUnderTest(() => Promise.resolve(frames(2, 4, 6)));
    void begin();
    await turn();
    await pulls.splice(0)[0].answer(piece(0));
    assert.deepEqual(log, ['volume', '0.25', '0.5', '0.75', '1']);
    await Promise.all(pulls.splice(0).map((pull) => pull.answer(end)));
    assert.equal(log.at(-1), 'whole');
    assert.deepEqual([...(feed.field?.voxels ?? [])], [...scan.voxels]);
  });

  it('opens once more, by messages, where a connection breaks, ends early or within a piece', async () => {
    for (const broken of [breaking(2), frames(2), frames(2, 4, 6, 'cut')]) {
      let streams = 0;
      const { pulls, opens, log, errors, feed, begin } = feedUnderTest(() => {
        streams++;
        return Promise.resolve(broken);
      });
      void begin();
      await turn();
      await pulls.splice(0)[0].answer(piece(0));
      // What is asked now finds nothing wrong with the volume itself.
      await Promise.all(pulls.splice(0).map((pull) => pull.answer(end)));
      assert.deepEqual([opens[0].again, errors, feed.findings], [true, [], undefined]);
      await opens[0].answer(volume);
      for (const at of [0, 2, 4, 6]) {
        await pulls.splice(0, 1)[0].answer(piece(at));
      }
      await Promise.all(pulls.splice(0).map((pull) => pull.answer(end)));
      assert.deepEqual([log.at(-1), streams], ['whole', 1]);
      assert.deepEqual([...(feed.field?.voxels ?? [])], [...scan.voxels]);
    }
  });

  it('tells what is wrong with a volume where that is why its connection broke', async () => {
    const { opens, pulls, errors, begin } = feedUnderTest(() => Promise.resolve(breaking(2)));
    const done = begin();
    await turn();
    const damaged = new UserError('volume-gzip', 'The file is damaged.', 'Copy it again.');
    await pulls.splice(0)[0].answer(piece(0));
    await pulls[0].fail(damaged);
    await done;
    assert.deepEqual([errors, opens.length], [[damaged], 0]);
  });

  it('leaves a connection when it lets go, and takes nothing of it after that', async () => {
    let signal: AbortSignal | undefined;
    let bring: (bytes: Uint8Array) => void = () => undefined;
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      yield new Promise<Uint8Array>((resolve) => {
        bring = resolve;
      });
    };
    const { feed, pulls, log, errors, begin } = feedUnderTest((_source, given) => {
      signal = given;
      return Promise.resolve(slow());
    });
    const done = begin();
    await turn();
    await pulls.splice(0)[0].answer(piece(0));
    feed.letGo();
    assert.equal(signal?.aborted, true);
    bring(Buffer.concat(framed(2)));
    await done;
    assert.deepEqual([log, errors, feed.field], [['volume', '0.25'], [], undefined]);
  });

  it('draws a proxy on the grid of its volume, also without a world', async () => {
    const flat = headerOf(shape, [
      [-1, 0, 0, 0],
      [0, -1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
    for (const header of [scan.header, flat]) {
      const { feed, pulls, begin } = feedUnderTest();
      void begin(proxied(header));
      await turn();
      // Blocks of 2 x 2 x 2.
      const voxels = Int16Array.from(
        { length: 2 * 2 * 4 },
        (_, at) => 200 * (at % 2) + 1000 * ((at >> 1) % 2) + 4000 * (at >> 2),
      );
      await pulls[0].answer({
        kind: 'voxels',
        piece: packedPiece({ first: 0, count: 4, voxels }),
      });
      assert.ok(feed.field);
      const { values, width, height, missing } = samplePlane(feed.field, 'axial', 3);
      const { width: fullWidth, height: fullHeight } = extractSlice(scan, 'axial', 3);
      assert.deepEqual([width, height, missing], [fullWidth, fullHeight, undefined]);
      // Each pixel is that of the block it lies in: the lower half, then one and two to the left.
      assert.deepEqual([values[1], values[2]], [4000, 4200]);
    }
  });
});

/** The scan shown by a proxy of half its size. */
function proxied(header: VolumeHeader): PreviewVolume {
  const plan = proxyPlan(header, int16, 0, 2 * 2 * 4 * 2);
  assert.ok(plan);
  return { ...volume, header, proxy: { factor: plan.factor, header: proxyHeader(header, plan) } };
}
