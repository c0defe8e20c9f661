import { createHash } from 'node:crypto';
import { normaliseReport } from '../text/normalise';
import { keywordsOf } from './keywords';
import { metadataPrompt } from './metadataPrompt';
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

/**
 * "Age: 67, Sex: M. Impression: …": the text of a report after the metadata of the *question's* scan,
 * the same for each of its options (see {@link metadataPrompt}).
 */
export function promptedText(
  text: string,
  mode: OptionMode,
  metadata: ScanMetadata | undefined,
  template?: string,
): string {
  return joined(metadataPrompt(metadata, template), `${modeHeadings[mode]}: ${text}`);
}

/** The text of a report without the metadata that {@link promptedText} put before it; undefined where none stand there. */
export function unpromptedText(
  text: string,
  mode: OptionMode,
  metadata: ScanMetadata | undefined,
  template?: string,
): string | undefined {
  const prompt = promptedText('', mode, metadata, template);
  return text.startsWith(prompt) ? text.slice(prompt.length) : undefined;
}

function joined(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first} ${second}`;
}
