import { metadataVector } from '../core/dataset/metadataFeatures';
import { templateOf } from '../core/dataset/metadataPrompt';
import { promptedText, unpromptedText } from '../core/dataset/optionText';
import type { Dataset, DatasetQuestion } from '../core/dataset/readDataset';
import type { DatasetSideFile, OptionMode, ScanMetadata } from '../core/dataset/record';
import { besideSideFile, templateOfSideFile } from '../core/dataset/sideFile';
import { readLabels } from '../core/dataset/tables';
import type { LabelRow } from '../core/dataset/tables';
import { indexRows } from '../core/dataset/volumeIndex';
import { volumeStem } from '../core/dataset/volumeName';
import { UserError } from '../core/errors';
import type { ModelPreset } from '../core/preset';
import type { LongWork } from '../core/progress';
import { findingsOf, metadataInput } from '../networks';

/** What a model reads of a question beside its volume and its texts. */
export interface ModelInputs {
  /** See `metadataVector`; where the networks of the preset read it. */
  readonly metadata?: readonly number[];
  /** 1, 0 or -1 (not known) of each finding of the preset, where it classifies. */
  readonly findings?: readonly number[];
  /** Where the texts start with the metadata of the question's scan: what follows, and what is said. */
  readonly prompt?: Prompt;
}

export interface Prompt {
  /** One an option. */
  readonly bareTexts: readonly string[];
  /** See `metadataPrompt`. */
  readonly template: string;
}

/** A question as the model of a preset gets it: `texts` start with the metadata where it wants that. */
export type ModelQuestion = DatasetQuestion & ModelInputs;

/**
 * The questions of a data set as a model of this preset reads them.
 * @throws UserError of `readLabels`; CancelledError
 */
export async function questionsFor(
  preset: ModelPreset,
  { path, sideFile, questions }: Dataset,
  work: LongWork,
): Promise<ModelQuestion[]> {
  const labels = await labelsFor(preset, path, sideFile, work);
  return questions.map((question) => {
    const { record, imagePath } = question;
    return {
      ...question,
      ...prompted(preset, question, sideFile),
      ...metadataInputs(preset, record.metadata),
      ...(labels && { findings: labels(imagePath, record.labels) }),
    };
  });
}

/** Puts the metadata before the texts where the preset wants that and the file has not done it. */
function prompted(
  { metadata }: ModelPreset,
  question: DatasetQuestion,
  sideFile: DatasetSideFile | undefined,
): { readonly texts: readonly string[]; readonly prompt?: Prompt } {
  const { texts, record } = question;
  const mode = modeOf(question, sideFile);
  const built = templateOfSideFile(sideFile);
  if (built !== undefined) {
    const bareTexts = texts.flatMap(
      (text) => unpromptedText(text, mode, record.metadata, built) ?? [],
    );
    const isKnown = bareTexts.length === texts.length;
    return { texts, ...(isKnown && { prompt: { bareTexts, template: built } }) };
  }
  if (metadata?.use !== 'prompt') {
    return { texts };
  }
  const template = templateOf(metadata.fields);
  return {
    texts: texts.map((text) => promptedText(text, mode, record.metadata, template)),
    prompt: { bareTexts: texts, template },
  };
}

/** A report as a model of this preset reads it that knows nothing of the scan. */
export function textWithoutScan({ metadata }: ModelPreset, text: string, mode: OptionMode): string {
  return metadata?.use === 'prompt'
    ? promptedText(text, mode, undefined, templateOf(metadata.fields))
    : text;
}

/** The mode of a question; hand-written ones are taken for full reports. */
export function modeOf(
  { record }: Pick<DatasetQuestion, 'record'>,
  sideFile?: Pick<DatasetSideFile, 'mode'>,
): OptionMode {
  const usual = sideFile?.mode === 'mixed' ? undefined : sideFile?.mode;
  return record.mode ?? usual ?? 'full_report';
}

/** The metadata of a scan as numbers, where the networks of the preset read them. */
export function metadataInputs(preset: ModelPreset, scan: ScanMetadata | undefined): ModelInputs {
  const settings = metadataInput(preset);
  return settings === undefined ? {} : { metadata: metadataVector(scan, settings.fields) };
}

/**
 * Refuses questions that a training with this preset cannot use.
 * @throws UserError `labels-missing` where a head for findings has nothing to learn from;
 *   `mining-cached` where mined distractors would be texts whose states are not cached
 */
export function requireUsable(
  preset: ModelPreset,
  path: string,
  questions: readonly ModelInputs[],
): void {
  const { text, training } = preset;
  if (
    training.hardNegatives !== undefined &&
    text.learning === 'cached' &&
    questions.some(({ prompt }) => prompt !== undefined)
  ) {
    throw new UserError(
      'mining-cached',
      `The options of ${path} start with the metadata of their scan, so every mined one would be a new text, and "cached" knows the states of the file's texts only.`,
      'Set "text.learning" to "frozen", or build the file without --metadata-prompt.',
    );
  }
  const isKnown = (label: number): boolean => label >= 0;
  if (
    preset.classification !== undefined &&
    !questions.some(({ findings }) => findings?.some(isKnown))
  ) {
    throw new UserError(
      'labels-missing',
      `The preset ${preset.name} classifies findings, but no question of ${path} has labels.`,
      'Build the file with --labels, name the labels table in its side file ("labels"), or train without "classification".',
    );
  }
}

type LabelLookup = (
  imagePath: string,
  own: Readonly<Record<string, 0 | 1>> | undefined,
) => readonly number[];

/** Labels by volume: those of the record first, then those of the table that the side file names. */
async function labelsFor(
  preset: ModelPreset,
  path: string,
  sideFile: DatasetSideFile | undefined,
  work: LongWork,
): Promise<LabelLookup | undefined> {
  const findings = findingsOf(preset);
  if (findings.length === 0) {
    return undefined;
  }
  const table =
    sideFile?.labels === undefined
      ? { names: [], rows: [] }
      : await readLabels(besideSideFile(path, sideFile.labels), work);
  const rows = indexRows(table.rows);
  const known = new Set(table.names);
  return (imagePath, own) => {
    const row = rows.find(volumeStem(imagePath), imagePath);
    return findings.map((finding) => {
      const label = own?.[finding];
      const isGiven = label === 0 || label === 1;
      return isGiven ? label : known.has(finding) ? labelIn(row, finding) : -1;
    });
  };
}

function labelIn(row: LabelRow | undefined, finding: string): number {
  return row === undefined || row.unknown.includes(finding)
    ? -1
    : Number(row.positive.includes(finding));
}
