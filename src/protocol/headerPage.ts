import type { HeaderCheck, SeverityWord } from '../core/volume/headerDescription';

/** Words of the page on a volume's header, in the user's language; `{0}` are filled in by the page. */
export interface HeaderPageStrings {
  readonly title: string;
  /** {0} is the version of the format, {1} the byte order. */
  readonly format: string;
  readonly littleEndian: string;
  readonly bigEndian: string;
  readonly problems: string;
  readonly noProblems: string;
  readonly severities: Readonly<Record<SeverityWord, string>>;
  /** {0} is the severity in a word, {1} nibabel's level of it. */
  readonly severity: string;
  /** Who makes a check; {0} is its name. */
  readonly sources: Readonly<Record<HeaderCheck['source'], string>>;
  readonly fields: string;
  readonly filter: string;
  /** {0} of {1} fields are listed. */
  readonly listed: string;
  readonly field: string;
  readonly type: string;
  readonly value: string;
  readonly meaning: string;
  readonly extensions: string;
  readonly code: string;
  readonly name: string;
  readonly bytes: string;
  readonly atByte: string;
}
