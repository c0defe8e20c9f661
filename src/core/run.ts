import type { OptionMode, ReportMode } from './dataset/record';
import type { ModelPreset } from './preset';
import type { PresetOverrides } from './presetOverrides';
import type { RescaleChoice } from './volume/rescale';

/*
 * What training and scoring say about themselves: the plain data of a run folder, of the command
 * line's JSON and of the messages between processes. (JSON of presets and runs is camelCase, as the
 * presets are; the JSON of `evaluate` has the snake_case keys of the data set files.)
 */

/** Where a model runs; `auto` is the fastest that works. */
export const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof devices)[number];
/** A device that was really used. */
export type Provider = Exclude<Device, 'auto'>;

/** One logged training step; also a line of `metrics.jsonl` (see {@link MetricsLine}). */
export interface TrainStep {
  /** Optimiser steps done, from 1 on. */
  readonly step: number;
  /** Steps the whole run will have. */
  readonly steps: number;
  /** Epoch this step belongs to, from 1 on. */
  readonly epoch: number;
  readonly epochs: number;
  /** Mean loss over the questions since the last logged step. */
  readonly loss: number;
  /** Share of those questions answered right. */
  readonly accuracy: number;
  /** The learning rate of this step. */
  readonly learningRate: number;
  readonly questionsPerSecond: number;
  /** Estimated time to the end of training. */
  readonly secondsLeft: number;
  /** Share of the time since the last logged step spent waiting for data. */
  readonly waitShare?: number;
  /** Mean norm of all gradients together before clipping, where the step computes it. */
  readonly gradientNorm?: number;
  /** What the loss of the next step is multiplied by; in mixed precision. */
  readonly lossScale?: number;
  /** Steps since the last logged step that were left out for a smaller scale; in mixed precision. */
  readonly overflows?: number;
}

