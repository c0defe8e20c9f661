import type { LongWork } from '../progress';
import { swapBytes, VoxelDecoder } from './voxelDecoder';
import { frameBytes, openContent } from './read';
import type { VolumeContent } from './read';
import { withRescale } from './rescale';
import type { Rescale } from './rescale';
import { passedOn } from './content';
import type { VolumeFile } from './content';
import { hostIsLittleEndian, storedTypeNamed } from './storedTypes';
import { encodingOf, isEncodedType, viewedVoxels } from './voxelEncoding';
import type { EncodedVoxels, VoxelEncoding } from './voxelEncoding';
import type { VolumeHeader } from './types';

/** Whole slices along k, in storage order: voxel (i, j, first + k) at `i + ni * (j + nj * k)`. */
export interface VoxelPiece {
  /** The first slice, from 0. */
  readonly first: number;
  readonly count: number;
  readonly voxels: EncodedVoxels;
}

/** The voxels of a file's first frame as they arrive. */
export interface VoxelPieces {
  readonly file: VolumeFile;
  readonly header: VolumeHeader;
  readonly encoding: VoxelEncoding;
  /**
   * The slices in pieces, every one once. The loop over them fails, at the latest after the last
   * piece, unless the whole file is sound.
   */
  readonly pieces: AsyncGenerator<VoxelPiece, void, undefined>;
  /** Takes the room of a piece for those to come: its voxels are not looked at any more. */
  readonly recycle: (piece: VoxelPiece) => void;
}

/** 32 GiB of 16-bit voxels: no scanner writes as many, and a damaged header soon claims more. */
const maxShownVoxels = 2 ** 34;
/** The first piece is small, so that there is something to look at; the others cost less per byte. */
const firstPieceBytes = 2 ** 20;
const largestPieceBytes = 2 ** 22;

/**
 * Opens a volume to be shown while it is read. A compressed file is read from its beginning; of a
 * plain one the slices around the middle come first.
 *
 * @throws UserError with a code `volume-…`, here or from the loop; CancelledError.
 */
export async function openPieces(
  path: string,
  { rescale = { kind: 'auto' }, ...work }: LongWork & { readonly rescale?: Rescale } = {},
): Promise<VoxelPieces> {
  const read = await openContent(path, maxShownVoxels);
  const content = { ...read, header: withRescale(read.header, rescale) };
  const { header, file } = content;
  const rooms = new Rooms();
  return {
    file,
    header,
    encoding: encodingOf(header),
    pieces: piecesOf(content, rooms, work),
    recycle: ({ voxels }) => {
      rooms.giveBack(voxels.buffer as ArrayBuffer);
    },
  };
}

async function* piecesOf(
  content: VolumeContent,
  rooms: Rooms,
  work: LongWork,
): AsyncGenerator<VoxelPiece, void, undefined> {
  const { header, file } = content;
  const plans = plannedPieces(header, !file.gzip);
  const start = plans.findIndex(({ first }) => first === 0);
  // Runs of pieces that follow each other are read in one go.
  for (const run of [plans.slice(0, start), plans.slice(start)]) {
    if (run.length > 0) {
      yield* consecutivePieces(content, run, rooms, work);
    }
  }
}

interface PlannedPiece {
  readonly first: number;
  readonly count: number;
}

/** Pieces in the order that they are read in; with `middleFirst` those from the middle on lead. */
function plannedPieces({ shape, dtype }: VolumeHeader, middleFirst: boolean): PlannedPiece[] {
  const [ni, nj, nk] = shape;
  const sliceBytes = ni * nj * storedTypeNamed(dtype).bytes;
  const slicesIn = (bytes: number): number => Math.max(1, Math.floor(bytes / sliceBytes));
  const planned: PlannedPiece[] = [];
  let bytes = firstPieceBytes;
  const plan = (from: number, to: number): void => {
    for (let first = from; first < to;) {
      const count = Math.min(slicesIn(bytes), to - first);
      planned.push({ first, count });
      first += count;
      bytes = Math.min(2 * bytes, largestPieceBytes);
    }
  };
  const middle = middleFirst ? Math.max(0, (nk >> 1) - 1) : 0;
  plan(middle, nk);
  plan(0, middle);
  return planned;
}

