import { UserError } from '../../core/errors';
import { displayGrid, type DisplayGrid } from '../../core/volume/displayGrid';
import { inverseAffine, productOf } from '../../core/volume/affine';
import { proxyToVolume } from '../../core/volume/proxy';
import { FrameReader, type FramedSlices } from '../../core/volume/voxelFrames';
import type { VoxelField } from '../../core/volume/voxelField';
import { unpackPiece, type CodedPiece } from '../../core/volume/voxelCodec';
import { encodedVoxels } from '../../core/volume/voxelEncoding';
import type { VolumePieceAnswer } from '../../protocol/messages';
import type { VolumeFindings } from '../../core/volume/describe';
import type { PreviewVolume, VolumeSource } from '../../protocol/preview';
import { PageError } from './pageError';

/** What the feed asks of the host. */
export interface FeedHost {
  open(source: VolumeSource, again: boolean): Promise<PreviewVolume>;
  piece(source: VolumeSource): Promise<VolumePieceAnswer>;
  /** The bytes of the frames of all pieces that are still to come; null where messages are the way. */
  stream(source: VolumeSource, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
}

export interface FeedEvents {
  /** The header is there; voxels arrive from now on. */
  readonly onVolume: (volume: PreviewVolume) => void;
  readonly onPiece: (share: number) => void;
  readonly onWhole: (findings: VolumeFindings) => void;
  readonly onError: (thrown: unknown) => void;
}

/** Pieces asked for at a time: one is read while others are on the way. */
const piecesAhead = 3;

/** After these another opening may do: the worker no longer knows the volume, or it is another one. */
const lostCodes = new Set(['volume-not-open', 'volume-changed', 'worker-ended', 'worker-stopped']);

/** Not all slices of a volume have come, though the worker found nothing wrong with it. */
class ShortVolume extends PageError {
  constructor(cause?: unknown) {
    super('volume-short', [], cause);
  }
}

/** Brings one volume into the page, piece by piece. */
export class VolumeFeed {
  /** Raised by every opening: what belongs to an earlier one is dropped. */
  private opening = 0;
  private filling: Filling | undefined;
  private streaming = new AbortController();
  /** Until a connection breaks, or there is none. */
  private mayStream = true;
  volume: PreviewVolume | undefined;
  findings: VolumeFindings | undefined;

  constructor(
    readonly source: VolumeSource,
    private readonly host: FeedHost,
    private readonly events: FeedEvents,
  ) {}

  /** What has arrived; undefined before the header. */
  get field(): VoxelField | undefined {
    return this.filling?.field;
  }

  get bytes(): number {
    return this.filling?.field.voxels.byteLength ?? 0;
  }

  /** Whether no voxels are here: not yet, or let go. */
  get isEmpty(): boolean {
    return this.filling === undefined;
  }

  /** Reads the volume; with `again` as its file is now. */
  async open(again: boolean): Promise<void> {
    let opening = this.supersede();
    try {
      await this.read(opening, again).catch(async (error: unknown) => {
        if (this.isOver(opening) || !this.isWorthAnother(error)) {
          throw error;
        }
        // Once, and by messages: what breaks connections, or a worker, does so again. What else was
        // asked is dropped.
        this.mayStream = false;
        opening = this.supersede();
        await this.read(opening, true);
      });
    } catch (error) {
      if (!this.isOver(opening)) {
        this.letGo();
        this.events.onError(error);
      }
    }
  }

  /** Lets the voxels go; what is under way is dropped. */
  letGo(): void {
    this.supersede();
    this.filling = undefined;
    this.findings = undefined;
  }

  /** What is under way belongs to no opening any more. */
  private supersede(): number {
    this.streaming.abort();
    this.streaming = new AbortController();
    return ++this.opening;
  }

  /** Whether another opening, or none, counts by now. */
  private isOver(opening: number): boolean {
    return opening !== this.opening;
  }

  private isWorthAnother(error: unknown): boolean {
    return error instanceof ShortVolume
      ? this.mayStream
      : error instanceof UserError && lostCodes.has(error.code);
  }

  private async read(opening: number, again: boolean): Promise<void> {
    const volume = await this.host.open(this.source, again);
    if (this.isOver(opening)) {
      return;
    }
    const filling = new Filling(volume);
    this.volume = volume;
    this.filling = filling;
    this.findings = undefined;
    this.events.onVolume(volume);
    // The first alone: what reads ahead would compete with the first picture for the machine.
    await this.pullOne(opening, filling);
    if (this.isOver(opening)) {
      return;
    }
    if (this.mayStream && filling.share < 1) {
      await this.pullStream(opening, filling);
    }
    if (this.isOver(opening)) {
      return;
    }
    const lanes = Array.from({ length: piecesAhead }, () => this.pull(opening, filling));
    // Each hears of the end, once the pieces that it asked for are there.
    const [findings] = await Promise.all(lanes);
    if (findings !== undefined && !this.isOver(opening)) {
      if (filling.share < 1) {
        // Never shown as if it were anatomy.
        throw new ShortVolume();
      }
      filling.finish();
      this.findings = findings;
      this.events.onWhole(findings);
    }
  }

