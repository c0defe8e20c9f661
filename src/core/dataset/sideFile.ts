import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UserError, messageOf } from '../errors';
import { isAbsence } from '../storage/presence';
import { isNetworkShare } from './imagePaths';
import { problemOfTemplate, usualTemplate } from './metadataPrompt';
import { optionModes, severities } from './record';
import type { DatasetSideFile } from './record';
import { slashed } from './writtenPaths';

/** `name.mcqa.json` for `name.mcqa.jsonl` (and for any other `.jsonl`). */
export function sideFilePath(datasetPath: string): string {
  return datasetPath.replace(/(\.mcqa)?\.jsonl$|$/i, '.mcqa.json');
}

/** The absolute path of a table that a side file names. */
export function besideSideFile(datasetPath: string, table: string): string {
  return resolve(dirname(datasetPath), slashed(table));
}

/**
 * Question files that we write are named so that the editor knows them.
 *
 * @throws UserError `build-out-name`
 */
export function requireQuestionFileName(path: string): void {
  if (!/[^/\\]\.mcqa\.jsonl$/.test(path)) {
    throw new UserError(
      'build-out-name',
      'The name of a question file must end in .mcqa.jsonl.',
      'Choose a name such as chest.mcqa.jsonl.',
    );
  }
}

/**
 * The side file of a question file, or undefined where there is none.
 *
 * @throws UserError `side-file-invalid` where it is there but not to be understood.
 */
export async function readSideFile(datasetPath: string): Promise<DatasetSideFile | undefined> {
  const path = sideFilePath(datasetPath);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsence(error)) {
      return undefined;
    }
    throw invalid(path, messageOf(error), error);
  }
  return parseSideFile(text, path);
}

/** @throws UserError `side-file-invalid` */
function parseSideFile(text: string, path: string): DatasetSideFile {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw invalid(path, messageOf(error), error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, 'it must hold one object');
  }
  const fields = value as Record<string, unknown>;
  for (const [name, { expected, fits }] of Object.entries(sideFileFields)) {
    if (fields[name] !== undefined && !fits(fields[name])) {
      throw invalid(path, `${name} must be ${expected}`);
    }
  }
  const named = [
    fields.reports,
    fields.labels,
    fields.metadata,
    ...((fields.image_roots as string[] | undefined) ?? []),
  ];
  if (
    !isNetworkShare(path) &&
    named.some((each) => typeof each === 'string' && isNetworkShare(each))
  ) {
    throw invalid(
      path,
      'it leads to a network share, which is opened only for a data set that lies on one',
    );
  }
  return { ...fields, version: 1 };
}

const isText = (value: unknown): boolean => typeof value === 'string';

const sideFileFields: Readonly<
  Record<string, { readonly expected: string; readonly fits: (value: unknown) => boolean }>
> = {
  version: { expected: '1', fits: (value) => value === 1 },
  reports: { expected: 'a path', fits: isText },
  labels: { expected: 'a path', fits: isText },
  metadata: { expected: 'a path', fits: isText },
  image_roots: {
    expected: 'a list of folders',
    fits: (value) => Array.isArray(value) && value.every(isText),
  },
  mode: {
    expected: `mixed, ${optionModes.join(', ')}`,
    fits: (value) => ['mixed', ...optionModes].some((mode) => mode === value),
  },
  metadata_prompt: {
    expected: 'true, false, or a template such as "Age: {age}, Sex: {sex}."',
    fits: (value) =>
      typeof value === 'boolean' ||
      (typeof value === 'string' && problemOfTemplate(value) === undefined),
  },
  seed: { expected: 'a number', fits: (value) => typeof value === 'number' },
  lint: {
    expected: 'an object with rules (each off, error, warning or info) and token_limit',
    fits: isLintSection,
  },
};

function isLintSection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const { rules = {}, token_limit: limit = 1 } = value as Record<string, unknown>;
  return (
    typeof rules === 'object' &&
    rules !== null &&
    !Array.isArray(rules) &&
    Object.values(rules).every((level) => ['off', ...severities].some((each) => each === level)) &&
    typeof limit === 'number' &&
    limit >= 1
  );
}

function invalid(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    'side-file-invalid',
    `The side file ${path} is not valid: ${reason}.`,
    'Correct it, or build the question file again.',
    cause,
  );
}

/** The template of the metadata that options start with; undefined where they start without. */
export function templateOfSideFile(
  sideFile: Pick<DatasetSideFile, 'metadata_prompt'> | undefined,
): string | undefined {
  const prompt = sideFile?.metadata_prompt ?? false;
  return prompt === true ? usualTemplate : prompt === false ? undefined : prompt;
}
