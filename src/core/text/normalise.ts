/**
 * The form in which two report texts count as the same: lower case, every run of white space and
 * punctuation one space, compatibility characters folded (Unicode NFKC). Empty where the text
 * holds no letter and no digit. For comparing only, never for a model's input.
 */
export function normaliseReport(text: string): string {
  const folded = nonAscii.test(text) ? text.normalize('NFKC') : text;
  return folded.toLowerCase().replace(separators, ' ').trim();
}

/** ASCII needs no folding, and most reports are ASCII. */
const nonAscii = /[^\0-\x7f]/;
const separators = /[^\p{L}\p{N}]+/gu;
