import type { Random } from '../random';
import type { Scan } from './cohort';
import { findingKinds } from './findings';
import { regions } from './findings/kind';
import type { Region } from './findings/kind';

/** The four texts of a row of a report table. */
export interface Report {
  readonly clinicalInformation: string;
  readonly technique: string;
  readonly findings: string;
  readonly impression: string;
}

/** What CT-RATE writes in an empty field. */
const notGiven = 'Not given.';

const clinicalInformation = [
  'Cough for three weeks.',
  'Shortness of breath on exertion.',
  'Chest pain, cause unclear.',
  'Fever and raised inflammatory markers.',
  'Control examination.',
  'Weight loss, search for a tumour.',
  'Before surgery.',
  'Smoker, check of the lungs.',
];

const techniques = [
  'Helical chest CT without contrast medium, thin axial slices.',
  'Plain CT of the thorax, lung and soft-tissue kernels.',
  'Low-dose chest CT in full inspiration.',
  'Thoracic CT in supine position without intravenous contrast.',
];

/** Sentences that stand in most reports and tell nothing. */
const boilerplate: Readonly<Partial<Record<Region | 'end', readonly string[]>>> = {
  airways: [
    'Trachea and main bronchi are patent.',
    'The central airways are free.',
    'Normal calibre of the trachea.',
  ],
  vessels: [
    'Calibre of the great vessels is normal.',
    'The pulmonary trunk is not dilated.',
    'Thoracic aorta of ordinary width.',
  ],
  lungs: ['Lung window:', 'Both lungs are inflated.', 'The lungs were assessed on thin slices.'],
  end: [
    'The visible upper abdomen shows nothing of note.',
    'Adrenal glands are slender.',
    'No destructive bone lesion.',
    'Mild degenerative change of the spine.',
    'Liver and spleen, as far as included, are homogeneous.',
    'Vertebral bodies keep their height.',
  ],
};

const normalImpressions = [
  'Normal chest CT.',
  'No abnormality of the chest.',
  'Unremarkable examination of the thorax.',
  'Chest CT within normal limits.',
];

const closings = [
  'Clinical correlation is advised.',
  'Compare with earlier studies.',
  'Otherwise unremarkable.',
];

const chances = {
  boilerplate: 0.45,
  absence: 0.3,
  emptyClinical: 0.4,
  emptyTechnique: 0.15,
  closing: 0.2,
};

/** Words the report of a scan. */
export function writeReport(scan: Scan): Report {
  const random = scan.random('report');
  return {
    clinicalInformation: random.chance(chances.emptyClinical)
      ? notGiven
      : random.pick(clinicalInformation),
    technique: random.chance(chances.emptyTechnique) ? notGiven : random.pick(techniques),
    findings: describe(scan, random),
    impression: conclude(scan, random),
  };
}

/** Region by region: a set phrase, what is there, and some of what is not. */
function describe(scan: Scan, random: Random): string {
  const sentences = regions.flatMap((region) => {
    const present = scan.findings.filter(({ kind }) => kind.region === region);
    const absent = findingKinds.filter(
      (kind) => kind.region === region && present.every((finding) => finding.kind !== kind),
    );
    return [
      ...setPhrase(region, random),
      ...random.shuffled(present).map((finding) => finding.sentence(random)),
      ...absent
        .filter(() => random.chance(chances.absence))
        .map((kind) => random.pick(kind.absences)),
    ];
  });
  return [...sentences, ...setPhrase('end', random), ...setPhrase('end', random)]
    .filter((sentence, n, all) => all.indexOf(sentence) === n)
    .join(' ');
}

function setPhrase(region: Region | 'end', random: Random): string[] {
  const phrases = boilerplate[region];
  return phrases && random.chance(chances.boilerplate) ? [random.pick(phrases)] : [];
}

function conclude(scan: Scan, random: Random): string {
  if (scan.findings.length === 0) {
    return random.pick(normalImpressions);
  }
  const conclusions = random.shuffled(scan.findings).map((finding) => finding.conclusion(random));
  return [...conclusions, ...(random.chance(chances.closing) ? [random.pick(closings)] : [])].join(
    ' ',
  );
}
