import { join } from 'node:path';
import { throwIfCancelled, UserError } from '../errors';
import type { LongWork } from '../progress';
import { writeFileAtomically } from '../storage/atomicFile';
import { writeVolume } from '../volume/write';
import { plannedVolumes } from './cohort';
import type { PlannedVolume } from './cohort';
import { renderVolume } from './render';
import type { GridSize } from './render';
import { csv, tables } from './tables';

export interface SampleOptions {
  /** Number of files; default 64. */
  readonly volumes?: number;
  /** Voxels along z, y, x; default 48 x 96 x 96. */
  readonly size?: GridSize;
  readonly seed?: number;
}

export interface SampleSummary {
  readonly volumes: number;
  readonly scans: number;
  readonly patients: number;
  /** Label -> number of volumes that show it. */
  readonly findings: Readonly<Record<string, number>>;
}

/** Coarser grids show no lung, finer ones than CT's are not worth their memory. */
const sizeLimits = { smallest: 16, largest: 1024 } as const;

/**
 * Writes a corpus of chest phantoms in CT-RATE's layout: `images/train/train_1/train_1_a/
 * train_1_a_1.nii.gz` (int16 HU, axes LPS), reports.csv, metadata.csv and labels.csv. The same options
 * give the same bytes; a larger corpus of the same seed begins with the smaller one. The tables
 * come last: a cancelled corpus has whole volumes and no table that promises missing ones.
 *
 * @throws UserError `sample-options`
 */
export async function writeSampleCorpus(
  folder: string,
  options: SampleOptions = {},
  work: LongWork = {},
): Promise<SampleSummary> {
  const { volumes = 64, size = [48, 96, 96], seed = 0 } = options;
  checkOptions(volumes, size, seed);
  const planned = [...plannedVolumes(seed, volumes)];
  await writeVolumes(join(folder, 'images'), planned, size, work);
  throwIfCancelled(work.signal);
  for (const { fileName, columns, row } of tables) {
    const rows = planned.map((volume) => row(volume, size));
    await writeFileAtomically(join(folder, fileName), csv([columns, ...rows]));
  }
  return summarise(planned);
}

async function writeVolumes(
  imagesFolder: string,
  planned: readonly PlannedVolume[],
  size: GridSize,
  { onProgress, signal }: LongWork,
): Promise<void> {
  // One file is compressed in zlib's thread while the next is drawn in this one.
  let writing = Promise.resolve();
  try {
    for (const [done, volume] of planned.entries()) {
      throwIfCancelled(signal);
      onProgress?.({ stage: 'Drawing volumes', done, total: planned.length, detail: volume.name });
      const content = renderVolume(volume, size);
      await writing;
      writing = writeVolume(join(imagesFolder, pathOf(volume)), content);
    }
  } finally {
    await writing;
  }
  onProgress?.({ stage: 'Drawing volumes', done: planned.length, total: planned.length });
}

/** CT-RATE's folders: split, patient, scan, file. */
function pathOf({ name, scan }: PlannedVolume): string {
  const patient = `train_${scan.patientNumber}`;
  return join('train', patient, `${patient}_${scan.letter}`, `${name}.nii.gz`);
}

function summarise(planned: readonly PlannedVolume[]): SampleSummary {
  const findings: Record<string, number> = {};
  for (const { kind } of planned.flatMap(({ scan }) => scan.findings)) {
    findings[kind.label] = (findings[kind.label] ?? 0) + 1;
  }
  return {
    volumes: planned.length,
    scans: new Set(planned.map(({ scan }) => scan)).size,
    patients: new Set(planned.map(({ scan }) => scan.patientNumber)).size,
    findings,
  };
}

function checkOptions(volumes: number, size: GridSize, seed: number): void {
  const { smallest, largest } = sizeLimits;
  if (!Number.isInteger(volumes) || volumes < 1) {
    throw new UserError(
      'sample-options',
      `${volumes} volumes cannot be written.`,
      'Give a whole number from 1.',
    );
  }
  if (size.some((count) => !Number.isInteger(count) || count < smallest || count > largest)) {
    throw new UserError(
      'sample-options',
      `A sample volume cannot have ${size.join(' x ')} voxels.`,
      `Give three whole numbers from ${smallest} to ${largest}: depth, height, width.`,
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UserError('sample-options', `${seed} is no seed.`, 'Give a whole number from 0.');
  }
}
