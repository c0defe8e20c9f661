import { UserError } from '../errors';
import type { MetadataField } from '../preset';
import type { ScanMetadata } from './record';

/** What a template can name; undefined where it is not known of a scan. */
const templateFields: Readonly<
  Record<MetadataField | 'sex_word', (metadata: ScanMetadata) => string | number | undefined>
> = {
  age: ({ age }) => age,
  sex: ({ sex }) => sex,
  sex_word: ({ sex }) => sex && { M: 'male', F: 'female', O: 'other' }[sex],
  manufacturer: ({ manufacturer }) => manufacturer,
  kernel: ({ kernel }) => kernel,
  spacing: ({ spacing_mm: spacing }) => spacing && `${spacing.join(' x ')} mm`,
};

/** The template where nobody gave one. */
export const usualTemplate = templateOf(['age', 'sex']);

/** `Age: {age}, Sex: {sex}.` for these fields. */
export function templateOf(fields: readonly MetadataField[]): string {
  const clauses = fields.map((field) => `${field[0].toUpperCase()}${field.slice(1)}: {${field}}`);
  return clauses.length === 0 ? '' : `${clauses.join(', ')}.`;
}

/**
 * The template with a scan's metadata: "Age: 67, Sex: M.". A clause, from comma to comma, is left out
 * where the scan lacks what it names; the whole where no clause with a field is left, so that a
 * model never reads an empty phrase.
 */
export function metadataPrompt(
  metadata: ScanMetadata | undefined,
  template: string = usualTemplate,
): string {
  if (metadata === undefined) {
    return '';
  }
  const end = /[.!?:;。！？：；]*$/u.exec(template)?.[0] ?? '';
  const body = template.slice(0, template.length - end.length);
  const clauses: string[] = [];
  let said = 0;
  for (const clause of body.split(/(?<=[,，;；])/u)) {
    const words = fieldsIn(clause).map((field) => valueOf(field, metadata));
    if (!words.includes(undefined)) {
      clauses.push(clause.replaceAll(placeholder, () => String(words.shift())));
      said += fieldsIn(clause).length;
    }
  }
  const prompt = clauses.join('').trim();
  return said === 0 ? '' : prompt.replace(/[,，;；]$/u, '') + end;
}

const placeholder = /\{([^{}]*)\}/gu;

function fieldsIn(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, field]) => field);
}

function valueOf(field: string, metadata: ScanMetadata): string | number | undefined {
  return Object.hasOwn(templateFields, field)
    ? templateFields[field as keyof typeof templateFields](metadata)
    : undefined;
}

/** What is wrong with a template; undefined where nothing is. */
export function problemOfTemplate(template: string): string | undefined {
  const fields = fieldsIn(template);
  const unknown = fields.find((field) => !Object.hasOwn(templateFields, field));
  if (unknown !== undefined) {
    return `{${unknown}} is no field of the metadata`;
  }
  return fields.length === 0 ? 'it names no field of the metadata' : undefined;
}

/** @throws UserError `build-metadata-template` */
export function requireTemplate(template: string): void {
  const problem = problemOfTemplate(template);
  if (problem !== undefined) {
    throw new UserError(
      'build-metadata-template',
      `The template "${template}" cannot be used: ${problem}.`,
      `Name some of ${Object.keys(templateFields)
        .map((field) => `{${field}}`)
        .join(', ')}, such as "${usualTemplate}".`,
    );
  }
}
