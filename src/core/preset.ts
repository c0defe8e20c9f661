import type { PreprocessingProfile } from './volume/profile';

/** A model a user may pick: one JSON file of `models/`. */
export interface ModelPreset {
  /** File name without `.json`, such as `cnn3d-bert-small`. */
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  readonly description: string;
  readonly volume: PreprocessingProfile;
  readonly image: Simple3dCnnSettings;
  readonly text: BertSettings;
  readonly fusion: FusionSettings;
  /** What is known of patient and scan, beside the image; not used where absent. */
  readonly metadata?: MetadataSettings;
  /** The loss of matching; cross-entropy over the options where absent. */
  readonly loss?: LossSettings;
  /** A second task beside matching: the findings of the labels table; none where absent. */
  readonly classification?: ClassificationSettings;
  readonly training: TrainingDefaults;
}

/** How image and text meet. */
export type FusionSettings = CosineFusion | DotFusion | CrossAttentionFusion;

/** Dual tower: logit = exp(logit_scale) cos(image, text). */
export interface CosineFusion {
  readonly kind: 'cosine';
  /** Size of the shared embedding. */
  readonly dimension: number;
  /** Learnt scale of the cosine starts here (CLIP: 1 / 0.07). */
  readonly initialScale: number;
}

/** Dual tower: logit = image . text / sqrt(dimension), lengths free. */
export interface DotFusion {
  readonly kind: 'dot';
  readonly dimension: number;
}

/**
 * Text tokens look at image tokens (the cells of the last feature map, projected, each with a learnt
 * vector for its place) and at each other; the logit is read from the first text token.
 */
export interface CrossAttentionFusion {
  readonly kind: 'cross_attention';
  /** Width of the fusion layers. */
  readonly dimension: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  /** Edge of the cubes of cells that are joined into one image token (their maximum); 1 where absent. */
  readonly pool?: number;
}

export const metadataFields = ['age', 'sex', 'manufacturer', 'kernel', 'spacing'] as const;
export type MetadataField = (typeof metadataFields)[number];

export interface MetadataSettings {
  /**
   * `prompt`: a sentence before each option; `embedding`: an MLP's output added to the image side
   * (to each image token in cross-attention); `token`: one token more on the image side, which
   * cross-attention sees as one more image token and dual towers join with the image vector by
   * attention pooling. Missing values are allowed in all.
   */
  readonly use: 'prompt' | 'embedding' | 'token';
  readonly fields: readonly MetadataField[];
  /** Width of the hidden layer of the MLP, where there is one; 32 where absent. */
  readonly hidden?: number;
}

export interface LossSettings {
  /**
   * `option_cross_entropy`: softmax over the options of each question; `info_nce`: symmetric over
   * the scans and true texts of the batch; `n_pair`: softmax of each scan over all texts of the
   * batch, options included; `triplet`: max(0, margin + s(false) - s(true)), mean over the false options.
   */
  readonly matching: 'option_cross_entropy' | 'info_nce' | 'n_pair' | 'triplet';
  /** Share of the target spread evenly over all choices; 0 where absent. */
  readonly labelSmoothing?: number;
  /** Of the triplet loss, in units of the similarity before its scale; 0.2 where absent. */
  readonly margin?: number;
}

/** Binary cross-entropy of one logit a finding, read from the image side; missing labels are masked. */
export interface ClassificationSettings {
  /** Weight of this loss beside the matching loss, which has weight 1. */
  readonly weight: number;
  /** Columns of the labels table; CT-RATE's 18 where absent. */
  readonly findings?: readonly string[];
}

export interface Simple3dCnnSettings {
  readonly network: 'simple3dcnn';
  /** Channels after each convolution. */
  readonly widths: readonly number[];
  /** Fits the first weights to some of the training volumes; without it they stay as drawn. */
  readonly fittedStart?: {
    /** How many training volumes to look at. */
    readonly volumes: number;
    /** Share of the voxels at which a channel is active at first. */
    readonly activeShare: number;
  };
}

