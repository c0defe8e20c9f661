import type { Random } from '../random';

/** A reconstruction kernel: how it is named in the tables and what it does to the picture. */
export interface Kernel {
  readonly name: string;
  readonly filter: string;
  readonly series: string;
  /** Weight of either neighbour in a three-voxel filter: positive blurs, negative sharpens. */
  readonly neighbourWeight: number;
}

export interface Scanner {
  readonly manufacturer: string;
  readonly model: string;
  readonly sourceToDetectorMm: number;
  readonly sourceToPatientMm: number;
  readonly rotationSeconds: number;
  readonly collimationMm: readonly [single: number, total: number];
  readonly pitch: number;
  readonly tubeMilliampere: number;
  readonly ctdiVol: number;
  readonly modulation: string;
  /** Standard deviation of the noise before the kernel in a voxel of 8 mm³, HU. */
  readonly noiseHu: number;
  /** A smooth one for the mediastinum and a sharp one for the lung. */
  readonly kernels: readonly [Kernel, Kernel];
}

/** Scanners of the makes met in CT-RATE; distances and collimation as the makers publish them. */
export const scanners: readonly Scanner[] = [
  {
    manufacturer: 'Siemens Healthineers',
    model: 'SOMATOM go.All',
    sourceToDetectorMm: 983,
    sourceToPatientMm: 535,
    rotationSeconds: 0.33,
    collimationMm: [0.7, 22.4],
    pitch: 0.8,
    tubeMilliampere: 190,
    ctdiVol: 7.4,
    modulation: 'OFF_OFF',
    noiseHu: 24,
    kernels: [
      { name: "['Br40f', '3']", filter: 'FLAT', series: 'Thorax Br40', neighbourWeight: 0.07 },
      { name: "['Bl56f', '3']", filter: 'FLAT', series: 'Thorax Bl56', neighbourWeight: -0.02 },
    ],
  },
  {
    manufacturer: 'Philips',
    model: 'iCT 256',
    sourceToDetectorMm: 1040,
    sourceToPatientMm: 570,
    rotationSeconds: 0.5,
    collimationMm: [0.625, 80],
    pitch: 0.9,
    tubeMilliampere: 158,
    ctdiVol: 4.6,
    modulation: 'Z DOM',
    noiseHu: 28,
    kernels: [
      { name: 'B', filter: 'B', series: 'Chest standard', neighbourWeight: 0.06 },
      { name: 'YA', filter: 'YA', series: 'HRCT', neighbourWeight: -0.03 },
    ],
  },
  {
    manufacturer: 'PNMS',
    model: 'MX 16',
    sourceToDetectorMm: 1040,
    sourceToPatientMm: 570,
    rotationSeconds: 0.75,
    collimationMm: [1.5, 24],
    pitch: 1.06,
    tubeMilliampere: 120,
    ctdiVol: 7.8,
    modulation: '',
    noiseHu: 34,
    kernels: [
      { name: 'B', filter: 'B', series: 'Chest', neighbourWeight: 0.08 },
      { name: 'EA', filter: 'EA', series: 'Lung', neighbourWeight: -0.03 },
    ],
  },
];

export function sampleScanner(random: Random): Scanner {
  return random.pick(scanners);
}
