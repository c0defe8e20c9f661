/**
 * What the columns of tables are called. The first name is CT-RATE's; the others are what plain
 * tables of (image, report) pairs use. Case, spaces, hyphens and underscores do not matter; where a
 * table has several of the names, the first of this list counts.
 */
const columns = {
  volume: [
    'VolumeName',
    'volume',
    'image_path',
    'image',
    'nii_path',
    'file_path',
    'file_name',
    'path',
    'file',
    'scan',
    'AccessionNo',
  ],
  patient: ['PatientID', 'patient', 'SubjectID', 'subject'],
  clinicalInformation: ['ClinicalInformation_EN', 'ClinicalInformation'],
  technique: ['Technique_EN', 'Technique'],
  findings: ['Findings_EN', 'Findings', 'report', 'report_text', 'caption', 'text'],
  impression: ['Impressions_EN', 'Impression_EN', 'Impressions', 'Impression', 'conclusion'],
  sex: ['PatientSex', 'sex', 'gender'],
  age: ['PatientAge', 'age'],
  manufacturer: ['Manufacturer'],
  kernel: ['ConvolutionKernel'],
  xySpacing: ['XYSpacing'],
  zSpacing: ['ZSpacing'],
  rescaleSlope: ['RescaleSlope'],
  rescaleIntercept: ['RescaleIntercept'],
} as const;

export type Column = keyof typeof columns;
const columnNames = Object.keys(columns) as Column[];

/** CT-RATE's name of the column, for messages. */
export function nameOf(column: Column): string {
  return columns[column][0];
}

/** The index of every known column in a header; a column of which there is none is absent. */
export function findColumns(header: readonly string[]): ReadonlyMap<Column, number> {
  return new Map(
    columnNames.flatMap((column) => {
      const place = placeOf(header, columns[column]);
      return place === undefined ? [] : [[column, place] as const];
    }),
  );
}

/** The index of the first of `names` that the header has, whatever the case and the gaps in words. */
export function placeOf(header: readonly string[], names: readonly string[]): number | undefined {
  const comparableHeader = header.map(comparable);
  return names
    .map((name) => comparableHeader.indexOf(comparable(name)))
    .find((place) => place !== -1);
}

function comparable(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
