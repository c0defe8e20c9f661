import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import type { BuildOptions } from '../../../src/core/dataset/build';
import type { ModelPreset, TrainingDefaults } from '../../../src/core/preset';
import { metadataFields } from '../../../src/core/preset';
import type { EvaluateResult } from '../../../src/core/run';
import { writeSampleCorpus } from '../../../src/core/sample/writeCorpus';
import { evaluateFile } from '../../../src/engine/evaluate';
import { train } from '../../../src/engine/train';
import { fusions } from '../networks/variants';
import { writeSmallTokenizer } from './smallTokenizer';
import { tinyPreset } from './tinyCorpus';

/** Small enough for seconds, large enough to tell the phantoms apart. */
const small: ModelPreset = {
  ...tinyPreset,
  name: 'small',
  volume: {
    kind: 'fit',
    name: 'small',
    orientation: 'LPS',
    size: [8, 16, 16],
    clipHu: [-1000, 600],
  },
  image: {
    network: 'simple3dcnn',
    widths: [8, 16],
    fittedStart: { volumes: 16, activeShare: 0.1 },
  },
  text: {
    ...tinyPreset.text,
    tokenizer: 'small',
    maxTokens: 48,
    maxPositions: 48,
    hidden: 32,
    heads: 2,
    feedForward: 32,
    initialDeviation: 0.05,
    attentionGain: 6,
  },
  fusion: { kind: 'cosine', dimension: 32, initialScale: 4 },
  training: {
    ...tinyPreset.training,
    epochs: 30,
    batch: 8,
    learningRate: 3e-3,
    warmupSteps: 10,
    schedule: 'cosine',
  },
};

const files = ['impression', 'mixed', 'yes_no'] as const;
type File = (typeof files)[number];

interface Variation {
  readonly name: string;
  readonly parts: Partial<Pick<ModelPreset, 'fusion' | 'loss' | 'metadata' | 'classification'>>;
  readonly learning?: ModelPreset['text']['learning'];
  readonly training?: Partial<TrainingDefaults>;
  readonly file?: File;
}

const dot = { kind: 'dot', dimension: 32 } as const;
const cross = { ...fusions.cross_attention, dimension: 32, layers: 1, pool: 2 };
/** Attention stays on its plateau at larger rates. */
const gentle = { learningRate: 1e-3 };

const variations: readonly Variation[] = [
  { name: 'cosine', parts: {} },
  { name: 'dot product', parts: { fusion: dot } },
  { name: 'cross-attention', parts: { fusion: cross }, training: gentle },
  { name: 'InfoNCE', parts: { loss: { matching: 'info_nce' } } },
  { name: 'N-pair', parts: { loss: { matching: 'n_pair' } } },
  { name: 'triplet', parts: { loss: { matching: 'triplet' } } },
  { name: 'InfoNCE by cross-attention', parts: { fusion: cross, loss: { matching: 'info_nce' } } },
  {
    name: 'label smoothing',
    parts: { loss: { matching: 'option_cross_entropy', labelSmoothing: 0.1 } },
  },
  { name: 'metadata as a prompt', parts: { metadata: { use: 'prompt', fields: ['age', 'sex'] } } },
  {
    name: 'metadata as an embedding',
    parts: { metadata: { use: 'embedding', fields: metadataFields } },
  },
  { name: 'metadata as a token', parts: { metadata: { use: 'token', fields: metadataFields } } },
  {
    name: 'metadata as a token of cross-attention',
    parts: { fusion: cross, metadata: { use: 'token', fields: metadataFields } },
    training: gentle,
  },
  { name: 'findings beside matching', parts: { classification: { weight: 3 } } },
  { name: 'hard negatives', parts: {}, training: { hardNegatives: { afterEpochs: 15 } } },
  {
    name: 'hard negatives every few steps',
    parts: {},
    training: { hardNegatives: { afterEpochs: 15, everySteps: 5 } },
  },
  { name: 'a frozen text tower', parts: {}, learning: 'frozen', training: { epochs: 60 } },
  { name: 'a cached text tower', parts: {}, learning: 'cached', training: { epochs: 60 } },
  {
    name: 'a cached text tower under cross-attention',
    parts: { fusion: cross },
    learning: 'cached',
    training: { ...gentle, epochs: 50 },
  },
  { name: 'mixed precision', parts: {}, training: { precision: 'mixed' } },
  {
    name: 'mixed precision under cross-attention',
    parts: { fusion: cross },
    training: { ...gentle, precision: 'mixed' },
  },
  { name: 'mixed option styles', parts: {}, file: 'mixed' },
  { name: 'yes/no prompts', parts: {}, file: 'yes_no', training: { epochs: 60 } },
];

describe('every part of the method learns its questions', () => {
  let folder: string;
  let runs = 0;
  let vocabularySize = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-learns-'));
    await writeSampleCorpus(folder, { volumes: 32, size: [16, 32, 32], seed: 2 });
    const build: Omit<BuildOptions, 'out'> = {
      reports: join(folder, 'reports.csv'),
      metadata: join(folder, 'metadata.csv'),
      labels: join(folder, 'labels.csv'),
      images: join(folder, 'images'),
      options: 2,
      seed: 1,
    };
    for (const mode of files) {
      await buildDataset({ ...build, mode, out: dataset(mode) });
    }
    const texts = await Promise.all(files.map((file) => readFile(dataset(file), 'utf8')));
    // Numbers and words of the metadata sentence stand in the files too.
    vocabularySize = await writeSmallTokenizer(folder, texts.join('\n'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  function dataset(file: File): string {
    return join(folder, `${file}.mcqa.jsonl`);
  }

  /** Trains on a file and answers the same file. */
  async function learnt({
    parts,
    learning,
    training,
    file = 'impression',
  }: Variation): Promise<EvaluateResult> {
    const preset: ModelPreset = {
      ...small,
      ...parts,
      text: { ...small.text, vocabularySize, learning: learning ?? 'trainable' },
      training: { ...small.training, ...training },
    };
    const name = `run-${++runs}`;
    const path = join(folder, `${name}.json`);
    await writeFile(path, JSON.stringify(preset));
    const run = join(folder, '.ct-mcqa', 'runs', name);
    const options = { modelsFolder: folder, dataset: dataset(file), run, device: 'cpu' } as const;
    await train({ ...options, preset: path, seed: 3, mixedOnProcessor: true }, {});
    return (await evaluateFile({ ...options, predictions: join(run, 'p.jsonl') }, {})).result;
  }

  for (const variation of variations) {
    it(variation.name, async () => {
      const { top1, by_mode: modes, findings } = await learnt(variation);
      // Of 32 questions of two options; by chance that happens once in 100 000 times.
      assert.ok(top1 >= 0.85, `top-1 ${top1}`);
      if (variation.file === 'mixed') {
        assert.deepEqual(Object.keys(modes), ['full_report', 'impression', 'keywords']);
      }
      if (variation.parts.classification) {
        assert.ok(findings!.mean_auroc >= 0.8, `AUROC ${findings!.mean_auroc}`);
      }
    });
  }

  it('and passes no bar where the weights hardly move', async () => {
    for (const file of files) {
      const { top1, findings } = await learnt({
        name: 'still',
        file,
        parts: { classification: { weight: 1 } },
        training: { learningRate: 1e-12, epochs: 1 },
      });
      assert.ok(top1 < 0.75, `top-1 ${top1} of ${file}`);
      assert.ok(findings!.mean_auroc < 0.7, `AUROC ${findings!.mean_auroc} of ${file}`);
    }
  });
});
