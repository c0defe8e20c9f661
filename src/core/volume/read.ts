import { UserError, throwIfCancelled } from '../errors';
import { sentence } from '../sentence';
import type { LongWork } from '../progress';
import {
  beginningOnly,
  checkUnchanged,
  contentOf,
  inspectFile,
  volumePaths,
  wholeFile,
} from './content';
import type { Reading, VolumeFile } from './content';
import { headerBytes, parseHeader } from './header';
import { judgeHu } from './hu';
import { fileRescale, withRescale } from './rescale';
import type { Rescale } from './rescale';
import { storedTypeNamed } from './storedTypes';
import type { SliceSource } from './tensorPlan';
import type { Volume, VolumeHeader } from './types';
import { allocateVoxels, VoxelDecoder } from './voxelDecoder';

/** The largest volume we take into memory: 1024 x 1024 x 1024 voxels, 4 GiB as HU. */
const maxVoxels = 2 ** 30;
/** Deflate cannot compress further than this (zlib's documentation: 1032 to 1). */
const maxInflation = 1032;
/** What a file may hold past the voxels that its header announces before we stop inflating it. */
const maxTrailingBytes = 2 ** 26;
const progressBytes = 2 ** 24;

/** How a volume is read: slope and intercept are those of the file unless something else is asked for. */
export interface ReadOptions extends LongWork {
  readonly rescale?: Rescale;
}

/**
 * What the header says, checked as nibabel checks it, with the slope and intercept that are applied.
 * Reads (and inflates) only the beginning.
 *
 * @throws UserError with a code `volume-…` for a file that nibabel refuses too.
 */
export async function readVolumeHeader(
  path: string,
  { rescale = fileRescale }: Pick<ReadOptions, 'rescale'> = {},
): Promise<VolumeHeader> {
  const file = await inspectFile(volumePaths(path).header);
  return withRescale(await parseHeader(await beginningOf(file), file.path), rescale);
}

/**
 * All voxels of the first frame as HU, storage order kept. Size and plausibility are known from
 * the header before anything else is inflated, memory is the HU alone, and nothing is returned
 * unless the whole file is sound: length, and for gzip every checksum.
 *
 * @throws UserError with a code `volume-…`; CancelledError.
 */
export async function readVolume(
  path: string,
  { rescale = fileRescale, ...work }: ReadOptions = {},
): Promise<Volume> {
  const content = await openContent(path);
  const header = withRescale(content.header, rescale);
  const voxels = allocateVoxels(header);
  const decoder = new VoxelDecoder(header, voxels);
  for await (const bytes of frameBytes(content, work)) {
    decoder.push(bytes);
  }
  return { header, voxels, huSource: judgeHu(voxels, header).source };
}

/**
 * The slices of the first frame while they are read, for work that needs no more than two at a time. The loop over them fails, at the latest after the last slice, unless the whole file is
 * sound; what was made of them must not be kept then.
 *
 * @throws UserError with a code `volume-…`, here or from the loop; CancelledError.
 */
export async function openSlices(
  path: string,
  { rescale = fileRescale, ...work }: ReadOptions = {},
): Promise<SliceSource> {
  const read = await openContent(path);
  const content = { ...read, header: withRescale(read.header, rescale) };
  return { header: content.header, slices: (valueOf) => decodedSlices(content, valueOf, work) };
}

async function* decodedSlices(
  content: VolumeContent,
  valueOf: (hu: number) => number,
  work: LongWork,
): AsyncGenerator<Float32Array, void, undefined> {
  const [ni, nj] = content.header.shape;
  let slice = new Float32Array(ni * nj);
  let previous = new Float32Array(ni * nj);
  const decoder = new VoxelDecoder(content.header, slice, valueOf);
  for await (const bytes of frameBytes(content, work)) {
    let taken = 0;
    while (taken < bytes.length) {
      taken += decoder.push(bytes.subarray(taken));
      if (decoder.missingBytes === 0) {
        yield slice;
        [slice, previous] = [previous, slice];
        decoder.begin(slice);
      }
    }
  }
}

