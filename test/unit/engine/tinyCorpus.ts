import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelPreset } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import type { TrainOptions } from '../../../src/core/run';
import { writeVolume } from '../../../src/core/volume/write';
import { tinyPreset as tinyNetworks } from '../../graph/presets';
import { writeSmallTokenizer } from './smallTokenizer';

/** A model that a processor trains in milliseconds. */
export const tinyPreset: ModelPreset = {
  ...tinyNetworks,
  volume: { kind: 'fit', name: 'tiny', orientation: 'LPS', size: [4, 8, 8], clipHu: [-1000, 600] },
  image: { network: 'simple3dcnn', widths: [4, 8] },
  text: {
    ...tinyNetworks.text,
    tokenizer: 'small',
    maxTokens: 16,
    layers: 1,
    feedForward: 16,
    maxPositions: 16,
  },
  fusion: { kind: 'cosine', dimension: 8, initialScale: 10 },
  training: { ...tinyNetworks.training, epochs: 2, batch: 4 },
};

/** The same with a word for everything: what a checkpoint holds is a hundred times as much. */
export const wordyPreset: ModelPreset = {
  ...tinyPreset,
  name: 'wordy',
  text: { ...tinyPreset.text, tokenizer: 'bert-base-uncased', vocabularySize: 30522 },
};

const places = ['left', 'right', 'front', 'back'] as const;

/** Where in a 6 x 12 x 12 volume (k, j, i; LPS) the dense region of a place lies: j and i from, to. */
const regionOf: Readonly<
  Record<(typeof places)[number], readonly [number, number, number, number]>
> = { left: [3, 9, 8, 12], right: [3, 9, 0, 4], front: [0, 4, 3, 9], back: [8, 12, 3, 9] };

export interface TinyCorpus {
  readonly folder: string;
  /** train.mcqa.jsonl */
  readonly train: string;
  readonly valid: string;
  readonly preset: string;
  /** With the tokenizer of {@link tinyPreset}, which knows the words of the questions. */
  readonly modelsFolder: string;
  /** Paths of the volumes, those of training first. */
  readonly volumes: readonly string[];
  path(...parts: string[]): string;
  /** To train {@link tinyPreset} on the questions of training, into a run of this name. */
  training(run: string): Pick<TrainOptions, 'modelsFolder' | 'preset' | 'dataset' | 'run'> & {
    readonly device: 'cpu';
  };
  writePreset(preset: ModelPreset): Promise<string>;
  remove(): Promise<void>;
}

/** Volumes with one dense region, and questions on where it is: 4 options, or 3 for every fifth. */
export async function writeTinyCorpus(count = 12): Promise<TinyCorpus> {
  const folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-engine-'));
  const path = (...parts: string[]): string => join(folder, ...parts);
  const random = Random.fromSeed(7);
  const volumes: string[] = [];
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    const place = places[i % places.length];
    const name = `train_${i + 1}_a_1.nii.gz`;
    await writeVolume(path(name), {
      shape: [12, 12, 6],
      spacingMm: [2, 2, 4],
      // LPS voxels in a RAS+ world.
      affine: [
        [-2, 0, 0, 0],
        [0, -2, 0, 0],
        [0, 0, 4, 0],
        [0, 0, 0, 1],
      ],
      voxels: voxelsWith(place, random),
    });
    volumes.push(path(name));
    lines.push(JSON.stringify(questionOn(i, name, place, random)));
  }
  const held = Math.ceil(count / 4);
  await writeFile(path('train.mcqa.jsonl'), `${lines.slice(0, -held).join('\n')}\n`);
  await writeFile(path('valid.mcqa.jsonl'), `${lines.slice(-held).join('\n')}\n`);
  const writePreset = async (preset: ModelPreset): Promise<string> => {
    await writeFile(path(`${preset.name}.json`), JSON.stringify(preset));
    return path(`${preset.name}.json`);
  };
  const dataset = path('train.mcqa.jsonl');
  const models = path('models');
  await writeSmallTokenizer(models, places.map(sentenceOn).join(' '));
  const preset = await writePreset(tinyPreset);
  return {
    folder,
    train: dataset,
    valid: path('valid.mcqa.jsonl'),
    preset,
    modelsFolder: models,
    volumes,
    path,
    training: (run) => ({
      modelsFolder: models,
      preset,
      dataset,
      run: path('runs', run),
      device: 'cpu',
    }),
    writePreset,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function voxelsWith(place: (typeof places)[number], random: Random): Int16Array {
  const [fromJ, toJ, fromI, toI] = regionOf[place];
  const voxels = new Int16Array(12 * 12 * 6);
  for (let k = 0; k < 6; k++) {
    for (let j = 0; j < 12; j++) {
      for (let i = 0; i < 12; i++) {
        const isDense = j >= fromJ && j < toJ && i >= fromI && i < toI;
        voxels[i + 12 * (j + 12 * k)] = (isDense ? 400 : -800) + 20 * random.normal();
      }
    }
  }
  return voxels;
}

function sentenceOn(place: (typeof places)[number]): string {
  return `Dense region on the ${place} side${place === 'left' ? ', as before, no other finding' : ''}.`;
}

function questionOn(
  index: number,
  imagePath: string,
  place: (typeof places)[number],
  random: Random,
): object {
  const others = places.filter((other) => other !== place).slice(0, index % 5 === 4 ? 2 : 3);
  const options = [place, ...others].map((each) => ({
    text: sentenceOn(each),
    label: each === place ? 1 : 0,
  }));
  return { id: `q${index}`, image_path: imagePath, options: random.shuffled(options) };
}
