import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf, UserError } from '../core/errors';
import {
  count,
  flag,
  isCount,
  isNumber,
  oneOf,
  optional,
  positive,
  shapeProblem,
  text,
  valueAt,
  wholeNumber,
} from '../core/jsonShape';
import type { Check, ShapeChecks } from '../core/jsonShape';
import type { ModelPreset } from '../core/preset';
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
  const unknown = Object.keys(overrides).find((path) => !isPresetPath(path));
  const changed = withOverrides(preset, overrides);
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

const notNegative: Check = [(value) => isNumber(value) && value >= 0, '0 or more'];
const counts: Check = [
  (value) => Array.isArray(value) && value.length > 0 && value.every(isCount),
  'a list of whole numbers above 0',
];
const decay: Check = [
  (value) => isNumber(value) && value >= 0 && value < 1,
  'a number from 0 to below 1',
];
const momentDecays: Check = [
  (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((beta) => isNumber(beta) && beta >= 0 && beta < 1),
  'two numbers from 0 to below 1',
];
const share: Check = [
  (value) => isNumber(value) && value > 0 && value < 1,
  'a number between 0 and 1',
];

/** What must stand at each path of a preset. */
const presetChecks: ShapeChecks = {
  name: text,
  title: text,
  description: text,
  'volume.kind': oneOf('fit', 'ctclip'),
  'volume.name': text,
  'image.network': oneOf('simple3dcnn'),
  'image.widths': counts,
  'image.fittedStart.volumes': optional(count),
  'image.fittedStart.activeShare': optional(share),
  'text.network': oneOf('bert'),
  'text.tokenizer': text,
  'text.maxTokens': count,
  'text.vocabularySize': count,
  'text.hidden': count,
  'text.layers': count,
  'text.heads': count,
  'text.feedForward': count,
  'text.maxPositions': count,
  'text.learning': oneOf('trainable', 'frozen', 'cached'),
  'text.initialDeviation': optional(positive),
  'text.attentionGain': optional(positive),
  'fusion.kind': oneOf('cosine'),
  'fusion.dimension': count,
  'fusion.initialScale': positive,
  'training.epochs': count,
  'training.batch': count,
  'training.learningRate': positive,
  'training.warmupSteps': wholeNumber,
  'training.schedule': oneOf('constant', 'cosine', 'linear'),
  'training.optimiser': optional(oneOf('adamw', 'sgd')),
  'training.momentum': optional(decay),
  'training.nesterov': optional(flag),
  'training.weightDecay': notNegative,
  'training.decayAll': optional(flag),
  'training.betas': momentDecays,
  'training.epsilon': positive,
  'training.accumulate': optional(count),
  'training.clipNorm': optional(positive),
  'training.averageDecay': optional(decay),
  'training.patience': optional(count),
  'training.precision': optional(oneOf('float32', 'mixed')),
  'training.onBadLoss': optional(oneOf('stop', 'skip')),
};

const fitChecks: ShapeChecks = {
  'volume.orientation': oneOf('LPS'),
  'volume.size': [
    (value) => Array.isArray(value) && value.length === 3 && value.every(isCount),
    'three whole numbers above 0',
  ],
  'volume.clipHu': [
    (value) =>
      Array.isArray(value) && value.length === 2 && value.every(isNumber) && value[0] < value[1],
    'two numbers, the lower first',
  ],
};

const ctclipChecks: ShapeChecks = {
  'volume.clip': oneOf('before_resampling', 'after_resampling'),
};

/** Whether something may stand at this path of a preset, such as `training.clipNorm`. */
export function isPresetPath(path: string): boolean {
  return [presetChecks, fitChecks, ctclipChecks].some((checks) =>
    Object.keys(checks).some((known) => known === path || known.startsWith(`${path}.`)),
  );
}

/** The first thing wrong with a preset read from JSON, in words; undefined where it is valid. */
export function presetProblem(preset: unknown): string | undefined {
  const checks = {
    ...presetChecks,
    ...(valueAt(preset, 'volume.kind') === 'ctclip' ? ctclipChecks : fitChecks),
  };
  const problem = shapeProblem(preset, checks);
  if (problem !== undefined) {
    return problem;
  }
  const { text: bert } = preset as ModelPreset;
  if (bert.maxTokens > bert.maxPositions) {
    return '"text.maxTokens" must not exceed "text.maxPositions"';
  }
  if (bert.hidden % bert.heads !== 0) {
    return '"text.hidden" must be a multiple of "text.heads"';
  }
  const { nesterov = false, momentum = 0 } = (preset as ModelPreset).training;
  if (nesterov && momentum === 0) {
    return '"training.nesterov" needs a "training.momentum" above 0';
  }
  return undefined;
}
