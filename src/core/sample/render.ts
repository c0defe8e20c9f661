import type { VolumeContent } from '../volume/write';
import { acquire } from './acquisition';
import { drawAnatomy } from './anatomy/organs';
import { bodyRadii } from './anatomy/trunk';
import type { PlannedVolume, Scan } from './cohort';
import { Phantom } from './phantom';

/** Voxels along z, y, x. */
export type GridSize = readonly [number, number, number];

/** The grid of a scan in the patient, mm. Axes run to the left, the back and the head (LPS). */
export interface ScanGeometry {
  /** Extent along x, y, z. */
  readonly fieldOfViewMm: readonly [number, number, number];
  /** Distance between voxel centres along x, y, z. */
  readonly spacingMm: readonly [number, number, number];
  /** Centre of the first voxel in DICOM's patient coordinates (LPS). */
  readonly originMm: readonly [number, number, number];
}

/** Standard mm from the upper abdomen to the neck. */
const scanLengthMm = 286;

/** A square field that holds the body with some air around it. */
export function scanGeometry(scan: Scan, size: GridSize): ScanGeometry {
  const random = scan.random('geometry');
  const { patient } = scan;
  const width = Math.round(2 * bodyRadii(patient)[0] * patient.scale[0] + random.between(16, 44));
  const length = Math.round(scanLengthMm * patient.scale[2] + random.between(-4, 8));
  const fieldOfViewMm = [width, width, length] as const;
  const spacingMm = [width / size[2], width / size[1], length / size[0]] as const;
  const tableHeight = -random.between(80, 180);
  return {
    fieldOfViewMm,
    spacingMm,
    originMm: [
      (spacingMm[0] - width) / 2,
      tableHeight + (spacingMm[1] - width) / 2,
      -length - random.index(900),
    ],
  };
}

/** Draws, scans and reconstructs one volume; stored values are HU. */
export function renderVolume(planned: PlannedVolume, size: GridSize): VolumeContent {
  const { scan, kernel } = planned;
  const geometry = scanGeometry(scan, size);
  const phantom = new Phantom(size, geometry.fieldOfViewMm, scan.patient.scale);
  drawAnatomy(phantom, scan.patient, scan.patientRandom('anatomy'));
  for (const finding of scan.findings) {
    const random = scan.patientRandom(finding.kind.label);
    finding.draw({ phantom, patient: scan.patient, random });
  }
  const [dx, dy, dz] = geometry.spacingMm;
  // A large voxel is the mean of many small ones: its noise falls with the root of its volume.
  const noiseHu = scan.scanner.noiseHu * Math.sqrt(8 / (dx * dy * dz));
  const random = scan.random(kernel.name);
  const voxels = acquire(phantom.hu, size, noiseHu, kernel.neighbourWeight, random);
  const [x, y, z] = geometry.originMm;
  return {
    shape: [size[2], size[1], size[0]],
    spacingMm: geometry.spacingMm,
    // DICOM's x and y run to the left and the back, NIfTI's to the right and the front.
    affine: [
      [-dx, 0, 0, -x],
      [0, -dy, 0, -y],
      [0, 0, dz, z],
      [0, 0, 0, 1],
    ],
    voxels,
  };
}
