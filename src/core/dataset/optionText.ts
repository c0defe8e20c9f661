import { createHash } from 'node:crypto';
import { normaliseReport } from '../text/normalise';
import { keywordsOf } from './keywords';
import type { MetadataField } from '../preset';
import type { OptionMode, ReportMode, ScanMetadata } from './record';
import type { ReportRow } from './tables';

/**
 * What an option shows of a report. The true option and every distractor are made by this one
 * function, so that nothing in the form of a text tells them apart. Empty where the report lacks
 * the section that the mode needs.
 *
 * @param labels positive CT-RATE labels of the volume, for keywords (see {@link keywordsOf}).
 */
export function reportText(
  report: ReportRow,
  mode: ReportMode,
  labels?: readonly string[],
): string {
  return modeTexts[mode](report, labels);
}

const modeTexts: Readonly<
  Record<ReportMode, (report: ReportRow, labels?: readonly string[]) => string>
> = {
  full_report: ({ findings, impression }) => joined(findings, impression),
  impression: ({ impression }) => impression,
  keywords: ({ findings, impression }, labels) => {
    const text = joined(findings, impression);
    return text === '' ? '' : keywordsOf(text, labels).join(', ');
  },
};

/**
 * Equal for texts that say the same (normalised); a digest, so that long texts are not held twice.
 * Undefined where the text holds no word.
 */
export function textKey(text: string): string | undefined {
  const normalised = normaliseReport(text);
  return normalised === '' ? undefined : createHash('sha256').update(normalised).digest('base64');
}

/** With the metadata sentence before it, the text needs a word on what it is. */
const modeHeadings: Readonly<Record<OptionMode, string>> = {
  full_report: 'Report',
  impression: 'Impression',
  keywords: 'Keywords',
  yes_no: 'Finding',
};

/** How the metadata sentence says a field; undefined where it is not known. */
const fieldWords: Readonly<
  Record<MetadataField, (metadata: ScanMetadata) => string | number | undefined>
> = {
  age: ({ age }) => age,
  sex: ({ sex }) => sex,
  manufacturer: ({ manufacturer }) => manufacturer,
  kernel: ({ kernel }) => kernel,
  spacing: ({ spacing_mm: spacing }) => spacing && `${spacing.join(' x ')} mm`,
};

/** What builders write before options: see {@link metadataPrompt}. */
export const builtFields: readonly MetadataField[] = ['age', 'sex'];

/** "Age: 67, Sex: M."; empty where nothing is known. */
export function metadataPrompt(
  metadata: ScanMetadata | undefined,
  fields: readonly MetadataField[] = builtFields,
): string {
  const parts = fields.flatMap((field) => {
    const words = metadata && fieldWords[field](metadata);
    return words === undefined ? [] : [`${field[0].toUpperCase()}${field.slice(1)}: ${words}`];
  });
  return parts.length === 0 ? '' : `${parts.join(', ')}.`;
}

/**
 * "Age: 67, Sex: M. Impression: …": the text of a report after the metadata of the *question's* scan,
 * the same for each of its options.
 */
export function promptedText(
  text: string,
  mode: OptionMode,
  metadata: ScanMetadata | undefined,
  fields?: readonly MetadataField[],
): string {
  return joined(metadataPrompt(metadata, fields), `${modeHeadings[mode]}: ${text}`);
}

/** The text of a report without the metadata that {@link promptedText} put before it; undefined where none stand there. */
export function unpromptedText(
  text: string,
  mode: OptionMode,
  metadata: ScanMetadata | undefined,
): string | undefined {
  const prompt = promptedText('', mode, metadata);
  return text.startsWith(prompt) ? text.slice(prompt.length) : undefined;
}

function joined(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first} ${second}`;
}
