import type { PlannedVolume } from './cohort';
import { ctRateLabels, metadataColumns, reportColumns } from './columns';
import { scanGeometry } from './render';
import type { GridSize } from './render';
import { writeReport } from './report';

type Row = readonly (string | number)[];

/** The tables of a corpus, in CT-RATE's columns; file name -> what a volume's row holds. */
export const tables: readonly {
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly row: (volume: PlannedVolume, size: GridSize) => Row;
}[] = [
  { fileName: 'reports.csv', columns: reportColumns, row: reportRow },
  { fileName: 'metadata.csv', columns: metadataColumns, row: metadataRow },
  { fileName: 'labels.csv', columns: ['VolumeName', ...ctRateLabels], row: labelRow },
];

/** A CSV file (RFC 4180, line feeds as in CT-RATE). */
export function csv(rows: readonly Row[]): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function fileNameOf(volume: PlannedVolume): string {
  return `${volume.name}.nii.gz`;
}

function reportRow(volume: PlannedVolume): Row {
  const { clinicalInformation, technique, findings, impression } = writeReport(volume.scan);
  return [fileNameOf(volume), clinicalInformation, technique, findings, impression];
}

function labelRow(volume: PlannedVolume): Row {
  const present = new Set(volume.scan.findings.map(({ kind }) => kind.label));
  return [fileNameOf(volume), ...ctRateLabels.map((label) => (present.has(label) ? 1 : 0))];
}

function metadataRow(volume: PlannedVolume, size: GridSize): Row {
  const { scan, kernel } = volume;
  const { scanner, patient } = scan;
  const { fieldOfViewMm, spacingMm, originMm } = scanGeometry(scan, size);
  const list = (...values: readonly number[]): string => `[${values.map(decimal).join(', ')}]`;
  const [singleCollimation, totalCollimation] = scanner.collimationMm;
  const feed = scanner.pitch * totalCollimation;
  const exposureMs = Math.round((scanner.rotationSeconds / scanner.pitch) * 1000);
  const values: Readonly<Record<(typeof metadataColumns)[number], string | number>> = {
    VolumeName: fileNameOf(volume),
    Manufacturer: scanner.manufacturer,
    SeriesDescription: kernel.series,
    ManufacturerModelName: scanner.model,
    PatientSex: patient.sex,
    PatientAge: `${String(patient.age).padStart(3, '0')}Y`,
    ReconstructionDiameter: fieldOfViewMm[0],
    DistanceSourceToDetector: scanner.sourceToDetectorMm,
    DistanceSourceToPatient: scanner.sourceToPatientMm,
    GantryDetectorTilt: 0,
    TableHeight: Math.round(-originMm[1] - fieldOfViewMm[1] / 2),
    RotationDirection: 'CW',
    ExposureTime: exposureMs,
    XRayTubeCurrent: scanner.tubeMilliampere,
    Exposure: Math.round((scanner.tubeMilliampere * exposureMs) / 1000),
    FilterType: kernel.filter,
    GeneratorPower: '',
    FocalSpots: '',
    ConvolutionKernel: kernel.name,
    PatientPosition: 'HFS',
    RevolutionTime: scanner.rotationSeconds,
    SingleCollimationWidth: singleCollimation,
    TotalCollimationWidth: totalCollimation,
    TableSpeed: decimal(feed / scanner.rotationSeconds),
    TableFeedPerRotation: decimal(feed),
    SpiralPitchFactor: scanner.pitch,
    DataCollectionCenterPatient: '',
    ReconstructionTargetCenterPatient: '',
    ExposureModulationType: scanner.modulation,
    CTDIvol: scanner.ctdiVol,
    ImagePositionPatient: list(...originMm),
    ImageOrientationPatient: '[1, 0, 0, 0, 1, 0]',
    SliceLocation: decimal(originMm[2]),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: size[1],
    Columns: size[2],
    // DICOM: distance between rows first.
    XYSpacing: list(spacingMm[1], spacingMm[0]),
    // The files hold HU as they are: nothing is left to rescale.
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'HU',
    NumberofSlices: size[0],
    ZSpacing: decimal(spacingMm[2]),
    StudyDate: scan.date,
  };
  return metadataColumns.map((column) => values[column]);
}

/** At most 6 decimals, no trailing zeros. */
function decimal(value: number): string {
  return String(Number(value.toFixed(6)));
}