/** Pieces of which each begins where the one before it ended. */
async function* consecutivePieces(
  content: VolumeContent,
  plans: readonly PlannedPiece[],
  rooms: Rooms,
  work: LongWork,
): AsyncGenerator<VoxelPiece, void, undefined> {
  const { header } = content;
  const sliceVoxels = header.shape[0] * header.shape[1];
  const [{ first }, last] = [plans[0], plans[plans.length - 1]];
  let next = 0;
  let target = collectorOf(header, plans[0].count * sliceVoxels, rooms);
  const range = { from: first, to: last.first + last.count };
  for await (const bytes of frameBytes(content, work, range, passedOn)) {
    let taken = 0;
    while (taken < bytes.length) {
      taken += target.push(bytes.subarray(taken));
      if (target.isFull) {
        yield { ...plans[next], voxels: target.voxels };
        next++;
        if (next < plans.length) {
          target = collectorOf(header, plans[next].count * sliceVoxels, rooms);
        }
      }
    }
  }
}

/** Room for pieces that is used again: new room for each is work for the collector of garbage. */
class Rooms {
  /** More are never waited for: one piece is read while the one before it is sent. */
  private static readonly most = 2;
  private readonly free: ArrayBuffer[] = [];

  take(bytes: number): ArrayBuffer {
    const at = this.free.findIndex(({ byteLength }) => byteLength === bytes);
    return at === -1 ? new ArrayBuffer(bytes) : this.free.splice(at, 1)[0];
  }

  giveBack(room: ArrayBuffer): void {
    this.free.unshift(room);
    this.free.splice(Rooms.most);
  }
}

/** Takes the bytes of voxels until it is full. */
interface Collector {
  readonly voxels: EncodedVoxels;
  readonly isFull: boolean;
  /** Returns how many bytes were taken. */
  push(bytes: Uint8Array): number;
}

function collectorOf(header: VolumeHeader, count: number, rooms: Rooms): Collector {
  return isEncodedType(header.dtype)
    ? new StoredCollector(header, count, rooms)
    : new DecodedCollector(header, count, rooms);
}

/** Voxels that stay as they are stored. */
class StoredCollector implements Collector {
  private readonly bytes: Buffer;
  private filled = 0;
  readonly voxels: EncodedVoxels;

  constructor(
    private readonly header: VolumeHeader,
    count: number,
    rooms: Rooms,
  ) {
    const { bytes } = storedTypeNamed(header.dtype);
    const buffer = rooms.take(count * bytes);
    this.bytes = Buffer.from(buffer);
    this.voxels = viewedVoxels(encodingOf(header), buffer);
  }

  get isFull(): boolean {
    return this.filled === this.bytes.length;
  }

  push(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.bytes.length - this.filled);
    this.bytes.set(bytes.subarray(0, taken), this.filled);
    this.filled += taken;
    if (this.isFull && this.header.littleEndian !== hostIsLittleEndian) {
      swapBytes[storedTypeNamed(this.header.dtype).bytes](this.bytes);
    }
    return taken;
  }
}

/** Voxels that become HU in float32. */
class DecodedCollector implements Collector {
  readonly voxels: Float32Array;
  private readonly decoder: VoxelDecoder;

  constructor(header: VolumeHeader, count: number, rooms: Rooms) {
    this.voxels = new Float32Array(rooms.take(count * Float32Array.BYTES_PER_ELEMENT));
    this.decoder = new VoxelDecoder(header, this.voxels);
  }

  get isFull(): boolean {
    return this.decoder.missingBytes === 0;
  }

  push(bytes: Uint8Array): number {
    return this.decoder.push(bytes);
  }
}
