/**
 * A sentence for people and what stands in its places `{0}`, `{1}` …, so that an editor can say it in
 * its own language.
 */
export interface Sentence {
  readonly template: string;
  readonly values: readonly SentenceValue[];
}

export type SentenceValue = string | number | Sentence;

/**
 * Tag of a template in English: what is filled in becomes a place. Numbers that are not finite become
 * words, for JSON has none of them.
 */
export function sentence(parts: TemplateStringsArray, ...values: SentenceValue[]): Sentence {
  const template = parts.reduce((text, part, place) => `${text}{${place - 1}}${part}`);
  return {
    template,
    values: values.map((value) =>
      typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
    ),
  };
}

/** The sentence as it is read; in English unless it was put into another language. */
export function inWords({ template, values }: Sentence): string {
  return template.replaceAll(/\{(\d+)\}/g, (braces, place: string) => {
    const value = values.at(Number(place));
    return typeof value === 'object' ? inWords(value) : String(value ?? braces);
  });
}

/** The same sentence with every template in it replaced, as by its translation. */
export function translated(
  { template, values }: Sentence,
  translate: (template: string) => string,
): Sentence {
  return {
    template: translate(template),
    values: values.map((value) =>
      typeof value === 'object' ? translated(value, translate) : value,
    ),
  };
}
