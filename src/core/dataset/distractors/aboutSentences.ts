import { keywordsOf } from '../keywords';
import { keywordTerms } from '../keywordTerms';
import { familyOf } from './findingFamilies';
import { sentencesOf } from './sentences';
import type { Sentence } from './sentences';

/** A sentence and what it speaks of. */
interface About {
  /** Families of the findings that it asserts. */
  readonly asserted: readonly string[];
  /** Families of the findings that it names, also to deny them. */
  readonly mentioned: readonly string[];
  /** Says of the whole scan that it is normal. */
  readonly isAllClear: boolean;
  /** Compares with an earlier scan, or speaks of what another sentence has named. */
  readonly isTied: boolean;
}

export type AboutSentence = Sentence & About;

export function aboutSentencesOf(text: string): AboutSentence[] {
  return sentencesOf(text).map((sentence) => ({ ...sentence, ...knownAbout(sentence.text) }));
}

/** Reports repeat each other's sentences; looking for every keyword in each again takes long. */
const known = new Map<string, About>();
const mostKnown = 10_000;
const longestKnown = 300;

function knownAbout(text: string): About {
  const about = known.get(text) ?? aboutText(text);
  if (known.size < mostKnown && text.length < longestKnown) {
    known.set(text, about);
  }
  return about;
}

function aboutText(text: string): About {
  const named = mentionedFindings(text);
  const asserted = named.length === 0 ? [] : assertedFindings(text);
  return {
    mentioned: families([...named, ...asserted]),
    asserted: families(asserted),
    isAllClear: isAllClear(text),
    isTied: looksBack.test(text),
  };
}

function families(findings: readonly string[]): string[] {
  return [...new Set(findings.map(familyOf))];
}

const findingOf = new Map(keywordTerms.map(({ keyword, label }) => [keyword, label ?? keyword]));

/** CT-RATE's labels that a text asserts, and keywords without a label. */
export function assertedFindings(text: string): string[] {
  return keywordsOf(text).flatMap((keyword) => {
    const name = keyword.replace(/^possible /, '').replace(/ \([^)]*\)$/, '');
    return findingOf.get(name) ?? [];
  });
}

function mentionedFindings(text: string): string[] {
  const lowered = text.toLowerCase();
  return keywordTerms.flatMap(({ keyword, label, pattern, unless }) =>
    pattern.test(lowered) && !unless?.test(lowered) ? [label ?? keyword] : [],
  );
}

/** Words that name no organ and no finding: a sentence of these alone speaks of the whole scan. */
const generalWords = new Set(
  (
    'a an the this that it its all any other there is are was were be been has have had no not none nothing and or as of in on at with ' +
    'within from far can could seen evaluated evaluation examined examination exam study scan scans image images imaging section sections ' +
    'ct computed tomography tomographic thorax thoracic chest lung lungs pulmonary contrast non unenhanced enhanced noncontrast hrct high resolution ' +
    'finding findings feature features pathology pathologies pathological abnormality abnormalities abnormal lesion lesions appearance ' +
    'significant significantly obvious remarkable unremarkable definite specific additional acute active ' +
    'normal normally natural limits limit range detected observed identified noted found present visible evident ' +
    'report result results impression conclusion conclusions overall completely entirely otherwise both parenchyma'
  ).split(' '),
);
const wellWord =
  /\b(normal|natural|unremarkable|(no|not|none|nothing)\b.*\b(patholog\w+|abnormal\w*|findings?|features?|remarkable|detected|observed))\b/i;

/** "Chest CT within normal limits", "no pathology was detected". */
export function isAllClear(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return wellWord.test(text) && words.every((word) => generalWords.has(word));
}

/** Sense only beside an earlier scan or another sentence. */
const looksBack =
  /\b(again|stable|unchanged|compared|comparison|previous\w*|prior|formerly|former|earlier|as before|since|last|follow(ed)?[- ]?up|control|newly|new|progress\w*|regress\w*|increased in|decreased|current|still|persist\w*|described|mentioned|above-?mentioned|aforementioned|these|this|those|it|its|they|their|also|other|another|addition\w*|largest|biggest|latter|however|same|respectively|recommend\w*|correlat\w*|such)\b/i;

/** Goes on about what the sentence before has named. */
export const goesOn =
  /^\s*(the (largest|biggest|larger|described|mentioned|lesion|nodule|mass|effusion|finding|appearance)s?|its?|they|these|this|those|some of|one of|most of|however|among|although|accompan\w+|similar\w*|also|again)\b/i;
