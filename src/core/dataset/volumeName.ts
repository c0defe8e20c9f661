import { slashed } from './writtenPaths';

/** What CT-RATE's volume names say: `train_1_a_2` is patient 1, scan a, reconstruction 2. */
export interface VolumeName {
  readonly split: 'train' | 'valid';
  /** Patient number; the same number in the two splits is two patients. */
  readonly patient: string;
  /** Letters that name the scan of the patient. */
  readonly scan: string;
  /** From 1. Reconstructions of a scan share one report. */
  readonly reconstruction: number;
}

/** Pattern of the public data set's own documentation. */
const ctRateName = /^(train|valid)_([1-9][0-9]*)_([a-z]+)_([1-9][0-9]*)$/;

/** Reads a CT-RATE volume name, with or without folders and extension; undefined where it is none. */
export function parseVolumeName(name: string): VolumeName | undefined {
  const match = ctRateName.exec(volumeStem(name));
  if (match === null) {
    return undefined;
  }
  const [, split, patient, scan, reconstruction] = match;
  return {
    split: split === 'train' ? 'train' : 'valid',
    patient,
    scan,
    reconstruction: Number(reconstruction),
  };
}

/** File name without folders (of either kind of slash) and without `.nii.gz`: the key of every table. */
export function volumeStem(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return base.trim().replace(/\.nii(\.gz)?$|\.(png|jpe?g)$/i, '');
}

/**
 * The patient a volume belongs to, such as `train_1`. A name of another kind is a patient of its own,
 * with its folders: `a/ct` and `b/ct` are two.
 */
export function patientOf(name: string): string {
  const parsed = parseVolumeName(name);
  return parsed === undefined
    ? `${foldersOf(name)}${volumeStem(name)}`
    : `${parsed.split}_${parsed.patient}`;
}

function foldersOf(name: string): string {
  const path = slashed(name);
  return path.slice(0, path.lastIndexOf('/') + 1).replace(/^\.\//, '');
}

/** Where CT-RATE keeps a volume below its root: `train/train_1/train_1_a/train_1_a_2.nii.gz`. */
export function ctRateLayout(name: string): string {
  const stem = volumeStem(name);
  const parsed = parseVolumeName(name);
  if (parsed === undefined) {
    return `${stem}.nii.gz`;
  }
  const patient = `${parsed.split}_${parsed.patient}`;
  return `${parsed.split}/${patient}/${patient}_${parsed.scan}/${stem}.nii.gz`;
}
