import { basename } from 'node:path';
import { throwIfCancelled } from '../errors';
import type { LongWork } from '../progress';
import { inspectFile, volumePaths } from './content';
import { headerBytes } from './header';
import { bytesToDescribe, describeHeader } from './headerFields';
import type { HeaderDescription } from './headerDescription';
import { beginningOf } from './read';

/** The largest header, and the four bytes after it that say whether extensions follow. */
const firstLook = headerBytes + 4;

/**
 * All fields of the header of a volume (of its .hdr where that stands apart) and what is wrong with
 * them, for files too that cannot be opened as a volume. Reads and inflates only the beginning.
 *
 * @throws UserError `volume-missing`, `volume-empty`, `volume-gzip`, `volume-format` where no whole
 * header can be read; CancelledError.
 */
export async function readHeaderDescription(
  path: string,
  { signal }: LongWork = {},
): Promise<HeaderDescription> {
  throwIfCancelled(signal);
  const file = await inspectFile(volumePaths(path).header);
  const name = basename(file.path);
  const beginning = await beginningOf(file, firstLook);
  throwIfCancelled(signal);
  const wanted = bytesToDescribe(beginning, name);
  const bytes = wanted > beginning.length ? await beginningOf(file, wanted) : beginning;
  throwIfCancelled(signal);
  return describeHeader(bytes, name);
}