/** How the model did on the validation questions at a step. */
export interface ValidationScore {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** How the model does on the validation questions after an epoch. */
export interface ValidationStep extends ValidationScore {
  readonly epochs: number;
  readonly questions: number;
}

/** A step whose loss or gradients were no numbers, and which was left out. */
export interface SkippedStep {
  readonly step: number;
  readonly epoch: number;
  /** Ids of the questions of its batches. */
  readonly questions: readonly string[];
}

/** One line of `metrics.jsonl`. */
export type MetricsLine =
  | ({ readonly kind: 'step' } & TrainStep)
  | ({ readonly kind: 'validation' } & ValidationStep)
  | ({ readonly kind: 'skipped' } & SkippedStep);

/** How far the training of a run came. */
export const runStates = ['training', 'cancelled', 'failed', 'finished'] as const;
export type RunState = (typeof runStates)[number];

/** `run.json`: everything needed to repeat the run, and what came of it. */
export interface RunDescription {
  readonly version: 1;
  /** Name of the run folder. */
  readonly name: string;
  readonly state: RunState;
  /** What trains it, while it is trained; still there in a run whose process was killed. */
  readonly process?: RunProcess;
  /** The preset as used, the overrides applied. */
  readonly preset: ModelPreset;
  /** What was asked for in place of the preset's values, by path. */
  readonly overrides?: PresetOverrides;
  readonly dataset: { readonly path: string; readonly hash: string; readonly questions: number };
  readonly valid?: { readonly path: string; readonly hash: string; readonly questions: number };
  readonly seed: number;
  readonly device: Provider;
  readonly versions: Versions;
  /** Fingerprint of the preprocessing profile, {@link rescale} included. */
  readonly preprocessing: string;
  /** Which slope and intercept made HU of the volumes; absent: those of the files. */
  readonly rescale?: RescaleChoice;
  /** Fingerprint of tokenizer and text settings. */
  readonly text: string;
  /** Tokens a text is cut and padded to in training. */
  readonly tokens: number;
  /** What most training options show of a report; reports from a table are scored in this form. */
  readonly textMode: ReportMode;
  /** ISO 8601. */
  readonly created: string;
  /** Optimiser steps done, of how many. */
  readonly step: number;
  readonly steps: number;
  /** SHA-256 of the weights that score; absent until the first checkpoint. */
  readonly modelHash?: string;
  /**
   * The validation that did best (highest accuracy, then lowest loss), whose weights score and make
   * `model.onnx`, and the last one; absent where nothing was validated.
   */
  readonly best?: ValidationScore;
  readonly last?: ValidationScore;
  readonly finished?: string;
}

/** A process, by which a reader sees whether a run is still trained. */
export interface RunProcess {
  readonly pid: number;
  /** Name of the machine that it runs on. */
  readonly host: string;
  /** When it was started, ISO 8601. */
  readonly started?: string;
}

export interface Versions {
  readonly product: string;
  readonly node: string;
  readonly onnxruntime: string;
}

/** A run folder in a list of runs. */
export interface RunSummary {
  readonly folder: string;
  readonly name: string;
  readonly state: RunState;
  readonly preset: string;
  readonly created: string;
  readonly dataset: string;
  readonly questions: number;
  readonly step: number;
  readonly steps: number;
  /** True where the run has a model that can score. */
  readonly ready: boolean;
  readonly lastStep?: TrainStep;
  readonly lastValidation?: ValidationStep;
}

export interface PresetSummary {
  /** What `--model` takes. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** What to train, on what, and where to. */
export interface TrainOptions {
  /** Folder of the presets and tokenizers that ship. */
  readonly modelsFolder: string;
  /** Name of a preset in it, or the path of a preset file; a resumed run has its own. */
  readonly preset?: string;
  readonly dataset: string;
  /** Questions to measure on after each epoch; a resumed run keeps its own where not given. */
  readonly valid?: string;
  /** Folders to look for images in, beside those the data set names. */
  readonly imageRoots?: readonly string[];
  readonly run: string;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  /** Other values of the preset, by path, such as `training.clipNorm`. */
  readonly overrides?: PresetOverrides;
  readonly device?: Device;
  readonly seed?: number;
  /** Which slope and intercept make HU of the volumes; those of the files where not given. A resumed run keeps its own. */
  readonly rescale?: RescaleChoice;
  /** Metadata table for `rescale` "csv", in place of the one that the side file names. */
  readonly metadata?: string;
  /** Go on where the run folder's checkpoint stands. */
  readonly resume?: boolean;
  /**
   * Lets the processor train in mixed precision too: it rounds as other devices do and is slower than
   * in float32, so this is for looking at the numbers.
   */
  readonly mixedOnProcessor?: boolean;
}

/** What to measure on what. */
export interface EvaluateOptions {
  readonly modelsFolder: string;
  readonly run: string;
  readonly dataset: string;
  /** Folders to look for images in, beside those the data set names. */
  readonly imageRoots?: readonly string[];
  readonly device?: Device;
  /** Must be the run's, which counts where it is not given. */
  readonly rescale?: RescaleChoice;
  /** Metadata table of a run with `rescale` "csv", in place of the one that the side file names. */
  readonly metadata?: string;
  /** Where to write the predictions; beside the data set where not given. */
  readonly predictions?: string;
}

/** The measures, and where the answers stand. */
export interface EvaluateAnswer {
  readonly result: EvaluateResult;
  /** The predictions file that was written. */
  readonly predictions: string;
}

/** What to score against what. */
export interface ScoreOptions {
  readonly modelsFolder: string;
  readonly run: string;
  readonly volume: string;
  /** Folders to look for images in, beside those the data set names. */
  readonly imageRoots?: readonly string[];
  readonly device?: Device;
  /** Must be the run's, which counts where it is not given. */
  readonly rescale?: RescaleChoice;
  /** Metadata table of a run with `rescale` "csv", in place of the one that the side file names. */
  readonly metadata?: string;
  /** What to rank: the options of the volume's questions in a data set, or the rows of a reports table. */
  readonly texts:
    | {
        readonly kind: 'dataset';
        readonly path: string;
        /** Predictions file that takes up the answers to the volume's questions. */
        readonly predictions?: string;
      }
    | { readonly kind: 'reports'; readonly path: string };
  /** How many of each ranking come back; all where not given. */
  readonly top?: number;
}

/** What training gives back. */
export interface TrainResult {
  readonly folder: string;
  readonly device: Provider;
  readonly steps: number;
  readonly seconds: number;
  readonly lastStep?: TrainStep;
  readonly lastValidation?: ValidationStep;
  readonly modelHash: string;
}

/** The JSON of `ct-mcqa evaluate`. */
export interface EvaluateResult {
  readonly questions: number;
  /** Share of questions whose true option has the highest logit. */
  readonly top1: number;
  /** 95 % confidence interval of `top1`. */
  readonly top1_ci: readonly [number, number];
  readonly top1_ci_method: string;
  /** Mean of 1 / number of options. */
  readonly chance: number;
  /** Share of questions whose true option is among the k best, by k (as text). */
  readonly recall: Readonly<Record<string, number>>;
  /** Mean reciprocal rank of the true option. */
  readonly mrr: number;
  /** Top-1 of a model that saw the training questions' texts but no image (see `text_only_method`). */
  readonly text_only_top1: number;
  readonly text_only_method: string;
  /** Where the run has seen these very questions, what for: they flatter it. */
  readonly seen_in?: 'training' | 'validation';
  /** The same for the questions of each mode that the file has. */
  readonly by_mode: Readonly<Partial<Record<OptionMode, ModeResult>>>;
  /** How well each finding is told, where the run has a head for findings and the volumes have labels. */
  readonly findings?: FindingsResult;
}

export interface ModeResult {
  readonly questions: number;
  readonly top1: number;
  readonly top1_ci: readonly [number, number];
  readonly chance: number;
}

export interface FindingsResult {
  /** Mean over the findings that some volumes show and others do not. */
  readonly mean_auroc: number;
  /** By finding: null where all volumes are alike. */
  readonly auroc: Readonly<Record<string, FindingResult>>;
}

export interface FindingResult {
  /** Area under the ROC curve over the volumes, ties counting one half. */
  readonly auroc: number | null;
  /** Volumes that show the finding, and volumes that do not. */
  readonly positive: number;
  readonly negative: number;
}

/** One text's place for a volume. */
export interface ScoredText {
  /** Where the text came from: an option's letter, or the row of a reports table. */
  readonly label: string;
  /** Id of the question that the text is an option of. */
  readonly question?: string;
  readonly text: string;
  readonly logit: number;
  /** Softmax over the options of the question, or over all reports of the table. */
  readonly probability: number;
  /** Where the text is an option of a question: whether it is the true one. */
  readonly truth?: boolean;
}

/** What scoring one volume gives back: each question's options, or all reports, best first. */
export interface ScoreResult {
  readonly volume: string;
  readonly run: string;
  /** Texts scored, of which `ranking` may hold the best only. */
  readonly texts: number;
  readonly ranking: readonly ScoredText[];
  /** The predictions file that was written, if one was asked for. */
  readonly predictions?: string;
  /** The fingerprints of what made these scores. */
  readonly modelHash: string;
  readonly preprocessing: string;
  readonly text: string;
}

/** One execution provider, as a tiny run found it. */
export interface ProviderReport {
  readonly provider: Provider;
  readonly works: boolean;
  /** Why it does not work, or why `auto` passes it over. */
  readonly reason?: string;
  /** Speed of a small matrix product, 10^9 floating-point operations a second. */
  readonly gflops?: number;
  /** Whether it trains in mixed precision; of a device that works. */
  readonly mixedPrecision?: boolean;
  /** Why it does not. */
  readonly mixedPrecisionReason?: string;
}

/** The JSON of `ct-mcqa doctor`. */
export interface DoctorReport {
  readonly versions: Versions;
  readonly platform: string;
  readonly cores: { readonly physical: number; readonly available: number };
  readonly memoryGb: { readonly total: number; readonly free: number };
  readonly providers: readonly ProviderReport[];
  /** What `auto` would use. */
  readonly device: Provider;
  readonly presets: readonly PresetSummary[];
  /** Things that do not work as they should, one sentence each with its remedy. */
  readonly problems: readonly string[];
}
