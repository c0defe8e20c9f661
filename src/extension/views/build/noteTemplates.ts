import { escapePattern } from '../../../core/text/escapePattern';

/** The notes of the builder, which says them in English, with places for their values. */
export const noteTemplates = [
  'Options refer to the reports table: with their texts a file would have more than 50 MB, which editors do not check as you type.',
  "No volume of the reports table is in {0}; image paths follow CT-RATE's layout, to be filled later.",
  "There is no folder {0}; image paths follow CT-RATE's layout, to be filled later.",
  '{0} of {1} volumes have nothing in a metadata table that the metadata prompt names; their options start without.',
] as const;

/** The template of a note and its values; the note itself where it has none. */
export function templateOf(note: string): {
  readonly template: string;
  readonly values: readonly string[];
} {
  for (const template of noteTemplates) {
    const match = patternOf(template).exec(note);
    if (match !== null) {
      return { template, values: match.slice(1) };
    }
  }
  return { template: note, values: [] };
}

/** The template with each place standing for any text. */
function patternOf(template: string): RegExp {
  const literal = template.split(/\{\d\}/).map(escapePattern);
  return new RegExp(`^${literal.join('(.*)')}$`, 's');
}
