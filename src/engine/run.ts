import { UserError } from '../core/errors';
import type { Device, Provider, RunDescription } from '../core/run';
import { RunFolder, runUnreadable } from '../core/runs/runFolder';
import type { RescaleChoice } from '../core/volume/rescale';
import type { Parameters } from '../networks';
import { hashWeights, loadWeights } from './checkpoint';
import { Embedder } from './embedder';
import { presetProblem } from './presetChecks';
import { chooseProvider } from './providers';
import { TextEncoder } from './texts';
import { VolumeStore } from './volumeStore';

/** A trained run that can answer. */
export interface Run {
  readonly folder: RunFolder;
  readonly description: RunDescription;
  readonly provider: Provider;
  readonly modelHash: string;
  readonly embedder: Embedder;
  readonly encoder: TextEncoder;
  readonly store: VolumeStore;
  dispose(): Promise<void>;
}

export interface OpenRunOptions {
  readonly modelsFolder: string;
  readonly device?: Device;
  /** Which slope and intercept the user asked for: the run's, or the run is refused. */
  readonly rescale?: RescaleChoice;
}

/**
 * Opens a run for scoring: the weights of its best validation, or of its
 * last checkpoint where it has none, and preprocessing and tokenizer that
 * give what they gave in training.
 * @throws UserError `run-missing`, `run-unreadable`, `run-unready`, `run-rescale`, `run-fingerprint`,
 *   `run-weights`
 */
export async function openRun(
  path: string,
  { modelsFolder, device = 'auto', rescale }: OpenRunOptions,
): Promise<Run> {
  const folder = new RunFolder(path);
  const description = await folder.read();
  if (description === undefined) {
    throw new UserError(
      'run-missing',
      `There is no run in ${folder.path}.`,
      'Train one first, or choose the folder that holds run.json.',
    );
  }
  if (description.modelHash === undefined) {
    throw new UserError(
      'run-unready',
      `The run ${folder.name} has no trained weights yet.`,
      'Let it train for at least one epoch.',
    );
  }
  const { preset } = description;
  const problem = presetProblem(preset);
  if (problem !== undefined) {
    throw runUnreadable(folder, `in its preset ${problem}`);
  }
  refuseOtherRescale(description, rescale);
  const encoder = await TextEncoder.load(modelsFolder, preset);
  const { rescale: own = 'auto' } = description;
  const store = new VolumeStore(folder.cache, preset.volume, { rescale: own });
  refuseOtherFingerprint(description, 'preprocessing', store.fingerprint);
  refuseOtherFingerprint(description, 'text', encoder.fingerprint);
  const weights = await loadWeights(description.best ? folder.best : folder.checkpoint);
  refuseOtherWeights(description, weights);
  const provider = await chooseProvider(device);
  const embedder = new Embedder(preset, weights, provider);
  return {
    folder,
    description,
    provider,
    modelHash: description.modelHash,
    embedder,
    encoder,
    store,
    dispose: () => embedder.dispose(),
  };
}

/** Other HU than a model was trained on would be answered without a word, and wrongly. */
function refuseOtherRescale(
  { name, rescale = 'auto' }: RunDescription,
  asked: RescaleChoice = rescale,
): void {
  if (asked !== rescale) {
    throw new UserError(
      'run-rescale',
      `The run ${name} was trained on HU made with rescale "${rescale}", not "${asked}".`,
      `Leave the choice out (the run's own counts), or train another run with "${asked}".`,
    );
  }
}

function refuseOtherFingerprint(
  description: RunDescription,
  part: 'preprocessing' | 'text',
  now: string,
): void {
  if (description[part] !== now) {
    const what = part === 'text' ? 'tokenizer' : 'volume preprocessing';
    throw new UserError(
      'run-fingerprint',
      `The run ${description.name} was trained with another ${what} than this version has (${description[part]}, now ${now}).`,
      `Train the run again, or use CT MCQA ${description.versions.product}, which made it.`,
    );
  }
}

function refuseOtherWeights(description: RunDescription, weights: Parameters): void {
  if (hashWeights(weights) !== description.modelHash) {
    throw new UserError(
      'run-weights',
      `The checkpoint of the run ${description.name} is not the one that run.json describes.`,
      'Resume its training, or train it again.',
    );
  }
}
