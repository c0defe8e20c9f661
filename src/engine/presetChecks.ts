import {
  count,
  flag,
  isCount,
  isNumber,
  isObject,
  oneOf,
  optional,
  positive,
  shapeProblem,
  text,
  valueAt,
  wholeNumber,
} from '../core/jsonShape';
import type { Check, ShapeChecks } from '../core/jsonShape';
import { metadataFields } from '../core/preset';
import type { ModelPreset } from '../core/preset';
import { countWeights, volumeSize } from '../networks';

/** A model file holds at most 2 GB of float32. */
const mostWeights = 5e8;
/** Elements of the largest array that can be prepared, 2 GB of float32. */
const mostVoxels = 2 ** 29;
/** As CLIP clamps it (Radford et al. 2021). */
const largestScale = 100;

const part: Check = [isObject, 'an object of settings'];
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
const probability: Check = [
  (value) => isNumber(value) && value >= 0 && value <= 1,
  'a number from 0 to 1',
];
const someShare: Check = [
  (value) => isNumber(value) && value > 0 && value <= 1,
  'a number above 0 and up to 1',
];
const scale: Check = [
  (value) => isNumber(value) && value > 0 && value <= largestScale,
  `a number above 0 and up to ${largestScale}`,
];
const folderName: Check = [
  (value) => typeof value === 'string' && /^\w[\w.-]*$/.test(value),
  'the name of a folder in models/tokenizers',
];
const distinctNames: Check = [
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((name) => typeof name === 'string' && name !== '') &&
    new Set(value).size === value.length,
  'a list of different texts',
];
const metadataFieldList: Check = [
  (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((field) => metadataFields.some((known) => known === field)) &&
    new Set(value).size === value.length,
  `a list of ${metadataFields.join(', ')}`,
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
  'text.tokenizer': folderName,
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
  'fusion.kind': oneOf('cosine', 'dot', 'cross_attention'),
  'fusion.dimension': count,
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
  'training.stepsPerRun': optional(count),
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

/** What must stand where a part of the preset is of a kind, by the path of the kind. */
const checksByKind: Readonly<Record<string, Readonly<Record<string, ShapeChecks>>>> = {
  'volume.kind': { fit: fitChecks, ctclip: ctclipChecks },
  'fusion.kind': {
    cosine: { 'fusion.initialScale': scale },
    dot: {},
    cross_attention: {
      'fusion.layers': count,
      'fusion.heads': count,
      'fusion.feedForward': count,
      'fusion.pool': optional(count),
    },
  },
};

/** What must stand in a part that a preset may leave out, by the path of the part. */
const checksByPart: Readonly<Record<string, ShapeChecks>> = {
  metadata: {
    'metadata.use': oneOf('prompt', 'embedding', 'token'),
    'metadata.fields': metadataFieldList,
    'metadata.hidden': optional(count),
  },
  loss: {
    'loss.matching': oneOf('option_cross_entropy', 'info_nce', 'n_pair', 'triplet'),
    'loss.labelSmoothing': optional(decay),
    'loss.margin': optional(positive),
  },
  classification: {
    'classification.weight': positive,
    'classification.findings': optional(distinctNames),
  },
  'training.hardNegatives': {
    'training.hardNegatives.everySteps': optional(count),
    'training.hardNegatives.afterEpochs': optional(wholeNumber),
    'training.hardNegatives.share': optional(someShare),
  },
  'training.augmentation': {
    'training.augmentation.flip': optional(probability),
    'training.augmentation.shiftVoxels': optional(notNegative),
    'training.augmentation.scale': optional(decay),
    'training.augmentation.offsetHu': optional(notNegative),
    'training.augmentation.contrast': optional(decay),
    'training.augmentation.noiseHu': optional(notNegative),
  },
};

/** Each combination that cannot be, and why. */
const impossible: readonly {
  readonly when: (preset: ModelPreset) => boolean;
  readonly problem: string;
}[] = [
  {
    when: ({ text: { maxTokens, maxPositions } }) => maxTokens > maxPositions,
    problem: '"text.maxTokens" must not exceed "text.maxPositions"',
  },
  {
    when: ({ text: { hidden, heads } }) => hidden % heads !== 0,
    problem: '"text.hidden" must be a multiple of "text.heads"',
  },
  {
    when: ({ fusion }) =>
      fusion.kind === 'cross_attention' && fusion.dimension % fusion.heads !== 0,
    problem: '"fusion.dimension" must be a multiple of "fusion.heads"',
  },
  {
    when: ({ fusion, image, volume }) => {
      const smallest = Math.min(...volumeSize(volume));
      const cells = Math.floor(smallest / 2 ** (image.widths.length - 1));
      return cells < (fusion.kind === 'cross_attention' ? (fusion.pool ?? 1) : 1);
    },
    problem:
      'the last feature map has no cell left: use fewer "image.widths", a smaller "fusion.pool", or a larger "volume.size"',
  },
  {
    when: ({ loss }) => loss?.matching === 'triplet' && (loss.labelSmoothing ?? 0) > 0,
    problem: '"loss.labelSmoothing" is not for the triplet loss, which has no target to smooth',
  },
  {
    when: ({ loss }) => loss?.margin !== undefined && loss.matching !== 'triplet',
    problem: '"loss.margin" is for the triplet loss only',
  },
  {
    when: ({ loss, training }) => loss?.matching === 'info_nce' && training.batch < 2,
    problem: '"info_nce" takes its negatives from the batch: "training.batch" must be 2 or more',
  },
  {
    when: ({ metadata, text: { learning }, training: { hardNegatives } }) =>
      metadata?.use === 'prompt' && learning === 'cached' && hardNegatives !== undefined,
    problem:
      'mined options get the metadata of another scan, so their texts are new, and "text.learning" "cached" knows states of the file\'s texts only: use "frozen", or metadata as "embedding" or "token"',
  },
  {
    when: ({ training: { optimiser = 'adamw', momentum = 0, nesterov = false } }) =>
      optimiser !== 'sgd' && (momentum > 0 || nesterov),
    problem:
      '"training.momentum" and "training.nesterov" are of "sgd": set "training.optimiser" to it',
  },
  {
    when: ({ training: { nesterov = false, momentum = 0 } }) => nesterov && momentum === 0,
    problem: '"training.nesterov" needs a "training.momentum" above 0',
  },
  {
    when: ({ training: { hardNegatives, epochs } }) =>
      hardNegatives !== undefined && (hardNegatives.afterEpochs ?? 1) >= epochs,
    problem:
      'no distractor would be mined: "training.hardNegatives.afterEpochs" (1 where absent) must be below "training.epochs"',
  },
  {
    when: ({ volume }) => volumeSize(volume).reduce((a, b) => a * b) > mostVoxels,
    problem: 'a prepared volume has more than 2 GB: use a smaller "volume.size"',
  },
  {
    when: (preset) => countWeights(preset) > mostWeights,
    problem:
      'the model has more than 500 million weights, which no model file can hold: use smaller "image.widths" or a smaller text tower',
  },
];

/** Every path of a preset at which a value may stand, such as `training.clipNorm`. */
export const presetPaths: readonly string[] = [
  presetChecks,
  ...Object.values(checksByKind).flatMap((kinds) => Object.values(kinds)),
  ...Object.values(checksByPart),
].flatMap((checks) => Object.keys(checks));

/** Whether something may stand at this path of a preset: a value, or a part with values. */
export function isPresetPath(path: string): boolean {
  return presetPaths.some((known) => known === path || known.startsWith(`${path}.`));
}

/** The first thing wrong with a preset read from JSON, in words; undefined where it is valid. */
export function presetProblem(preset: unknown): string | undefined {
  const ofKinds = Object.entries(checksByKind).map(([path, kinds]) => {
    const kind = valueAt(preset, path);
    return typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : {};
  });
  const ofParts = Object.entries(checksByPart).map(([path, checks]) =>
    valueAt(preset, path) === undefined ? {} : { [path]: part, ...checks },
  );
  const checks = Object.assign({}, presetChecks, ...ofKinds, ...ofParts) as ShapeChecks;
  return (
    shapeProblem(preset, checks) ??
    impossible.find(({ when }) => when(preset as ModelPreset))?.problem
  );
}
