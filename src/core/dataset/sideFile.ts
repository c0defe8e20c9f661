import { readFile } from 'node:fs/promises';
import { UserError, messageOf } from '../errors';
import { optionModes } from './record';
import type { DatasetSideFile } from './record';

/** `name.mcqa.json` for `name.mcqa.jsonl` (and for any other `.jsonl`). */
export function sideFilePath(datasetPath: string): string {
  return datasetPath.replace(/(\.mcqa)?\.jsonl$|$/i, '.mcqa.json');
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
  } catch {
    return undefined;
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
  return { ...fields, version: 1 };
}

const isText = (value: unknown): boolean => typeof value === 'string';

const sideFileFields: Readonly<
  Record<string, { readonly expected: string; readonly fits: (value: unknown) => boolean }>
> = {
  version: { expected: '1', fits: (value) => value === 1 },
  reports: { expected: 'a path', fits: isText },
  labels: { expected: 'a path', fits: isText },
  image_roots: {
    expected: 'a list of folders',
    fits: (value) => Array.isArray(value) && value.every(isText),
  },
  mode: {
    expected: `mixed, ${optionModes.join(', ')}`,
    fits: (value) => ['mixed', ...optionModes].some((mode) => mode === value),
  },
  metadata_prompt: {
    expected: 'true or false',
    fits: (value) => typeof value === 'boolean',
  },
  seed: { expected: 'a number', fits: (value) => typeof value === 'number' },
};

function invalid(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    'side-file-invalid',
    `The side file ${path} is not valid: ${reason}.`,
    'Correct it, or build the question file again.',
    cause,
  );
}
