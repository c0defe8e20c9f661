import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { UserError } from '../../../src/core/errors';
import { describeVolume } from '../../../src/core/volume/describe';
import { judgeHu } from '../../../src/core/volume/hu';
import { readVolume } from '../../../src/core/volume/read';
import type { Rescale } from '../../../src/core/volume/rescale';
import { extractSlice } from '../../../src/core/volume/slices';
import { unpackPiece } from '../../../src/core/volume/voxelCodec';
import { encodedVoxels, type EncodedVoxels } from '../../../src/core/volume/voxelEncoding';
import { FrameReader } from '../../../src/core/volume/voxelFrames';
import { writeVolume } from '../../../src/core/volume/write';
import type { OpenVolumeRequest, VolumePieceAnswer } from '../../../src/protocol/messages';
import { OpenVolumes } from '../../../src/worker/openVolumes';
import { openShownVolume, type ShownVolume } from '../../../src/worker/shownVolume';
import { huOf } from '../volume/field';
import { niftiFile } from '../volume/niftiFile';
import { phantom } from '../volume/phantom';
import { temporaryFolder } from '../volume/temporaryFolder';
import { withFullDisk } from './fullDisk';
import { never, offering } from './offering';

const shape = [7, 6, 9] as const;
const scan = phantom(shape, (x, y, z) => 100 * x - 30 * y + 7 * z - 500, [1, 1, 2]);
const asInFile: Rescale = { kind: 'auto' };

function request(path: string, rescale = asInFile): OpenVolumeRequest {
  return { path, rescale, packs: true };
}

type End = Extract<VolumePieceAnswer, { kind: 'end' }>;

/** Everything that `next` gives, put together. */
async function received(
  { header, encoding, proxy }: ShownVolume['description'],
  next: () => Promise<VolumePieceAnswer>,
): Promise<{ voxels: EncodedVoxels; end: End }> {
  const [ni, nj, nk] = (proxy?.header ?? header).shape;
  const voxels = encodedVoxels(encoding, ni * nj * nk);
  for (;;) {
    const answer = await next();
    if (answer.kind === 'end') {
      return { voxels, end: answer };
    }
    unpackPiece(answer.piece, voxels, answer.piece.first * ni * nj);
  }
}