export interface BertSettings {
  readonly network: 'bert';
  /** Folder under `models/tokenizers/`. */
  readonly tokenizer: string;
  /** Token rows are cut and padded to this many, [CLS] and [SEP] counted. */
  readonly maxTokens: number;
  readonly vocabularySize: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly feedForward: number;
  readonly maxPositions: number;
  /**
   * `trainable`; `frozen`: keeps its weights, run in each step; `cached`: keeps its weights, and its
   * states of all texts are computed once, so that a step does no text work.
   */
  readonly learning: 'trainable' | 'frozen' | 'cached';
  /** Standard deviation of the first weights; BERT's own 0.02 where absent. */
  readonly initialDeviation?: number;
  /**
   * Factor on the first weights of the value and output projections, 1 where absent. Above 1 the
   * state of [CLS] depends on the words from the first step on, which shortens the plateau at the
   * start of training from scratch.
   */
  readonly attentionGain?: number;
}

export interface TrainingDefaults {
  readonly epochs: number;
  /** Questions a step. */
  readonly batch: number;
  /** Peak learning rate, reached after the warm-up. */
  readonly learningRate: number;
  /** Steps over which the learning rate rises linearly from 0. */
  readonly warmupSteps: number;
  /** What follows the warm-up: the peak to the end, half a cosine down to 0, or a line down to 0. */
  readonly schedule: 'constant' | 'cosine' | 'linear';
  /** AdamW where absent. */
  readonly optimiser?: 'adamw' | 'sgd';
  /** Of SGD; 0 where absent. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay: number;
  /** True: biases, norms and the logit scale decay too. */
  readonly decayAll?: boolean;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  /** Batches whose gradients are averaged before one optimiser step; 1 where absent. */
  readonly accumulate?: number;
  /** Gradients are scaled down to at most this global norm; not clipped where absent. */
  readonly clipNorm?: number;
  /** Decay a step of the running mean of the weights that is evaluated and exported; none where absent. */
  readonly averageDecay?: number;
  /** Stop after this many validations without a better score; never where absent. */
  readonly patience?: number;
  /** Steps that one run takes on devices whose results all come back; the device's usual where absent. */
  readonly stepsPerRun?: number;
  /** `mixed`: 16-bit products where the device has them; `float32` where absent. */
  readonly precision?: 'float32' | 'mixed';
  /**
   * What happens to a step whose loss or gradients are no numbers. `stop` (where absent): the run ends
   * as failed, its last checkpoint stands. `skip`: the whole optimiser step, all of its accumulated
   * batches, is left out and logged, and training goes on with the next; 20 in a row (where an epoch
   * has fewer steps, as many as it has, but at least 2) end the run all the same. Whether the
   * gradients are numbers is seen by their norm, which is computed for `skip` and for `clipNorm`;
   * without it `stop` looks at the loss alone.
   */
  readonly onBadLoss?: 'stop' | 'skip';
  readonly hardNegatives?: HardNegativeSettings;
  readonly augmentation?: AugmentationSettings;
}

/** The model's own most confusable reports become the distractors. */
export interface HardNegativeSettings {
  /** Mine anew after so many steps; each epoch where absent. */
  readonly everySteps?: number;
  /** Epochs with the distractors of the file before the first mining; 1 where absent. */
  readonly afterEpochs?: number;
  /** Share of the distractors of each question that are replaced; 1 where absent. */
  readonly share?: number;
}

/** Changes of the training volumes, drawn anew in each epoch; each is left out where absent. */
export interface AugmentationSettings {
  /** Probability of mirroring left and right; never where a text of the question names a side. */
  readonly flip?: number;
  /** Largest shift along each axis, voxels of the prepared volume. */
  readonly shiftVoxels?: number;
  /** Largest change of size: 0.1 is 0.9 to 1.1. */
  readonly scale?: number;
  /** Largest offset, HU. */
  readonly offsetHu?: number;
  /** Largest change of contrast about the middle of the clipped range: 0.1 is 0.9 to 1.1. */
  readonly contrast?: number;
  /** Standard deviation of the noise, HU. */
  readonly noiseHu?: number;
}
