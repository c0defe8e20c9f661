import { access } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { reportModes } from '../core/dataset/record';
import type { ReportMode } from '../core/dataset/record';
import { UserError } from '../core/errors';
import type { ModelPreset } from '../core/preset';
import type { PresetOverrides } from '../core/presetOverrides';
import type { LongWork } from '../core/progress';
import { Random } from '../core/random';
import { RunFolder } from '../core/runs/runFolder';
import { thisProcess } from '../core/runs/runProcess';
import { requireRoomFor } from '../core/storage/folders';
import type { Provider, RunDescription, TrainOptions } from '../core/run';
import { initialParameters } from '../networks';
import { hashWeights, loadCheckpoint, loadWeights } from './checkpoint';
import type { Checkpoint } from './checkpoint';
import { scoringWeights } from './deviceState';
import { fitImageTower } from './fittedStart';
import { modeOf, requireUsable } from './modelQuestions';
import {
  nothingToMine,
  nothingToResume,
  patienceWithoutValidation,
  refuseBusy,
  runExists,
  runFinished,
} from './planFailures';
import { loadPreset, overriddenPreset } from './presets';
import { chooseProvider, requireMixedPrecision } from './providers';
import { epochBatches } from './questionOrder';
import { lookUpRescale, neededVolumes, readAnsweredQuestions } from './questions';
import type { AnsweredQuestion } from './questions';
import { warmupIn } from './schedule';
import { TextEncoder } from './texts';
import { isOutOfPatience } from './validation';
import { versions } from './versions';
import { VolumeStore } from './volumeStore';
import type { PreparedVolume } from './volumeStore';

/** Everything a run needs, read, checked and prepared: from here on training only computes. */
export interface TrainingPlan {
  readonly folder: RunFolder;
  readonly preset: ModelPreset;
  readonly provider: Provider;
  readonly questions: readonly AnsweredQuestion[];
  readonly validQuestions: readonly AnsweredQuestion[];
  readonly encoder: TextEncoder;
  readonly store: VolumeStore;
  /** Where to start: the run's checkpoint, or fresh weights. */
  readonly start: Checkpoint;
  readonly stepsPerEpoch: number;
  readonly steps: number;
  /** What run.json will say. */
  readonly description: RunDescription;
  /** What was settled otherwise than asked, a sentence each. */
  readonly notices: readonly string[];
}

/**
 * Reads the data and the preset, prepares volumes and texts, and settles where training starts.
 * Writes nothing but the cache of prepared volumes.
 */
export async function planTraining(options: TrainOptions, work: LongWork): Promise<TrainingPlan> {
  const folder = new RunFolder(options.run);
  const resumed = await runToResume(folder, options);
  const overrides = { ...(resumed && keptOverrides(resumed)), ...givenOverrides(options) };
  const chosen = overriddenPreset(await presetFor(options, resumed), overrides);
  const provider = await providerFor(options, chosen);
  const { data, valid } = await readData(options, chosen, resumed, work);
  const { questions } = data;
  const validQuestions = valid?.questions ?? [];
  const preset = withBatchOfAtMost(questions.length, chosen);

  const all = [...questions, ...validQuestions];
  const texts = all.flatMap((question) => question.texts);
  const encoder = await TextEncoder.load(options.modelsFolder, preset);
  await encoder.prepare(texts, work);
  const rescale = options.rescale ?? resumed?.rescale ?? 'auto';
  const store = new VolumeStore(folder.cache, preset.volume, { rescale });
  for (const part of [data, ...(valid ? [valid] : [])]) {
    await lookUpRescale(store, part, options, work);
  }
  await store.prepare(neededVolumes(all), work);

  const seed = options.seed ?? resumed?.seed ?? 0;
  const stepsPerEpoch = countSteps(questions, preset, seed);
  const steps = stepsPerEpoch * preset.training.epochs;
  const description: RunDescription = {
    version: 1,
    name: folder.name,
    state: 'training',
    process: thisProcess(),
    preset,
    ...(Object.keys(overrides).length > 0 && { overrides }),
    dataset: sourceOf(data),
    ...(valid && { valid: sourceOf(valid) }),
    seed,
    device: provider,
    versions: await versions(),
    preprocessing: store.fingerprint,
    ...(rescale !== 'auto' && { rescale }),
    text: encoder.fingerprint,
    tokens: encoder.rowLength(questions.flatMap((question) => question.texts)),
    textMode: usualMode(questions),
    created: resumed?.created ?? new Date().toISOString(),
    step: 0,
    steps,
  };
  if (resumed) {
    refuseOtherRun(resumed, description);
  }
  const start =
    resumed && (await isThere(folder.checkpoint))
      ? await loadCheckpoint(folder.checkpoint)
      : await freshStart({ preset, store, seed }, questions, work);
  refuseFinished(folder, resumed, start, preset);
  const before = { step: start.position.step, ...(await scoresAsBefore(folder, start)) };
  return {
    folder,
    preset,
    provider,
    questions,
    validQuestions,
    encoder,
    store,
    start,
    stepsPerEpoch,
    steps,
    description: { ...description, ...before },
    notices: noticesOn(chosen, preset, steps),
  };
}

