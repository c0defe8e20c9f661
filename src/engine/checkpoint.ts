import { createHash } from 'node:crypto';
import { UserError } from '../core/errors';
import type { ValidationScore } from '../core/run';
import type { Parameters, ParameterTensor } from '../networks';
import { scoringWeights } from './deviceState';
import type { StateSnapshot } from './deviceState';
import type { LossScale } from './lossScale';
import type { MinedState } from './mining';
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

/** How the validations went so far. */
export interface ValidationRecord {
  readonly best: ValidationScore;
  readonly last: ValidationScore;
  /** Validations since the best one. */
  readonly sinceBest: number;
}

/** What training needs to go on exactly where it stopped. */
export interface Checkpoint extends StateSnapshot {
  readonly position: TrainingPosition;
  /** Absent before the first validation. */
  readonly validations?: ValidationRecord;
  /** Absent before the first mining of hard negatives. */
  readonly mined?: MinedState;
}

const format = 'ct-mcqa-checkpoint-1';
/** Weights stand under their own names, so that other tools find them; the rest has prefixes. */
const prefixes = { moments: 'optimizer/', averages: 'average/' } as const;

export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const tensors = new Map<string, StoredTensor>(checkpoint.weights);
  for (const part of ['moments', 'averages'] as const) {
    for (const [name, tensor] of checkpoint[part] ?? []) {
      tensors.set(prefixes[part] + name, tensor);
    }
  }
  const { position, validations, mined, lossScale } = checkpoint;
  await writeSafetensors(path, {
    tensors,
    metadata: {
      format,
      step: String(position.step),
      epoch: String(position.epoch),
      batch: String(position.batch),
      ...(validations && { validations: JSON.stringify(validations) }),
      ...(mined && { mined: JSON.stringify(mined) }),
      ...(lossScale && { lossScale: JSON.stringify(lossScale) }),
    },
  });
}

/** @throws UserError `checkpoint-missing`, `checkpoint-unknown`, `safetensors-invalid` */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  return load(path, () => true);
}

/** The weights alone, for scoring: their running averages where these are kept. */
export async function loadWeights(path: string): Promise<Parameters> {
  return scoringWeights(await load(path, (name) => !name.startsWith(prefixes.moments)));
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
  const averages = new Map<string, ParameterTensor>();
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array)) {
      continue;
    }
    if (name.startsWith(prefixes.moments)) {
      moments.set(name.slice(prefixes.moments.length), { shape, data });
    } else if (name.startsWith(prefixes.averages)) {
      averages.set(name.slice(prefixes.averages.length), { shape, data });
    } else {
      weights.set(name, { shape, data });
    }
  }
  const position = {
    step: Number(metadata.step),
    epoch: Number(metadata.epoch),
    batch: Number(metadata.batch),
  };
  return {
    position,
    weights,
    moments,
    ...(averages.size > 0 && { averages }),
    ...('validations' in metadata && {
      validations: JSON.parse(metadata.validations) as ValidationRecord,
    }),
    ...('mined' in metadata && { mined: JSON.parse(metadata.mined) as MinedState }),
    ...('lossScale' in metadata && { lossScale: JSON.parse(metadata.lossScale) as LossScale }),
  };
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
