/** What is said of a finding in other words, so that a report that changes one must not keep the others. */
interface FindingFamily {
  /** CT-RATE's labels, or keywords where there is no label. */
  readonly findings: readonly string[];
  /** Says, without naming the finding, that it is not there. */
  readonly deniedBy?: RegExp;
  /** Sentences that a sentence about the finding may stand beside. */
  readonly region: RegExp;
}

const lungs = /\b(lungs?|lobes?|parenchyma\w*|bronch\w+|nodul\w+)\b/i;
const heart = /\b(heart|cardiac|aort\w+|coronary|vascular|pericardi\w+|mediastin\w+)\b/i;
const goodAeration =
  /\baeration\b.{0,50}\b(normal|natural)\b|\blungs? (is|are|were) (clear|normal)/i;

/** Findings that a reader takes for one another: one row a family. A finding in no row is one by itself. */
export const findingFamilies: readonly FindingFamily[] = [
  {
    findings: [
      'Lung opacity',
      'Consolidation',
      'ground-glass opacity',
      'pneumonia',
      'viral pneumonia',
      'crazy-paving pattern',
      'reversed halo sign',
      'halo sign',
      'air bronchogram',
      'tree-in-bud pattern',
      'bronchitis',
    ],
    deniedBy: goodAeration,
    region: lungs,
  },
  {
    findings: [
      'Lung nodule',
      'mass',
      'metastasis',
      'lung cancer',
      'granuloma',
      'calcified nodule',
      'centrilobular nodules',
      'miliary nodules',
      'spiculated contour',
      'cavity',
    ],
    region: lungs,
  },
  {
    findings: ['Pulmonary fibrotic sequela', 'Atelectasis', 'volume loss'],
    deniedBy: goodAeration,
    region: lungs,
  },
  {
    findings: ['Emphysema', 'hyperinflation', 'lung cyst'],
    deniedBy: goodAeration,
    region: lungs,
  },
  {
    findings: ['Mosaic attenuation pattern', 'air trapping'],
    deniedBy: goodAeration,
    region: lungs,
  },
  {
    findings: ['Bronchiectasis', 'Peribronchial thickening'],
    deniedBy: /bronch\w+.{0,40}\bnormal\b/i,
    region: lungs,
  },
  {
    findings: [
      'Interlobular septal thickening',
      'interstitial lung disease',
      'reticulation',
      'honeycombing',
      'pulmonary oedema',
    ],
    deniedBy: goodAeration,
    region: lungs,
  },
  {
    findings: ['Pleural effusion', 'pleural thickening', 'loculated fluid', 'empyema'],
    deniedBy: /pleura\w*.{0,40}\b(normal|natural)\b/i,
    region: /\bpleura\w*|\blungs?\b/i,
  },
  {
    findings: ['Pericardial effusion', 'pericardial thickening'],
    deniedBy: /pericardi\w+.{0,40}\b(normal|natural)\b/i,
    region: heart,
  },
  {
    findings: ['Cardiomegaly', 'chamber enlargement'],
    deniedBy: /\b(heart|cardiac|cardiothoracic|ctr)\b.{0,60}\b(normal|natural)\b/i,
    region: heart,
  },
  {
    findings: [
      'Arterial wall calcification',
      'Coronary artery wall calcification',
      'valve calcification',
    ],
    deniedBy: /\bcoronary\b.{0,40}\bnormal\b/i,
    region: heart,
  },
  {
    findings: ['aortic dilatation', 'aortic aneurysm'],
    deniedBy: /\b(aort\w+|vascular structures)\b.{0,60}\b(normal|natural)\b/i,
    region: heart,
  },
  {
    findings: ['pulmonary artery dilatation'],
    deniedBy: /\b(pulmonary arter\w+|vascular structures)\b.{0,60}\b(normal|natural)\b/i,
    region: heart,
  },
  {
    findings: ['Lymphadenopathy', 'calcified lymph node', 'axillary lymphadenopathy'],
    region: /\b(mediastin\w+|hil(ar|um|us)|axilla\w*|lymph|trachea)\b/i,
  },
  { findings: ['Hiatal hernia'], region: /\b(o?esophag\w+|mediastin\w+|abd\w+)\b/i },
  { findings: ['Medical material'], region: heart },
  {
    findings: [
      'spinal degeneration',
      'osteoporosis',
      'vertebral compression',
      'rib fracture',
      'scoliosis',
      'kyphosis',
      'lytic bone lesion',
      'sclerotic bone lesion',
      'schmorl node',
      'haemangioma',
    ],
    deniedBy:
      /\b(bone|vertebra\w*)\b.{0,60}\b(normal|natural|preserved)\b|\bno\b.{0,40}\b(patholog|abnormal|feature|finding)\w*.{0,60}\bbone/i,
    region: /\b(bones?|vertebra\w*|ribs?|spine)\b/i,
  },
];

const familyOfFinding = new Map(
  findingFamilies.flatMap((family) => family.findings.map((finding) => [finding, family] as const)),
);

/** What stands for a finding and all that would be changed with it. */
export function familyOf(finding: string): string {
  return familyOfFinding.get(finding)?.findings[0] ?? finding;
}

/** Findings of the upper abdomen and the neck: the end of a report. */
const anywhere = /\b(abd\w+|liver|kidneys?|sections)\b/i;

export function regionOf(finding: string): RegExp {
  return familyOfFinding.get(finding)?.region ?? anywhere;
}

/** True where a sentence denies a finding by praising the organ: "heart size is normal". */
export function isDeniedBy(finding: string, sentence: string): boolean {
  const organIsWell = familyOfFinding.get(finding)?.deniedBy ?? abdomenIsWell;
  return organIsWell.test(sentence);
}

const abdomenIsWell =
  /\babdom\w+.{0,60}\b(normal|natural|unremarkable)\b|\bno\b.{0,40}\b(patholog|abnormal|feature|finding)\w*.{0,60}\babdom/i;
