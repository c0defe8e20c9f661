import { UserError, throwIfCancelled } from '../errors';
import type { LongWork } from '../progress';
import { contentOf, inspectFile, volumePaths } from './content';
import type { VolumeFile } from './content';
import { headerBytes, parseHeader } from './header';
import { judgeHu } from './hu';
import { storedTypeNamed } from './storedTypes';
import type { Volume, VolumeHeader } from './types';
import { VoxelDecoder } from './voxelDecoder';

/** The largest volume we take into memory: 1024 x 1024 x 1024 voxels, 4 GiB as HU. */
const maxVoxels = 2 ** 30;
/** Deflate cannot compress further than this (zlib's documentation: 1032 to 1). */
const maxInflation = 1032;
/** What a file may hold past the voxels that its header announces before we stop inflating it. */
const maxTrailingBytes = 2 ** 26;
const progressBytes = 2 ** 24;

/**
 * What the header says, checked as nibabel checks it. Reads (and inflates) only the beginning.
 *
 * @throws UserError with a code `volume-…` for a file that nibabel refuses too.
 */
export async function readVolumeHeader(path: string): Promise<VolumeHeader> {
  const file = await inspectFile(volumePaths(path).header);
  return parseHeader(await beginningOf(file), file.path);
}

/**
 * All voxels of the first frame as HU, storage order kept. Size and plausibility are known from
 * the header before anything else is inflated, memory is the HU alone, and nothing is returned
 * unless the whole file is sound: length, and for gzip every checksum.
 *
 * @throws UserError with a code `volume-…`; CancelledError.
 */
export async function readVolume(path: string, work: LongWork = {}): Promise<Volume> {
  const header = await readVolumeHeader(path);
  const file = await inspectFile(volumePaths(path).voxels);
  const lastByte = checkedLength(header, file);
  const decoder = new VoxelDecoder(header);
  const frameBytes = decoder.missingBytes;
  let position = 0;
  let reported = 0;
  for await (const chunk of contentOf(file)) {
    throwIfCancelled(work.signal);
    if (position + chunk.length > header.dataOffset) {
      decoder.push(chunk.subarray(Math.max(0, header.dataOffset - position)));
    }
    position += chunk.length;
    if (position - reported >= progressBytes) {
      reported = position;
      const done = Math.min(frameBytes, Math.max(0, position - header.dataOffset));
      work.onProgress?.({ stage: 'Reading the volume', done, total: frameBytes });
    }
    if (decoder.missingBytes === 0 && !file.gzip) {
      break;
    }
    if (position > lastByte + maxTrailingBytes) {
      throw tooLong(file.path);
    }
  }
  // The second: a plain file that was cut since its length was looked at.
  if ((file.gzip && position < lastByte) || decoder.missingBytes > 0) {
    throw truncated(file.path, lastByte, position);
  }
  return { header, voxels: decoder.voxels, huSource: judgeHu(decoder.voxels, header).source };
}

async function beginningOf(file: VolumeFile): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of contentOf(file)) {
    pieces.push(chunk);
    length += chunk.length;
    if (length >= headerBytes) {
      break;
    }
  }
  return new Uint8Array(Buffer.concat(pieces).subarray(0, headerBytes));
}

/** The byte after the last voxel of the last frame; refuses what cannot be there or cannot fit. */
function checkedLength(header: VolumeHeader, file: VolumeFile): number {
  const [ni, nj, nk] = header.shape;
  const voxels = ni * nj * nk;
  if (voxels > maxVoxels) {
    throw new UserError(
      'volume-too-large',
      `${file.path} claims ${ni} x ${nj} x ${nk} voxels, more than the ${maxVoxels} we can hold.`,
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
  const rest = found === undefined ? 'is far too short to hold them' : `holds ${found}`;
  return new UserError(
    'volume-truncated',
    `${path} is truncated: its header announces ${expected} bytes, the file ${rest}.`,
    'Copy or download the file again.',
  );
}

function tooLong(path: string): UserError {
  return new UserError(
    'volume-too-long',
    `${path} inflates to far more than its header announces.`,
    'The file is damaged or malicious; get it again from its source.',
  );
}
