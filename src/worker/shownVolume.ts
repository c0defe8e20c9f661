import type { LongWork } from '../core/progress';
import { volumeFindings, type VolumeFindings } from '../core/volume/describe';
import { ProxyBuilder, proxyHeader, proxyPlan } from '../core/volume/proxy';
import type { Slice } from '../core/volume/slices';
import type { Plane, VolumeHeader } from '../core/volume/types';
import type { VoxelEncoding } from '../core/volume/voxelEncoding';
import type { Rescale } from '../core/volume/rescale';
import { openPieces, type VoxelPiece } from '../core/volume/voxelPieces';
import { VoxelTally } from '../core/volume/voxelTally';
import type { VolumeDescription } from '../protocol/messages';
import { SliceStore } from './sliceStore';

/** The next piece, or what was found out once there are no more. */
export type ShownPiece =
  | { readonly kind: 'voxels'; readonly piece: VoxelPiece }
  | (VolumeFindings & { readonly kind: 'end' });

/** A volume on its way to a viewer. */
export interface ShownVolume {
  readonly description: VolumeDescription;
  /** Who asks while another is waiting waits for its turn. */
  next(): Promise<ShownPiece>;
  /** A piece that {@link next} gave is not looked at any more. */
  recycle(piece: VoxelPiece): void;
  /** One slice in full resolution; null where it has not been read yet, or cannot be kept. */
  slice(plane: Plane, index: number, work: LongWork): Promise<Slice | null>;
  /** Stops reading and lets everything go. */
  close(): void;
}

/** Reads a file's header and prepares its voxels. @throws UserError with a code `volume-…` */
export async function openShownVolume(
  { path, rescale }: { readonly path: string; readonly rescale: Rescale },
  limits?: { readonly mostWhole: number; readonly mostProxy: number },
): Promise<ShownVolume> {
  const closing = new AbortController();
  const source = await openPieces(path, { rescale, signal: closing.signal });
  const { header, encoding } = source;
  const proxy = proxyPlan(header, encoding, limits?.mostWhole, limits?.mostProxy);
  const tally = new VoxelTally(source);
  const store = proxy && (await SliceStore.of(source));
  async function* passing(): AsyncGenerator<VoxelPiece, void, undefined> {
    for await (const piece of source.pieces) {
      tally.push(piece);
      await store?.push(piece);
      yield piece;
    }
  }
  const builder = proxy && new ProxyBuilder(header, encoding, proxy);
  const pieces = builder === undefined ? passing() : reduced(passing(), builder, source.recycle);
  let failed: Promise<unknown> | undefined;
  return {
    description: {
      header,
      encoding,
      ...(proxy && { proxy: { factor: proxy.factor, header: proxyHeader(header, proxy) } }),
    },
    async next() {
      const step = pieces.next();
      step.catch(() => {
        failed ??= step;
      });
      const { done, value } = await step;
      if (done !== true) {
        return { kind: 'voxels', piece: value };
      }
      // A loop that failed gives no more either, which is not the end of the volume.
      await failed;
      return endOf(header, tally);
    },
    recycle: (piece) => {
      if (builder === undefined) {
        source.recycle(piece);
      }
    },
    slice: (plane, index, work) => store?.slice(plane, index, work) ?? Promise.resolve(null),
    close() {
      closing.abort();
      // What is being read fails on the next look at the signal; nobody waits for it.
      pieces.return().catch(() => undefined);
      store?.dispose();
    },
  };
}

function endOf(header: VolumeHeader, tally: VoxelTally): ShownPiece {
  return { kind: 'end', ...volumeFindings(header, tally.range(), tally.judge()) };
}

/** The pieces of a proxy while those of its volume pass by. */
async function* reduced(
  pieces: AsyncIterable<VoxelPiece>,
  builder: ProxyBuilder,
  recycle: (piece: VoxelPiece) => void,
): AsyncGenerator<VoxelPiece, void, undefined> {
  for await (const piece of pieces) {
    yield* builder.push(piece);
    recycle(piece);
  }
  yield* builder.end();
}

/** A volume that is in memory already, such as what a model sees of one. */
export function shownFromMemory(
  header: VolumeHeader,
  encoding: VoxelEncoding,
  piece: VoxelPiece,
): ShownVolume {
  const tally = new VoxelTally({ header, encoding });
  let isGiven = false;
  return {
    description: { header, encoding },
    next: () => {
      if (isGiven) {
        return Promise.resolve(endOf(header, tally));
      }
      isGiven = true;
      tally.push(piece);
      return Promise.resolve({ kind: 'voxels', piece });
    },
    recycle: () => undefined,
    slice: () => Promise.resolve(null),
    close: () => undefined,
  };
}
