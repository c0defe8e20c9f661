import type { KeywordTerm } from './term';

/** CT-RATE's 18 labels, in its order; where a labels table is given it decides over them, and the text only says where. */
export const labelledTerms: readonly KeywordTerm[] = [
  {
    keyword: 'medical material',
    label: 'Medical material',
    pattern:
      /\b(catheters?|stents?|pacemakers?|sternotomy|sutures?|prosthe\w+|valve replacement|tubes?|cannula|drains?|clips?|electrodes?|port|implants?|coils?|screws?|fixation|metallic|surgical material)\b/,
  },
  {
    keyword: 'arterial wall calcification',
    label: 'Arterial wall calcification',
    pattern:
      /\b(ather\w+|(aort\w*|arter\w+|supra-?aortic|vascular|arcus|vessel).{0,60}?(calcif\w+|calcific)|(calcif\w+|calcific).{0,60}?(aort\w*|arter(y|ies|ial)|vascular|vessel))\b/,
    unless: /\bvalve\b/,
  },
  {
    keyword: 'cardiomegaly',
    label: 'Cardiomegaly',
    pattern:
      /\b(cardiomegaly|cardiothoracic (ratio|index).{0,40}?(increas\w+|above|favor)|(heart|cardiac)( size| dimensions?| sizes)?\b.{0,40}?\b(increas\w+|enlarged|larger|large|greater))\b/,
  },
  {
    keyword: 'pericardial effusion',
    label: 'Pericardial effusion',
    pattern:
      /\bpericardi\w+.{0,40}?(effusion|fluid|thickening)|(effusion|fluid).{0,40}?pericardi\w+/,
  },
  {
    keyword: 'coronary artery calcification',
    label: 'Coronary artery wall calcification',
    pattern:
      /\bcoronary\b.{0,80}?(calcif\w+|ather\w+|plaques?)|(calcif\w+|ather\w+|plaques?).{0,80}?\bcoronary\b/,
  },
  {
    keyword: 'hiatal hernia',
    label: 'Hiatal hernia',
    pattern: /\b(hiatal|hiatus|sliding)\b.{0,20}?\bhernia/,
  },
  {
    keyword: 'lymphadenopathy',
    label: 'Lymphadenopathy',
    pattern:
      /\b(lymphadenopath\w+|laps?|lymph nodes?(?! (stations?|levels?))|lymphadenomegal\w+)\b/,
    unless: /intra-?(pulmonary|parenchymal) lymph|lymph node\?/,
  },
  {
    keyword: 'emphysema',
    label: 'Emphysema',
    pattern: /\bemphysema\w*|\b(bulla\w*|bullous|blebs?)\b/,
    unless: /subcutaneous/,
    located: true,
  },
  {
    keyword: 'atelectasis',
    label: 'Atelectasis',
    pattern: /atelecta\w+|\b(lung|lobe|lobar) collapse\b|\bcollapsed\b/,
    located: true,
  },
  {
    keyword: 'lung nodule',
    label: 'Lung nodule',
    pattern:
      /\b(micro)?nod(ules?|ular(?! (ground|consolid\w+|infiltr\w+|calcif\w+|thick\w+))|ularity)\b/,
    unless:
      /thyroid|adrenal|surrenal|breast|liver|hepat|spleen|lymph|isthmus|gland|kidney|renal|schmorl|subcutan|mesenter/,
    located: true,
  },
  {
    keyword: 'lung opacity',
    label: 'Lung opacity',
    pattern:
      /\b(ground[- ]?glass|opacit\w+|opacif\w+|infiltrat\w+|frosted glass|density increases?|densities|crazy paving)\b/,
    unless: /sequela|liver|hepat|fat(ty)?\b|metal/,
    located: true,
  },
  {
    keyword: 'fibrotic sequela',
    label: 'Pulmonary fibrotic sequela',
    pattern:
      /\b(sequela\w*|fibro(tic|sis|atelecta\w+)|scar(ring)?|fibrotic bands?|parenchymal bands?)\b/,
    located: true,
  },
  {
    keyword: 'pleural effusion',
    label: 'Pleural effusion',
    pattern:
      /\bpleura\w*.{0,40}?(effusion|fluid)|(effusion|fluid).{0,40}?(pleura\w*|hemithora\w+|hemithoraces)|\b(?<!pericardi\w{1,3} )(bilateral|right|left|minimal) effusion(?!.{0,30}pericardi)|hydrothorax|hydropneumothorax/,
    located: true,
  },
  { keyword: 'mosaic attenuation', label: 'Mosaic attenuation pattern', pattern: /\bmosaic\b/ },
  {
    keyword: 'peribronchial thickening',
    label: 'Peribronchial thickening',
    pattern:
      /\b(peribronchial|bronchial walls?|bronch\w+ wall)\b.{0,40}?(thick\w+|cuff\w+)|thick\w+.{0,40}?(peribronchial|bronchial walls?|walls? of the bronch\w+)/,
    located: true,
  },
  {
    keyword: 'consolidation',
    label: 'Consolidation',
    pattern: /\bconsolidat\w+/,
    located: true,
  },
  {
    keyword: 'bronchiectasis',
    label: 'Bronchiectasis',
    pattern: /bronchiec?tasi\w+|bronchiectatic/,
    located: true,
  },
  {
    keyword: 'interlobular septal thickening',
    label: 'Interlobular septal thickening',
    pattern:
      /\b(inter|intra)?(lobular|septal|septa|septum)\b.{0,40}?thick\w+|thick\w+.{0,40}?\b(interlobular|septal?|septum)\b/,
    located: true,
  },
];