describe('Volumes on their way to a viewer', () => {
  const folder = temporaryFolder();

  async function written(name: string): Promise<string> {
    const path = folder.path(name);
    const { affine, spacingMm } = scan.header;
    const voxels = Int16Array.from(scan.voxels);
    await writeVolume(path, { shape, spacingMm, affine, voxels, slope: 2, intercept: 24 });
    return path;
  }

  it('arrive whole, with what was found out about them', async () => {
    const volumes = new OpenVolumes();
    for (const name of ['whole.nii', 'whole.nii.gz']) {
      for (const rescale of [asInFile, { kind: 'none' } as const]) {
        const path = await written(name);
        const { handle, ...description } = await volumes.open(request(path, rescale));
        assert.equal(description.proxy, undefined);
        const { voxels, end } = await received(description, () => volumes.piece(handle));
        const volume = await readVolume(path, { rescale });
        assert.deepEqual(description.header, volume.header);
        assert.deepEqual(huOf(voxels, description.encoding), volume.voxels);
        assert.deepEqual(end.info, describeVolume(volume));
        assert.deepEqual(end.hu, judgeHu(volume.voxels, volume.header));
        // The viewer has all of it and needs no slices.
        assert.equal(await volumes.slice(handle, 'axial', 2, {}), null);
        volumes.close(handle);
      }
    }
  });

  it('give one piece after the other to those who wait, then the end to each', async () => {
    const volume = await openShownVolume(request(await written('waiting.nii')));
    const answers = await Promise.all([1, 2, 3, 4].map(() => volume.next()));
    const kinds = answers.map(({ kind }) => kind);
    assert.deepEqual(kinds, ['voxels', 'voxels', 'end', 'end']);
    assert.deepEqual(answers[2], answers[3]);
    volume.close();
  });

  it('are known until they are closed', async () => {
    const volumes = new OpenVolumes();
    const path = await written('known.nii');
    const first = await volumes.open(request(path));
    const second = await volumes.open(request(path));
    assert.equal(volumes.size, 2);
    volumes.close(first.handle);
    volumes.close(first.handle);
    assert.equal(volumes.size, 1);
    await assert.rejects(volumes.piece(first.handle), { code: 'volume-not-open' });
    assert.throws(() => volumes.stream(first.handle, () => undefined, never), {
      code: 'volume-not-open',
    });
    assert.throws(() => volumes.slice(first.handle, 'axial', 0, {}), { code: 'volume-not-open' });
    assert.equal((await volumes.piece(second.handle)).kind, 'voxels');
    volumes.close(second.handle);
    assert.equal(volumes.size, 0);
  });

  it('can be fetched from where they have come to, then tell what was found out by message', async () => {
    const volumes = new OpenVolumes();
    const path = await written('fetched.nii');
    const { handle, ...description } = await volumes.open(request(path));
    const voxels = encodedVoxels(description.encoding, shape[0] * shape[1] * shape[2]);
    const reader = new FrameReader(voxels, shape[0] * shape[1], () => undefined);
    const first = await volumes.piece(handle);
    assert.ok(first.kind === 'voxels');
    unpackPiece(first.piece, voxels, first.piece.first * shape[0] * shape[1]);
    const offered = offering((onAddress) => volumes.stream(handle, onAddress, never));
    const response = await fetch(await offered.address);
    reader.push(new Uint8Array(await response.arrayBuffer()));
    assert.equal(await offered.sent, true);
    assert.equal((await volumes.piece(handle)).kind, 'end');
    assert.deepEqual(huOf(voxels, description.encoding), (await readVolume(path)).voxels);
    volumes.close(handle);
  });

  it('never end well where the file is damaged, for nobody who waits', async () => {
    // The checksum stands in the last eight bytes: the header, and every voxel, can be read.
    const noise = Array.from({ length: 4096 }, (_, at) => (at * 40503) % 32768);
    const bytes = Buffer.from(niftiFile({ shape: [64, 32, 20], stored: noise }));
    const room = Buffer.concat([bytes, Buffer.alloc(352 + 64 * 32 * 20 * 2 - bytes.length)]);
    const zipped = gzipSync(room, { level: 0 });
    zipped[zipped.length - 8] ^= 1;
    const path = await folder.write('damaged.nii.gz', zipped);
    const volume = await openShownVolume(request(path));
    const answers = await Promise.allSettled([1, 2, 3, 4].map(() => volume.next()));
    for (const answer of answers.slice(1)) {
      assert.equal(answer.status, 'rejected');
      assert.ok(answer.reason instanceof UserError && answer.reason.code === 'volume-gzip');
    }
    await assert.rejects(volume.next(), { code: 'volume-gzip' });
    volume.close();
  });

  describe('that are too large', () => {
    const limits = { mostWhole: 0, mostProxy: 4 * 3 * 5 * 2 };

    it('arrive in larger voxels, with the facts of all and slices in full resolution', async () => {
      for (const name of ['large.nii', 'large.nii.gz']) {
        const path = await written(name);
        const volume = await openShownVolume(request(path), limits);
        const { proxy, header } = volume.description;
        assert.deepEqual(header.shape, shape);
        assert.deepEqual([proxy?.factor, proxy?.header.shape], [2, [4, 3, 5]]);
        const { voxels, end } = await received(volume.description, () => volume.next());
        const read = await readVolume(path);
        assert.deepEqual(end.info, describeVolume(read));
        // The first block is eight voxels; stored ones, so rounded before slope and intercept.
        const block = [0, 1, 7, 8, 42, 43, 49, 50].map((at) => scan.voxels[at]);
        assert.equal(voxels[0], Math.round(block.reduce((sum, value) => sum + value, 0) / 8));
        for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
          assert.deepEqual(await volume.slice(plane, 3, {}), extractSlice(read, plane, 3));
        }
        volume.close();
        assert.equal(await volume.slice('axial', 3, {}), null);
      }
    });

    it('arrive without slices where there is no room for a copy of them', async () => {
      const path = await written('roomless.nii.gz');
      const volume = await openShownVolume(request(path), limits);
      await withFullDisk(async () => {
        const { end } = await received(volume.description, () => volume.next());
        assert.deepEqual(end.info, describeVolume(await readVolume(path)));
      });
      assert.equal(await volume.slice('axial', 3, {}), null);
      volume.close();
    });
  });
});
