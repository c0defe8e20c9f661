import type { HeaderExtension } from './headerExtensions';
import type { VolumeHeader } from './types';

/** A field as it is stored. */
export interface HeaderField {
  /** As nifti1.h and nibabel call it. */
  readonly name: string;
  /** numpy's name of the stored type, such as `int16` or `float32[8]`; text is `char[80]`. */
  readonly type: string;
  /** Its first byte in the header. */
  readonly at: number;
  /** Numbers with a space between them, or text up to its first NUL without control characters. */
  readonly value: string;
  /** What a code means, in nibabel's words. */
  readonly meaning?: string;
}

/** Something wrong with a header. */
export interface HeaderCheck {
  /** nibabel's name of the check (its method is `_chk_NAME`), or ours. */
  readonly name: string;
  readonly source: 'nibabel' | 'ours';
  /** nibabel's problem level, 1 to 50; see {@link severityWord}. */
  readonly severity: number;
  /** English: {@link template} filled in; nibabel's own words where it is the source. */
  readonly message: string;
  /** What nibabel does about it, and what the user can do. English: {@link remedyTemplate} filled in. */
  readonly remedy: string;
  readonly template: string;
  readonly remedyTemplate: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** All that a header says, and what is wrong with it. */
export interface HeaderDescription {
  readonly format: VolumeHeader['format'];
  readonly littleEndian: boolean;
  /** Every field, in file order. */
  readonly fields: readonly HeaderField[];
  /** Only what is wrong, the gravest first. */
  readonly checks: readonly HeaderCheck[];
  /** In file order, as far as they are sound. */
  readonly extensions: readonly HeaderExtension[];
}

export type SeverityWord = 'note' | 'information' | 'warning' | 'error';

/** nibabel's levels are those of Python's logging; from 40 on nibabel refuses the file. */
export function severityWord(severity: number): SeverityWord {
  if (severity >= 40) {
    return 'error';
  }
  if (severity >= 30) {
    return 'warning';
  }
  return severity >= 20 ? 'information' : 'note';
}
