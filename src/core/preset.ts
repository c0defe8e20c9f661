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
  readonly fusion: {
    readonly kind: 'cosine';
    /** Size of the shared embedding. */
    readonly dimension: number;
    /** Learnt scale of the cosine starts here (CLIP: 1 / 0.07). */
    readonly initialScale: number;
  };
  readonly training: TrainingDefaults;
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
  /** A frozen tower keeps its weights; only the projection after it learns. */
  readonly frozen: boolean;
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
  /** What follows the warm-up: the peak to the end, or half a cosine down to 0. */
  readonly schedule: 'constant' | 'cosine';
  readonly weightDecay: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
}
