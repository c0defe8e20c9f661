/** One finding that the keyword mode knows. Patterns are matched in lower case, in one clause of a sentence. */
export interface KeywordTerm {
  readonly keyword: string;
  /** CT-RATE's label of the same meaning. */
  readonly label?: string;
  readonly pattern: RegExp;
  /** A clause that also matches this speaks of something else. */
  readonly unless?: RegExp;
  /** True where `not` is a word of the pattern: "the gallbladder was not observed". */
  readonly isAbsence?: true;
  /** True where the side and the lobe say more about it: "pleural effusion (left)". */
  readonly located?: true;
}