/**
 * The run that is to be resumed, where one is.
 * @throws UserError where the folder cannot be trained into
 */
async function runToResume(
  folder: RunFolder,
  { resume = false }: TrainOptions,
): Promise<RunDescription | undefined> {
  await requireRoomFor(folder.path);
  const previous = await folder.read();
  if (resume && previous === undefined) {
    throw nothingToResume(folder);
  }
  if (!resume && previous?.modelHash !== undefined) {
    throw runExists(folder);
  }
  refuseBusy(folder, previous);
  return resume ? previous : undefined;
}

async function providerFor(
  { device = 'auto', mixedOnProcessor = false }: TrainOptions,
  { training }: ModelPreset,
): Promise<Provider> {
  const provider = await chooseProvider(device);
  if (training.precision === 'mixed' && !mixedOnProcessor) {
    await requireMixedPrecision(provider);
  }
  return provider;
}

type AnsweredFile = Awaited<ReturnType<typeof readAnsweredQuestions>>;

/** The questions to train on and those to validate on; they must be what the preset can learn. */
async function readData(
  options: TrainOptions,
  preset: ModelPreset,
  resumed: RunDescription | undefined,
  work: LongWork,
): Promise<{ readonly data: AnsweredFile; readonly valid: AnsweredFile | undefined }> {
  const data = await readAnsweredQuestions(options.dataset, preset, work, options);
  const validPath = options.valid ?? resumed?.valid?.path;
  const valid =
    validPath === undefined
      ? undefined
      : await readAnsweredQuestions(validPath, preset, work, options);
  requireUsable(preset, options.dataset, data.questions);
  if (preset.training.patience !== undefined && valid === undefined) {
    throw patienceWithoutValidation();
  }
  if (preset.training.hardNegatives !== undefined && data.questions.every(isYesNo)) {
    throw nothingToMine(options.dataset);
  }
  return { data, valid };
}

/** Of an epoch. */
function countSteps(
  questions: readonly AnsweredQuestion[],
  { training: { batch, accumulate = 1 } }: ModelPreset,
  seed: number,
): number {
  const optionCounts = questions.map(({ texts }) => texts.length);
  return epochBatches(optionCounts, batch * accumulate, seed, 1).length;
}

/** A run that was stopped between its last step and its model still has that model to write. */
function refuseFinished(
  folder: RunFolder,
  resumed: RunDescription | undefined,
  { position, validations }: Checkpoint,
  { training: { epochs, patience } }: ModelPreset,
): void {
  const isOver = position.epoch >= epochs || isOutOfPatience(validations, patience);
  if (isOver && resumed?.state === 'finished') {
    throw runFinished(folder, position.epoch, epochs);
  }
}

async function presetFor(
  { modelsFolder, preset }: TrainOptions,
  resumed: RunDescription | undefined,
): Promise<ModelPreset> {
  if (preset !== undefined) {
    return loadPreset(modelsFolder, preset);
  }
  if (resumed === undefined) {
    throw new UserError(
      'preset-missing',
      'There is no word of which model to train.',
      'Name a preset, such as --model cnn3d-bert-small; only a resumed run has its own.',
    );
  }
  return resumed.preset;
}

/** Where a small file or a short run leaves less than was asked for. */
function noticesOn(chosen: ModelPreset, preset: ModelPreset, steps: number): string[] {
  const asked = chosen.training;
  const got = preset.training;
  const [batches, fewer] = [asked.accumulate ?? 1, got.accumulate ?? 1];
  const warmup = warmupIn(steps, got);
  const notices: [when: boolean, notice: string][] = [
    [
      got.batch < asked.batch,
      `There are ${got.batch} questions only: a batch has ${got.batch} of them, not ${asked.batch}.`,
    ],
    [fewer < batches, `An epoch has ${fewer} batches only: a step takes ${fewer}, not ${batches}.`],
    [
      warmup < asked.warmupSteps,
      `The run has ${steps} steps only: the rate rises over ${warmup}, not ${asked.warmupSteps}.`,
    ],
  ];
  return notices.flatMap(([when, notice]) => (when ? notice : []));
}

