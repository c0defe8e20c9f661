import { createHash } from 'node:crypto';
import { normaliseReport } from '../text/normalise';
import { keywordsOf } from './keywords';
import type { OptionMode, ScanMetadata } from './record';
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
  mode: OptionMode,
  labels?: readonly string[],
): string {
  return modeTexts[mode](report, labels);
}

const modeTexts: Readonly<
  Record<OptionMode, (report: ReportRow, labels?: readonly string[]) => string>
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
};

/** "Age: 67, Sex: M."; empty where neither is known. */
export function metadataPrompt(metadata: ScanMetadata | undefined): string {
  const parts = [
    metadata?.age === undefined ? '' : `Age: ${metadata.age}`,
    metadata?.sex === undefined ? '' : `Sex: ${metadata.sex}`,
  ].filter((part) => part !== '');
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
): string {
  return joined(metadataPrompt(metadata), `${modeHeadings[mode]}: ${text}`);
}

function joined(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first} ${second}`;
}
