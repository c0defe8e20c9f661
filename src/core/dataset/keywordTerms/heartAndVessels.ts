import type { KeywordTerm } from './term';

/** Findings of heart, vessels and mediastinum beside the labelled ones. */
export const heartAndVesselTerms: readonly KeywordTerm[] = [
  { keyword: 'pulmonary embolism', pattern: /embol(us|i|ism)|\bpe\b|pulmonary thrombo\w+/ },
  { keyword: 'aortic aneurysm', pattern: /aneurysm\w*/ },
  { keyword: 'aortic dilatation', pattern: /aort\w*.{0,50}?(dilat\w+|ectas\w+|ectatic|wider)/ },
  { keyword: 'aortic dissection', pattern: /\bdissection\b/, unless: /neck|lymph|axill/ },
  {
    keyword: 'pulmonary artery dilatation',
    pattern: /pulmonary (arter\w+|trunk|conus).{0,50}?(dilat\w+|wid\w+|increas\w+|enlarg\w+)/,
  },
  {
    keyword: 'valve calcification',
    pattern: /(valv\w+|annul\w+).{0,40}?calcif\w+|calcif\w+.{0,40}?(valv\w+|annul\w+)/,
  },
  { keyword: 'pericardial thickening', pattern: /pericardi\w+.{0,20}?thicken\w+/ },
  {
    keyword: 'chamber enlargement',
    pattern: /\b(left|right) (atri\w+|ventric\w+).{0,40}?(dilat\w+|enlarg\w+|increas\w+|wide\w*)/,
  },
  { keyword: 'myocardial thinning', pattern: /myocardi\w+.{0,30}?(thin\w+|infarct\w+)/ },
  { keyword: 'thrombus', pattern: /\bthromb(us|i|osis|osed)\b/ },
  {
    keyword: 'mediastinal mass',
    pattern:
      /mediastin\w+.{0,30}?\b(mass|tumou?r|lesion)|\b(mass|tumou?r|lesion)\b.{0,30}?mediastin\w+/,
  },
  { keyword: 'thymic remnant', pattern: /thym(ic|us)/ },
  { keyword: 'oesophageal wall thickening', pattern: /o?esophag\w+.{0,40}?thicken\w+/ },
  { keyword: 'oesophageal dilatation', pattern: /o?esophag\w+.{0,40}?dilat\w+/ },
  {
    keyword: 'hilar enlargement',
    pattern: /\bhil(ar|um|us)\b.{0,30}?(enlarg\w+|fullness|prominen\w+)/,
    located: true,
  },
  {
    keyword: 'calcified lymph node',
    pattern: /calcif\w+.{0,30}?lymph ?nod\w+|lymph ?nod\w+.{0,30}?calcif\w+/,
  },
  {
    keyword: 'axillary lymphadenopathy',
    pattern: /axilla\w*.{0,50}?(lymphadenopath\w+|laps?\b|enlarged lymph)/,
    located: true,
  },
];