  /** Takes in what comes by a connection, where there is one: then only the end is left to ask for. */
  private async pullStream(opening: number, filling: Filling): Promise<void> {
    const { signal } = this.streaming;
    try {
      const stream = await this.host.stream(this.source, signal);
      if (stream === null) {
        this.mayStream &&= this.isOver(opening);
        return;
      }
      await this.takeFrames(stream, opening, filling);
    } catch (error) {
      if (this.isOver(opening)) {
        return;
      }
      // Where the volume is what is wrong, or the worker, it says so now.
      await this.pullOne(opening, filling);
      throw new ShortVolume(error);
    }
  }

  private async takeFrames(
    stream: AsyncIterable<Uint8Array>,
    opening: number,
    filling: Filling,
  ): Promise<void> {
    const reader = filling.reader(() => {
      this.events.onPiece(filling.share);
    });
    for await (const bytes of stream) {
      if (this.isOver(opening)) {
        return;
      }
      reader.push(bytes);
    }
    if (!reader.isBetweenFrames) {
      throw new RangeError('The connection ended within a piece.');
    }
  }

  /** Asks for one piece after the other until there are no more; undefined where that is too late. */
  private async pull(opening: number, filling: Filling): Promise<VolumeFindings | undefined> {
    for (;;) {
      const answer = await this.pullOne(opening, filling);
      if (answer?.kind !== 'voxels') {
        return answer && { info: answer.info, hu: answer.hu, notes: answer.notes };
      }
    }
  }

  /** Takes the next piece in; undefined where that is too late. */
  private async pullOne(opening: number, filling: Filling): Promise<VolumePieceAnswer | undefined> {
    const answer = await this.host.piece(this.source);
    if (this.isOver(opening)) {
      return undefined;
    }
    if (answer.kind === 'voxels') {
      filling.add(answer.piece);
      this.events.onPiece(filling.share);
    }
    return answer;
  }
}

/** A volume while it arrives. */
class Filling {
  private readonly arrived: Uint8Array;
  private arrivedSlices = 0;
  field: VoxelField;

  constructor(volume: PreviewVolume) {
    const { header, encoding, proxy } = volume;
    const { shape } = proxy?.header ?? header;
    this.arrived = new Uint8Array(shape[2]);
    this.field = {
      grid: gridOf(volume),
      shape,
      voxels: roomFor(volume),
      encoding,
      arrived: this.arrived,
      takesNearest: proxy !== undefined,
    };
  }

  get share(): number {
    return this.arrivedSlices / this.arrived.length;
  }

  add(piece: CodedPiece): void {
    const { shape, voxels } = this.field;
    unpackPiece(piece, voxels, piece.first * shape[0] * shape[1]);
    free(piece);
    this.note(piece);
  }

  /** Takes in what a connection brings. */
  reader(onSlices: () => void): FrameReader {
    const { shape, voxels } = this.field;
    return new FrameReader(voxels, shape[0] * shape[1], (slices) => {
      this.note(slices);
      onSlices();
    });
  }

  private note({ first, count }: FramedSlices): void {
    // A slice of a proxy may come twice, the second time for good.
    const known = this.arrived.subarray(first, first + count).filter((slice) => slice === 1).length;
    this.arrived.fill(1, first, first + count);
    this.arrivedSlices += count - known;
  }

  finish(): void {
    const { grid, shape, voxels, encoding, takesNearest } = this.field;
    this.field = { grid, shape, voxels, encoding, ...(takesNearest && { takesNearest }) };
  }
}

/** Frees what a piece came in: the garbage collector comes late where hundreds of megabytes arrive. */
function free({ voxels }: CodedPiece): void {
  const { buffer } = 'words' in voxels ? voxels.words : voxels;
  // Pages have it; Node 20, in which tests run, does not.
  (buffer as { transfer?: (bytes: number) => unknown }).transfer?.(0);
}

/** Room for all voxels. @throws PageError `volume-page-memory` */
function roomFor({ header, encoding, proxy }: PreviewVolume): VoxelField['voxels'] {
  const [ni, nj, nk] = (proxy?.header ?? header).shape;
  try {
    return encodedVoxels(encoding, ni * nj * nk);
  } catch (error) {
    throw new PageError('volume-page-memory', [ni, nj, nk], error);
  }
}

/** The grid of the volume itself; for a proxy, how it leads to the proxy's voxels. */
function gridOf({ header, proxy }: PreviewVolume): DisplayGrid {
  const grid = displayGrid(header);
  if (proxy === undefined) {
    return grid;
  }
  // Not by way of the world, which a singular affine does not know.
  const toProxy = inverseAffine(proxyToVolume(proxy.factor));
  return { ...grid, toStorage: productOf(toProxy, grid.toStorage), isAligned: false };
}