function isYesNo(question: AnsweredQuestion): boolean {
  return modeOf(question) === 'yes_no';
}

/** What was asked for; the dedicated options stand for paths of the preset. */
function givenOverrides({ overrides, epochs, batch, learningRate }: TrainOptions): PresetOverrides {
  return {
    ...overrides,
    ...(epochs !== undefined && { 'training.epochs': epochs }),
    ...(batch !== undefined && { 'training.batch': batch }),
    ...(learningRate !== undefined && { 'training.learningRate': learningRate }),
  };
}

/** What a resumed run keeps: what it was started with, and its batch as it was cut to the data. */
function keptOverrides(previous: RunDescription): PresetOverrides {
  const { epochs, batch, learningRate } = previous.preset.training;
  return {
    ...previous.overrides,
    'training.epochs': epochs,
    'training.batch': batch,
    'training.learningRate': learningRate,
  };
}

/** Until it is trained further, a resumed run can score as before. */
async function scoresAsBefore(
  folder: RunFolder,
  { position, validations, ...state }: Checkpoint,
): Promise<Partial<RunDescription>> {
  if (position.step === 0) {
    return {};
  }
  return validations === undefined
    ? { modelHash: hashWeights(scoringWeights(state)) }
    : {
        modelHash: hashWeights(await loadWeights(folder.best)),
        best: validations.best,
        last: validations.last,
      };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** More questions a step than there are would only repeat them, and cost the memory all the same. */
function withBatchOfAtMost(questions: number, preset: ModelPreset): ModelPreset {
  const { accumulate = 1 } = preset.training;
  const batch = Math.min(preset.training.batch, questions);
  const most = Math.ceil(questions / batch);
  const training = { ...preset.training, batch };
  return {
    ...preset,
    training: accumulate > most ? { ...training, accumulate: most } : training,
  };
}

function sourceOf({ dataset }: AnsweredFile): {
  path: string;
  hash: string;
  questions: number;
} {
  return { path: dataset.path, hash: dataset.hash, questions: dataset.questions.length };
}

/** The form of a report that most questions show; hand-written ones are taken for full reports. */
function usualMode(questions: readonly AnsweredQuestion[]): ReportMode {
  const count = (mode: ReportMode): number =>
    questions.filter(({ record }) => (record.mode ?? 'full_report') === mode).length;
  return reportModes.reduce((best, mode) => (count(mode) > count(best) ? mode : best));
}

/** Weights as drawn from the seed, fitted to some of the training volumes where the preset says so. */
async function freshStart(
  { preset, store, seed }: { preset: ModelPreset; store: VolumeStore; seed: number },
  questions: readonly AnsweredQuestion[],
  work: LongWork,
): Promise<Checkpoint> {
  const drawn = initialParameters(preset, Random.fromSeed(seed, 'initial weights'));
  const { fittedStart } = preset.image;
  return {
    position: { step: 0, epoch: 0, batch: 0 },
    weights:
      fittedStart === undefined
        ? drawn
        : await fitImageTower(
            preset,
            drawn,
            await someVolumes(store, questions, fittedStart.volumes, seed),
            fittedStart.activeShare,
            work,
          ),
    moments: new Map(),
  };
}

/** Up to `count` distinct volumes of the questions, drawn by the seed. */
async function someVolumes(
  store: VolumeStore,
  questions: readonly AnsweredQuestion[],
  count: number,
  seed: number,
): Promise<PreparedVolume[]> {
  const paths = [...new Set(questions.map(({ imagePath }) => imagePath))];
  const chosen = Random.fromSeed(seed, 'fitted start').shuffled(paths).slice(0, count);
  const volumes: PreparedVolume[] = [];
  // One after the other: where nothing could be cached, each is made anew from a whole scan.
  for (const path of chosen) {
    volumes.push(await store.read(path));
  }
  return volumes;
}

/** Going on is only the same run where nothing but its length, learning rate and patience changed. */
function refuseOtherRun(previous: RunDescription, now: RunDescription): void {
  const essence = ({
    preset,
    dataset,
    valid,
    seed,
    preprocessing,
    text,
  }: RunDescription): unknown => ({
    preset: {
      ...preset,
      training: { ...preset.training, epochs: 0, learningRate: 0, patience: 0 },
    },
    data: dataset.hash,
    valid: valid?.hash,
    seed,
    preprocessing,
    text,
  });
  if (!isDeepStrictEqual(essence(previous), essence(now))) {
    throw new UserError(
      'resume-differs',
      `The run ${now.name} was started with another model, data set, validation, seed, batch, rescale or preprocessing.`,
      'Resume with what run.json says, or train into a new run folder.',
    );
  }
}
