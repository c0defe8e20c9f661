import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, UserError } from '../core/errors';
import { isObject } from '../core/jsonShape';
import type { ModelPreset } from '../core/preset';
import { isPresetPath, presetProblem } from './presetChecks';
import { completed } from './presetDefaults';
import { withOverrides } from '../core/presetOverrides';
import type { PresetOverrides } from '../core/presetOverrides';

/** The presets of a models folder, by name. */
export async function listPresets(modelsFolder: string): Promise<ModelPreset[]> {
  const files = await presetFiles(modelsFolder);
  return Promise.all(files.map((file) => readPreset(join(modelsFolder, file))));
}

/**
 * The preset that a user named: a file of `modelsFolder` without `.json`, or a path to a file.
 * @throws UserError `preset-unknown`, `preset-unreadable`, `preset-invalid`
 */
export async function loadPreset(modelsFolder: string, nameOrPath: string): Promise<ModelPreset> {
  if (nameOrPath.endsWith('.json')) {
    return readPreset(nameOrPath);
  }
  const files = await presetFiles(modelsFolder);
  if (!files.includes(`${nameOrPath}.json`)) {
    const names = files.map((file) => basename(file, '.json')).join(', ');
    throw new UserError(
      'preset-unknown',
      `There is no model preset "${nameOrPath}".`,
      `Choose one of: ${names}, or give the path of a preset file (.json).`,
    );
  }
  return readPreset(join(modelsFolder, `${nameOrPath}.json`));
}

/**
 * The preset with some of its values replaced.
 * @throws UserError `preset-override`
 */
export function overriddenPreset(preset: ModelPreset, overrides: PresetOverrides): ModelPreset {
  const unknown = Object.entries(overrides)
    .flatMap(([path, value]) => pathsIn(path, value))
    .find((path) => !isPresetPath(path));
  const changed = completed(withOverrides(preset, overrides));
  const problem = unknown === undefined ? presetProblem(changed) : `a preset has no "${unknown}"`;
  if (problem !== undefined) {
    throw new UserError(
      'preset-override',
      `With these settings the preset ${preset.name} is not valid: ${problem}.`,
      'Correct the setting; docs/training.md lists what there is.',
    );
  }
  return changed as ModelPreset;
}

/** The paths of all single values in what is put at a path. */
function pathsIn(path: string, value: unknown): string[] {
  return isObject(value)
    ? [path, ...Object.entries(value).flatMap(([key, part]) => pathsIn(`${path}.${key}`, part))]
    : [path];
}

/** Where the tokenizer of a preset stands. */
export function tokenizerFolder(modelsFolder: string, preset: ModelPreset): string {
  return join(modelsFolder, 'tokenizers', preset.text.tokenizer);
}

async function presetFiles(modelsFolder: string): Promise<string[]> {
  try {
    return (await readdir(modelsFolder)).filter((file) => file.endsWith('.json')).sort();
  } catch (error) {
    throw new UserError(
      'preset-unreadable',
      `The folder of model presets ${modelsFolder} cannot be read: ${messageOf(error)}`,
      'Reinstall CT MCQA: its models folder is missing.',
      error,
    );
  }
}

async function readPreset(path: string): Promise<ModelPreset> {
  let preset: unknown;
  try {
    preset = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UserError(
      'preset-unreadable',
      `The model preset ${path} cannot be read: ${messageOf(error)}`,
      'Give the path of a JSON file like those in the models folder.',
      error,
    );
  }
  const problem = presetProblem(preset);
  if (problem !== undefined) {
    throw new UserError(
      'preset-invalid',
      `The model preset ${path} is not valid: ${problem}.`,
      'Correct the file; those in the models folder show the form.',
    );
  }
  return preset as ModelPreset;
}
