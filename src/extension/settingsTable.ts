import type { RuleLevels } from '../core/dataset/record';
import type { PresetOverrides } from '../core/presetOverrides';
import type { RescaleChoice } from '../core/volume/rescale';

/** Every setting of the extension with the type of its value. */
export interface SettingValues {
  readonly device: 'auto' | 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
  /** Folders that image paths are looked up in, after those of the data set's side file. */
  readonly imageRoots: readonly string[];
  /** Where runs are kept, relative to the workspace folder. */
  readonly runsFolder: string;
  /** Which slope and intercept make HU of stored voxels. */
  readonly rescale: RescaleChoice;
  /** Whether outcomes are shown at the end of each question's line. */
  readonly inlineResults: boolean;
  /** Whether card, preview and score are offered above each question. */
  readonly questionLenses: boolean;
  /** Lint rules that are off or weighed otherwise, by code or name. */
  readonly 'lint.rules': RuleLevels;
  /** Values of the preset that trainings replace, by path. */
  readonly 'training.overrides': PresetOverrides;
}

interface SettingTraits {
  /** Ignored in a workspace that is not trusted: it points to models, providers or other places. */
  readonly needsTrust: boolean;
  readonly scope: 'window' | 'resource' | 'machine-overridable';
}

export const settingsTable: Readonly<Record<keyof SettingValues, SettingTraits>> = {
  device: { needsTrust: true, scope: 'machine-overridable' },
  imageRoots: { needsTrust: true, scope: 'resource' },
  runsFolder: { needsTrust: true, scope: 'resource' },
  rescale: { needsTrust: false, scope: 'resource' },
  inlineResults: { needsTrust: false, scope: 'resource' },
  questionLenses: { needsTrust: false, scope: 'resource' },
  'lint.rules': { needsTrust: false, scope: 'resource' },
  'training.overrides': { needsTrust: true, scope: 'resource' },
};
