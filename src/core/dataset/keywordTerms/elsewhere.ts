import type { KeywordTerm } from './term';

/** Findings of the chest wall, the bones, the neck and the upper abdomen. */
export const elsewhereTerms: readonly KeywordTerm[] = [
  {
    keyword: 'rib fracture',
    pattern: /\bribs?\b.{0,40}?fractures?|fractures?.{0,40}?\bribs?\b/,
    located: true,
  },
  {
    keyword: 'vertebral compression',
    pattern: /vertebra\w*.{0,60}?(compress\w+|height loss|loss of height|fracture)/,
  },
  { keyword: 'scoliosis', pattern: /scoliosis/ },
  { keyword: 'kyphosis', pattern: /kypho(sis|tic)/ },
  { keyword: 'spinal degeneration', pattern: /osteophyt\w+|spondyl\w+|degenerative changes?/ },
  { keyword: 'osteoporosis', pattern: /osteopor\w+|osteopeni\w+/ },
  { keyword: 'haemangioma', pattern: /ha?emangiom\w+/ },
  { keyword: 'lytic bone lesion', pattern: /\blytic\b/ },
  {
    keyword: 'sclerotic bone lesion',
    pattern: /\bsclerotic\b.{0,30}?(lesion|focus|foci|area)|osteoblastic/,
  },
  { keyword: 'schmorl node', pattern: /schmorl/ },
  { keyword: 'pectus deformity', pattern: /\bpectus\b/ },
  { keyword: 'gynaecomastia', pattern: /gyna?ecomasti\w+/, located: true },
  { keyword: 'mastectomy', pattern: /mastectom\w+/, located: true },
  {
    keyword: 'breast lesion',
    pattern: /breast.{0,40}?(mass|nodul\w+|lesion)|(mass|nodul\w+|lesion).{0,40}?breast/,
    located: true,
  },
  {
    keyword: 'thyroid nodule',
    pattern: /thyroid.{0,80}?(nodul\w+|hypodens\w+)|nodul\w+.{0,60}?thyroid/,
  },
  { keyword: 'goitre', pattern: /\bgoit(re|er)s?\b|thyroid.{0,40}?(enlarg\w+|increased in size)/ },
  { keyword: 'hepatic steatosis', pattern: /steatosis|hepatosteatosis|fatty liver|adiposity/ },
  { keyword: 'hepatomegaly', pattern: /hepato(spleno)?megaly/ },
  {
    keyword: 'liver lesion',
    pattern: /(liver|hepatic).{0,60}?(lesion|cyst|hypodens\w+|metasta\w+)/,
  },
  { keyword: 'cirrhosis', pattern: /cirrho\w+/ },
  { keyword: 'gallstone', pattern: /gallstones?|cholelithiasis|gallbladder.{0,40}?stones?/ },
  {
    keyword: 'cholecystectomy',
    pattern: /cholecystectom\w+|gallbladder (was|is) (not observed|operated)/,
    isAbsence: true,
  },
  {
    keyword: 'bile duct dilatation',
    pattern: /(bile|biliary).{0,30}?dilat\w+|choledoch\w+.{0,30}?dilat\w+/,
  },
  { keyword: 'kidney stone', pattern: /nephrolithiasis|(kidney|renal).{0,40}?(stones?|calcul\w+)/ },
  { keyword: 'renal cyst', pattern: /(kidney|renal).{0,60}?cyst\w*|cyst\w*.{0,60}?(kidney|renal)/ },
  { keyword: 'renal atrophy', pattern: /(kidney|renal).{0,40}?atroph\w+|atroph\w+.{0,30}?kidney/ },
  { keyword: 'hydronephrosis', pattern: /hydronephro\w+|pelvicaliectas\w+/ },
  {
    keyword: 'adrenal lesion',
    pattern: /adrenal.{0,60}?(adenoma|nodul\w+|thicken\w+|lesion)/,
    unless: /\bnormal\b|\bno\b/,
  },
  { keyword: 'ascites', pattern: /\bascites\b|intra-?abdominal (free )?fluid|perihepatic fluid/ },
  { keyword: 'splenomegaly', pattern: /splenomegaly/ },
  { keyword: 'accessory spleen', pattern: /accessory spleen|splenule/ },
  {
    keyword: 'pancreatic atrophy',
    pattern: /pancrea\w+.{0,40}?atroph\w+|atroph\w+.{0,30}?pancrea\w+/,
  },
  { keyword: 'diverticulosis', pattern: /diverticulosis|colon\w*.{0,30}?diverticul\w+/ },
  {
    keyword: 'abdominal hernia',
    pattern: /(umbilical|inguinal|ventral|morgagni|bochdalek|diaphragmatic) hernia/,
  },
];
