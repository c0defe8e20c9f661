import { extensionName } from './headerCodes';
import type { HeaderProblem } from './headerChecks';

/** A block that follows the header: what wrote the file keeps its own there. */
export interface HeaderExtension {
  readonly code: number;
  /** What the standard's list of codes calls it, such as `dicom`. */
  readonly name: string;
  /** With the eight bytes of its own head. */
  readonly bytes: number;
  /** Its first byte in the (inflated) file. */
  readonly at: number;
}

/** Extensions further from the header than this are not looked at. */
const mostBytes = 1 << 22;
/** More extensions than this are not listed. */
const mostListed = 100;

/** Where extensions stand: from four bytes after the header up to the voxels or the end of the file. */
export interface ExtensionRoom {
  readonly headerBytes: number;
  /** First byte of the voxels; undefined for a header beside its .img, which ends with its file. */
  readonly voxelsAt?: number;
}

/** How many bytes of the file {@link listExtensions} wants, the header's own included. */
export function bytesWithExtensions(bytes: Uint8Array, room: ExtensionRoom): number {
  const first = room.headerBytes + 4;
  // The first of four bytes after the header says whether there is any extension.
  if (bytes.length < first || bytes[room.headerBytes] === 0) {
    return first;
  }
  return Math.min(Math.max(first, room.voxelsAt ?? Infinity), first + mostBytes);
}

interface Listing {
  readonly extensions: readonly HeaderExtension[];
  readonly problem?: HeaderProblem;
}

/**
 * The extensions after a header, as far as they are sound. `bytes` must hold
 * {@link bytesWithExtensions}, or the whole file where that is shorter.
 */
export function listExtensions(
  bytes: Uint8Array,
  room: ExtensionRoom,
  littleEndian: boolean,
): Listing {
  const first = room.headerBytes + 4;
  const wanted = bytesWithExtensions(bytes, room);
  const end = room.voxelsAt ?? (bytes.length < wanted ? bytes.length : Infinity);
  // As nibabel has it: less than 16 bytes before the voxels are no extension.
  const least = room.voxelsAt === undefined ? 1 : 16;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const extensions: HeaderExtension[] = [];
  for (let at = first; wanted > first && end - at >= least; at += extensions.at(-1)?.bytes ?? 0) {
    if (extensions.length === mostListed || at + 8 > first + mostBytes) {
      return { extensions, problem: more };
    }
    const size = at + 8 > bytes.length ? 0 : view.getInt32(at, littleEndian);
    if (size < 8 || at + size > end) {
      return { extensions, problem: { ...damaged, values: { at } } };
    }
    const code = view.getInt32(at + 4, littleEndian);
    extensions.push({ code, name: extensionName(code), bytes: size, at });
  }
  const isOdd = extensions.some(({ bytes: size }) => size % 16 !== 0);
  return { extensions, ...(isOdd && { problem: oddSize }) };
}

const damaged: HeaderProblem = {
  severity: 30,
  template: 'the header extension at byte {at} is damaged: its size does not fit',
  remedy: 'Extensions are not needed to read the voxels; who needs them must copy the file again.',
};

const oddSize: HeaderProblem = {
  severity: 20,
  template: 'the size of a header extension is no multiple of 16',
  remedy: 'nibabel takes the size as it is, and so do we; other programs may refuse the file.',
};

const more: HeaderProblem = {
  severity: 10,
  template: 'more header extensions follow than are listed',
  remedy: 'They are not needed to read the voxels.',
};

/** All problems of extensions, for translators. */
export const extensionProblems: readonly HeaderProblem[] = [damaged, oddSize, more];
