import { UserError } from '../core/errors';
import type { ModelPreset } from '../core/preset';
import { RunFolder } from '../core/runs/runFolder';
import type { RunDescription } from '../core/run';
import { writeFileAtomically } from '../core/storage/atomicFile';
import { buildInferenceModel, buildTrainingStep } from '../networks';
import type { TrainingStepGraph } from '../networks';
import { hashWeights, loadCheckpoint, loadWeights } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { exportReadme } from './exportReadme';
import { writeSafetensors } from './safetensors';
import type { StoredTensor } from './safetensors';

export interface ExportOptions {
  readonly run: string;
  /** Path of the model, `NAME.onnx`. */
  readonly out: string;
}

export interface TrainingExportOptions extends ExportOptions {
  /** Questions a step; the preset's where absent. */
  readonly batch?: number;
  /** Options of every question. */
  readonly options: number;
}

/**
 * Writes the model that scores, for any onnxruntime: volume, input_ids, attention_mask ->
 * embeddings and similarity.
 * @returns the files written
 */
export async function exportModel({ run, out }: ExportOptions): Promise<string[]> {
  const { folder, description } = await trainedRun(run);
  const weights = await loadWeights(description.best ? folder.best : folder.checkpoint);
  const { preset, preprocessing, text } = description;
  const metadata = {
    preset: preset.name,
    preprocessing,
    text,
    model_hash: hashWeights(weights),
  };
  await writeFileAtomically(out, buildInferenceModel(preset, weights, metadata));
  return [out];
}

/**
 * Writes one training step as an ONNX model, the state to start with (the run's last checkpoint) as
 * safetensors, and a description of the inputs with a loop in Python.
 * @returns the files written
 */
export async function exportTrainingStep(options: TrainingExportOptions): Promise<string[]> {
  const { folder, description } = await trainedRun(options.run);
  const preset = withOneBatchAStep(description.preset, options.batch);
  const { batch } = preset.training;
  const sizes = { batch, options: options.options, tokens: description.tokens };
  const step = buildTrainingStep(preset, sizes);
  const stem = options.out.replace(/\.onnx$/i, '');
  const files = { model: options.out, state: `${stem}.safetensors`, readme: `${stem}.README.md` };
  const checkpoint = await loadCheckpoint(folder.checkpoint);
  await writeFileAtomically(files.model, step.model);
  await writeSafetensors(files.state, {
    tensors: startOf(step, checkpoint),
    metadata: { step: String(checkpoint.position.step) },
  });
  await writeFileAtomically(
    files.readme,
    exportReadme({
      files,
      preset,
      step,
      firstStep: checkpoint.position.step + 1,
      ...(checkpoint.lossScale && { lossScale: checkpoint.lossScale }),
    }),
  );
  return Object.values(files);
}

/** The exported step is of one batch: gathering is for the caller to add. */
function withOneBatchAStep(preset: ModelPreset, batch = preset.training.batch): ModelPreset {
  return { ...preset, training: { ...preset.training, batch, accumulate: 1 } };
}

/** The first value of every input that is no data, by its name. */
function startOf(
  { parameters, state }: TrainingStepGraph,
  { weights, moments, averages }: Checkpoint,
): Map<string, StoredTensor> {
  const known = new Map<string, StoredTensor>([...weights, ...moments]);
  for (const [name, tensor] of averages ?? []) {
    known.set(`average.${name}`, tensor);
  }
  const wanted = new Map([...parameters, ...state].map(({ name, shape }) => [name, shape]));
  return new Map(
    [...wanted].map(([name, shape]) => {
      const tensor = known.get(name);
      if (tensor === undefined) {
        throw new Error(`the checkpoint has no ${name} [${shape.join()}]`);
      }
      return [name, tensor];
    }),
  );
}

async function trainedRun(
  run: string,
): Promise<{ readonly folder: RunFolder; readonly description: RunDescription }> {
  const folder = new RunFolder(run);
  const description = await folder.read();
  if (description?.modelHash === undefined) {
    throw new UserError(
      'run-unready',
      `There is no trained run in ${folder.path}.`,
      'Choose the folder of a run that was trained for at least one epoch.',
    );
  }
  return { folder, description };
}
