import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import type { TransformOptions } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ZlibOptions } from 'node:zlib';
import { UserError, messageOf } from '../errors';
import { sentence } from '../sentence';

/** A file that is there, not empty, and compressed as its name says. */
export interface VolumeFile {
  readonly path: string;
  readonly gzip: boolean;
  /** Size on disk. */
  readonly bytes: number;
  /** When it was last written, ms since 1970. */
  readonly modifiedMs: number;
}

/** Where the header and the voxels of a volume stand; the same file except for pairs. */
export interface VolumePaths {
  readonly header: string;
  readonly voxels: string;
}

const suffix = /\.(nii|hdr|img)(\.gz)?$/i;

/** Voxels of a pair are beside its header, as `.img` beside `.hdr`; either name is accepted. */
export function volumePaths(path: string): VolumePaths {
  const match = suffix.exec(path);
  if (!match) {
    throw new UserError(
      'volume-format',
      sentence`${path} is not named as a NIfTI file.`,
      'NIfTI files end in .nii or .nii.gz (or are a pair of .hdr and .img).',
    );
  }
  const [ending, kind, gz = ''] = match;
  if (kind.toLowerCase() === 'nii') {
    return { header: path, voxels: path };
  }
  const stem = path.slice(0, -ending.length);
  const upper = kind === kind.toUpperCase();
  return {
    header: `${stem}${upper ? '.HDR' : '.hdr'}${gz}`,
    voxels: `${stem}${upper ? '.IMG' : '.img'}${gz}`,
  };
}

/**
 * Looks at a file before it is read. Both the name and both magic bytes must agree on whether it
 * is gzip-compressed, as nibabel has it.
 *
 * @throws UserError `volume-missing`, `volume-empty`, `volume-gzip`.
 */
export async function inspectFile(path: string): Promise<VolumeFile> {
  const { bytes, modifiedMs, magic } = await firstBytes(path);
  const named = /\.gz$/i.test(path);
  const compressed = magic[0] === 0x1f && magic[1] === 0x8b;
  if (bytes === 0) {
    throw new UserError(
      'volume-empty',
      sentence`${path} is empty.`,
      'Copy or download the file again.',
    );
  }
  if (named !== compressed) {
    throw named
      ? new UserError(
          'volume-gzip',
          sentence`${path} is named .gz but is not gzip-compressed.`,
          'Compress it with gzip, or take .gz off its name.',
        )
      : new UserError(
          'volume-gzip',
          sentence`${path} is gzip-compressed but not named .gz.`,
          'Add .gz to its name, or decompress it with gzip -d.',
        );
  }
  return { path, gzip: compressed, bytes, modifiedMs };
}

/**
 * To be asked once all that is needed was read: what was read before a change does not belong to what
 * was read after it, nor to the header. Not by inode, which some network drives make up anew.
 *
 * @throws UserError `volume-changed`, `volume-missing`.
 */
export async function checkUnchanged({ path, bytes, modifiedMs }: VolumeFile): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (found.size !== bytes || found.mtimeMs !== modifiedMs) {
    throw new UserError(
      'volume-changed',
      sentence`${path} was changed while it was read.`,
      'Open it again once it is written.',
    );
  }
}

interface FirstBytes extends Pick<VolumeFile, 'bytes' | 'modifiedMs'> {
  readonly magic: Uint8Array;
}

async function firstBytes(path: string): Promise<FirstBytes> {
  try {
    const found = await stat(path);
    // A pipe would keep who opens it waiting, and a device never ends.
    if (!found.isFile()) {
      const what = found.isDirectory() ? sentence`a folder` : sentence`a pipe or a device`;
      throw new UserError(
        'volume-missing',
        sentence`${path} cannot be read: it is ${what}.`,
        'Give a NIfTI file.',
      );
    }
    const file = await open(path, 'r');
    try {
      const magic = new Uint8Array(2);
      await file.read(magic, 0, 2, 0);
      return { bytes: found.size, modifiedMs: found.mtimeMs, magic };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UserError) {
      throw error;
    }
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UserError {
  return new UserError(
    'volume-missing',
    sentence`${path} cannot be read: ${messageOf(error)}.`,
    'Check that the file exists and that you may read it.',
    error,
  );
}

/** How content is read: in pieces of so many bytes, some of them inflated ahead on another thread. */
export interface Reading {
  readonly pieceBytes: number;
  readonly piecesAhead: number;
}

/** Larger pieces are not read faster. */
export const wholeFile: Reading = { pieceBytes: 1 << 20, piecesAhead: 8 };
/** Of a volume that is passed on while it is read: little is held, and nothing is put together. */
export const passedOn: Reading = { pieceBytes: 1 << 18, piecesAhead: 4 };
/** For who wants a header only. */
export const beginningOnly: Reading = { pieceBytes: 1 << 14, piecesAhead: 1 };

/**
 * The content of a file in pieces, inflated where it is compressed; of one that is not, from the
 * byte `start` on. The loop over it may end early; one that runs to the end of a compressed file has seen its checksum hold, in every member.
 *
 * @throws UserError `volume-gzip` for a damaged or truncated gzip stream, `volume-missing`.
 */
export async function* contentOf(
  file: VolumeFile,
  { pieceBytes, piecesAhead }: Reading,
  start = 0,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = createReadStream(file.path, { highWaterMark: pieceBytes, start });
  const inflating: ZlibOptions & TransformOptions = {
    chunkSize: pieceBytes,
    readableHighWaterMark: piecesAhead * pieceBytes,
  };
  const content = file.gzip ? pipeline(source, createGunzip(inflating), () => undefined) : source;
  try {
    for await (const chunk of content as AsyncIterable<Uint8Array>) {
      yield chunk;
    }
  } catch (error) {
    throw readFailure(file, error);
  } finally {
    content.destroy();
    source.destroy();
  }
}

function readFailure(file: VolumeFile, error: unknown): UserError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(Z_|ERR_)/.test(code)) {
    return new UserError(
      'volume-gzip',
      sentence`${file.path} is damaged: ${messageOf(error)} while inflating it.`,
      'Copy or download the file again, and compare its size or checksum with the source.',
      error,
    );
  }
  return new UserError(
    'volume-missing',
    sentence`${file.path} cannot be read: ${messageOf(error)}.`,
    'Check the disk or the network share it lies on.',
    error,
  );
}
