import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LongWork } from '../core/progress';
import { readSlice } from '../core/volume/sliceFile';
import type { Slice } from '../core/volume/slices';
import { hostIsLittleEndian } from '../core/volume/storedTypes';
import { isOblique } from '../core/volume/displayGrid';
import type { Plane, VolumeHeader } from '../core/volume/types';
import type { VoxelPiece, VoxelPieces } from '../core/volume/voxelPieces';

/**
 * The voxels of a volume that is too large for memory, on disk: the file itself where it is not
 * compressed, else a copy of what was inflated, under a name that is gone as soon as it is open, so
 * that nothing is left however this process ends.
 */
export class SliceStore {
  private readonly arrived: Uint8Array;
  private isUsable = true;

  private constructor(
    private readonly handle: FileHandle,
    private readonly offset: number,
    /** As the voxels stand in the file: a copy is in this machine's order and the viewer's encoding. */
    private readonly header: VolumeHeader,
    private readonly isCopy: boolean,
    private readonly removal: () => Promise<void>,
  ) {
    this.arrived = new Uint8Array(header.shape[2]);
  }

  /**
   * Undefined where slices cannot be had: an oblique volume is drawn between its voxels, and there
   * may be no place for a copy.
   */
  static async of(source: VoxelPieces): Promise<SliceStore | undefined> {
    const { header, encoding, file } = source;
    if (isOblique(header)) {
      return undefined;
    }
    if (!file.gzip) {
      const handle = await open(file.path, 'r');
      return new SliceStore(handle, header.dataOffset, header, false, () => Promise.resolve());
    }
    const copy = join(tmpdir(), `ct-mcqa-${randomUUID()}`);
    const handle = await open(copy, 'wx+', 0o600).catch(() => undefined);
    if (handle === undefined) {
      return undefined;
    }
    // Windows keeps the name until the file is closed.
    const isGone = await unlink(copy).then(
      () => true,
      () => false,
    );
    const { type: dtype, slope, intercept } = encoding;
    const stored = { ...header, dtype, slope, intercept, littleEndian: hostIsLittleEndian };
    const removal = (): Promise<void> =>
      isGone ? Promise.resolve() : unlink(copy).catch(() => undefined);
    return new SliceStore(handle, 0, stored, true, removal);
  }

  /** Takes in what was read. Without room on the disk the volume is shown by its proxy alone. */
  async push({ first, count, voxels }: VoxelPiece): Promise<void> {
    if (this.isCopy && this.isUsable) {
      const [ni, nj] = this.header.shape;
      const bytes = Buffer.from(voxels.buffer, voxels.byteOffset, voxels.byteLength);
      const position = first * ni * nj * voxels.BYTES_PER_ELEMENT;
      try {
        await writeAll(this.handle, bytes, position);
      } catch {
        this.isUsable = false;
        await this.handle.truncate(0).catch(() => undefined);
      }
    }
    this.arrived.fill(1, first, first + count);
  }

  async slice(plane: Plane, index: number, work: LongWork): Promise<Slice | null> {
    if (!this.isUsable || (this.isCopy && this.arrived.includes(0))) {
      return null;
    }
    const { handle, offset, header } = this;
    return readSlice({ handle, offset, header }, plane, index, work);
  }

  dispose(): void {
    this.isUsable = false;
    this.handle
      .close()
      .then(this.removal)
      .catch(() => undefined);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(
      bytes,
      written,
      bytes.length - written,
      position + written,
    );
    written += bytesWritten;
  }
}