/** A file whose header says that its voxels can be there and can be held. */
export interface VolumeContent {
  readonly header: VolumeHeader;
  readonly file: VolumeFile;
  /** The byte after the last voxel of the last frame. */
  readonly lastByte: number;
}

/**
 * Looks at a file of at most `most` voxels.
 *
 * @throws UserError with a code `volume-…` for a file that cannot hold what its header announces.
 */
export async function openContent(path: string, most = maxVoxels): Promise<VolumeContent> {
  // Before the header: what changes from here on is found out in the end.
  const file = await inspectFile(volumePaths(path).voxels);
  const header = await readVolumeHeader(path);
  return { header, file, lastByte: checkedLength(header, file, most) };
}

/** Slices `from` to `to - 1` along k. */
export interface SliceRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The bytes of the first frame in pieces, or of some of its slices where the file is not compressed.
 * When the loop over the whole frame ends, the whole file is sound.
 */
export async function* frameBytes(
  { header, file, lastByte }: VolumeContent,
  work: LongWork,
  { from, to }: SliceRange = { from: 0, to: header.shape[2] },
  reading: Reading = wholeFile,
): AsyncGenerator<Uint8Array, void, undefined> {
  const frame = (lastByte - header.dataOffset) / header.frames;
  const first = header.dataOffset + (frame / header.shape[2]) * from;
  const frameEnd = header.dataOffset + (frame / header.shape[2]) * to;
  let position = file.gzip ? 0 : first;
  let reported = position;
  for await (const chunk of contentOf(file, reading, position)) {
    throwIfCancelled(work.signal);
    const wanted = chunk.subarray(Math.max(0, first - position), Math.max(0, frameEnd - position));
    position += chunk.length;
    if (wanted.length > 0) {
      yield wanted;
    }
    if (position - reported >= progressBytes) {
      reported = position;
      const done = Math.min(frameEnd, Math.max(first, position)) - first;
      work.onProgress?.({ stage: 'Reading the volume', done, total: frameEnd - first });
    }
    if (position >= frameEnd && !file.gzip) {
      break;
    }
    if (position > lastByte + maxTrailingBytes) {
      throw tooLong(file.path);
    }
  }
  // The second: a plain file that was cut since its length was looked at.
  if ((file.gzip && position < lastByte) || position < frameEnd) {
    throw truncated(file.path, lastByte, position);
  }
  await checkUnchanged(file);
}

/** The first bytes of a file's content; fewer where it is shorter. */
export async function beginningOf(file: VolumeFile, wanted = headerBytes): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of contentOf(file, beginningOnly)) {
    pieces.push(chunk);
    length += chunk.length;
    if (length >= wanted) {
      break;
    }
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, wanted));
}

/** The byte after the last voxel of the last frame; refuses what cannot be there or cannot fit. */
function checkedLength(header: VolumeHeader, file: VolumeFile, mostVoxels: number): number {
  const [ni, nj, nk] = header.shape;
  const voxels = ni * nj * nk;
  if (voxels > mostVoxels) {
    throw new UserError(
      'volume-too-large',
      sentence`${file.path} claims ${ni} x ${nj} x ${nk} voxels, more than the ${mostVoxels} we can hold.`,
      'If that size is right, crop or resample the volume first.',
    );
  }
  const lastByte = header.dataOffset + voxels * header.frames * storedTypeNamed(header.dtype).bytes;
  const most = file.gzip ? file.bytes * maxInflation : file.bytes;
  if (lastByte > most) {
    throw truncated(file.path, lastByte, file.gzip ? undefined : file.bytes);
  }
  return lastByte;
}

function truncated(path: string, expected: number, found: number | undefined): UserError {
  const rest =
    found === undefined ? sentence`is far too short to hold them` : sentence`holds ${found}`;
  return new UserError(
    'volume-truncated',
    sentence`${path} is truncated: its header announces ${expected} bytes, the file ${rest}.`,
    'Copy or download the file again.',
  );
}

function tooLong(path: string): UserError {
  return new UserError(
    'volume-too-long',
    sentence`${path} inflates to far more than its header announces.`,
    'The file is damaged or malicious; get it again from its source.',
  );
}
