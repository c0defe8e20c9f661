import { elsewhereTerms } from './elsewhere';
import { heartAndVesselTerms } from './heartAndVessels';
import { labelledTerms } from './labelled';
import { lungTerms } from './lungs';
import type { KeywordTerm } from './term';

export type { KeywordTerm } from './term';

/** What the keyword mode looks for in a report: one row a term, in the order in which keywords are named. */
export const keywordTerms: readonly KeywordTerm[] = [
  ...labelledTerms,
  ...lungTerms,
  ...heartAndVesselTerms,
  ...elsewhereTerms,
];

/** What stands where no term is found: a report of a scan without findings still needs an option text. */
export const noFindingKeyword = 'no significant finding';
