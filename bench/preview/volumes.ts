/** The files that are opened, made once into a folder outside the project. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { writePhantom } from '../../test/host/inside/phantom';
import type { HuAt } from './checkPicture';
import { scan, writeScan } from '../preprocessing/scan';

const folder = join(tmpdir(), 'ct-mcqa-bench');

/** With them the scan takes about as much disk as a real one without empty corners, 105 to 115 MB. */
const grain = { noiseHu: 50, isRound: false };
const headerBytes = 352;

/** A volume file whose stored values are HU and whose axes already run as axial pictures do. */
export interface BenchVolume {
  readonly path: string;
  /** Columns, rows, slices; the lowest slice first. */
  readonly shape: readonly [number, number, number];
  readonly fileBytes: number;
  /** Stored values, 16 bits a voxel. */
  readonly voxelBytes: number;
}

/** The thin-slice chest CT, 512 x 512 x 320. */
export async function scanVolume(): Promise<BenchVolume> {
  const path = await made('scan-bench.nii.gz', (part) => writeScan(part, grain));
  return described(path, scan.shape);
}

/** 60 x 50 x 40 voxels, for what an open costs apart from its voxels. */
export async function smallVolume(): Promise<BenchVolume> {
  return described(await made('small-bench.nii.gz', writePhantom), [60, 50, 40]);
}

/** Makes `name` in the cache folder unless it is there, and gives its path. */
export async function made(name: string, write: (part: string) => Promise<void>): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  if (!existsSync(path)) {
    process.stdout.write(`Making ${path} …\n`);
    // Ends as the file does: what writes looks at the name.
    const part = join(folder, `part-${name}`);
    await rm(part, { force: true });
    await write(part);
    await rename(part, path);
  }
  return path;
}

export async function described(
  path: string,
  shape: readonly [number, number, number],
): Promise<BenchVolume> {
  const { size } = await stat(path);
  return { path, shape, fileBytes: size, voxelBytes: 2 * shape[0] * shape[1] * shape[2] };
}

/** Whether the cache folder has room for so many bytes more. */
export async function hasRoomFor(bytes: number): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > bytes;
}

/** What a compressed volume holds, read whole. */
export async function storedHu({ path, shape }: BenchVolume): Promise<HuAt> {
  const bytes = await promisify(gunzip)(await readFile(path));
  const hu = new Int16Array(
    bytes.buffer,
    bytes.byteOffset + headerBytes,
    (bytes.length - headerBytes) / 2,
  );
  const [columns, rows] = shape;
  return (column, row, slice) => hu[column + columns * (row + rows * slice)];
}
