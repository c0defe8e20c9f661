import { createHash } from 'node:crypto';
import { UserError } from '../core/errors';
import type { Parameters, ParameterTensor } from '../networks';
import { readSafetensors, writeSafetensors } from './safetensors';
import type { StoredTensor } from './safetensors';

/** How far training came. With the seed it determines everything that follows. */
export interface TrainingPosition {
  /** Optimiser steps done. */
  readonly step: number;
  /** Epochs completed. */
  readonly epoch: number;
  /** Batches done of the epoch under way. */
  readonly batch: number;
}

/** What training needs to go on exactly where it stopped. */
export interface Checkpoint {
  readonly position: TrainingPosition;
  readonly weights: Parameters;
  /** The optimiser's moments by name. */
  readonly moments: Parameters;
}

const format = 'ct-mcqa-checkpoint-1';
/** Weights stand under their own names, so that other tools find them. */
const momentPrefix = 'optimizer/';

export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const tensors = new Map<string, StoredTensor>(checkpoint.weights);
  for (const [name, tensor] of checkpoint.moments) {
    tensors.set(momentPrefix + name, tensor);
  }
  const { step, epoch, batch } = checkpoint.position;
  await writeSafetensors(path, {
    tensors,
    metadata: { format, step: String(step), epoch: String(epoch), batch: String(batch) },
  });
}

/** @throws UserError `checkpoint-missing`, `checkpoint-unknown`, `safetensors-invalid` */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return load(path, () => true);
}

/** The weights alone, for scoring. */
export async function loadWeights(path: string): Promise<Parameters> {
  return (await load(path, (name) => !name.startsWith(momentPrefix))).weights;
}

async function load(path: string, wanted: (name: string) => boolean): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path, wanted).catch((error: unknown) => {
    throw error instanceof UserError
      ? error
      : new UserError(
          'checkpoint-missing',
          `There is no checkpoint at ${path}.`,
          'Choose a run that was trained for at least one epoch.',
          error,
        );
  });
  if (metadata.format !== format) {
    throw new UserError(
      'checkpoint-unknown',
      `${path} is no checkpoint of this version of CT MCQA.`,
      'Train the run again.',
    );
  }
  const weights = new Map<string, ParameterTensor>();
  const moments = new Map<string, ParameterTensor>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array)) {
      continue;
    }
    if (name.startsWith(momentPrefix)) {
      moments.set(name.slice(momentPrefix.length), { shape, data });
    } else {
      weights.set(name, { shape, data });
    }
  }
  const position = {
    step: Number(metadata.step),
    epoch: Number(metadata.epoch),
    batch: Number(metadata.batch),
  };
  return { position, weights, moments };
}

/** SHA-256 over names, shapes and numbers, whatever the order of the tensors. */
export function hashWeights(weights: Parameters): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}[${shape.join(',')}]\0`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}
