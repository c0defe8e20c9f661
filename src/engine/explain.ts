import { optionLetter } from '../core/dataset/optionLetter';
import { UserError } from '../core/errors';
import type {
  ExplainedOption,
  ExplainMethod,
  ExplainOptions,
  Explanation,
} from '../core/explanation';
import { predictedOption, softmax } from '../core/metrics/ranking';
import type { ModelPreset } from '../core/preset';
import type { LongWork } from '../core/progress';
import { readVolumeHeader } from '../core/volume/read';
import { tensorGrid } from '../core/volume/tensorGrid';
import type { TensorGrid } from '../core/volume/tensorGrid';
import { targetOf } from './explainTarget';
import type { ExplainTarget } from './explainTarget';
import { gradientMaps, noisyCopies, pathFromAir } from './gradientMaps';
import type { GradientPoints } from './gradientMaps';
import type { AskedQuestion } from './matcher';
import { metadataInputs, questionsFor, textWithoutScan } from './modelQuestions';
import { occlusionMaps } from './occlusion';
import { lookUpRescale } from './questions';
import { openRun } from './run';
import type { Run } from './run';
import { readOwnQuestions } from './score';
import { VolumeProbe } from './volumeProbe';

/** Gradients averaged where nothing else is asked for. */
const usualSamples = 8;

/** Makes a map of the box for each target. */
type MapMaker = (
  probe: VolumeProbe,
  grid: TensorGrid,
  targets: readonly ExplainTarget[],
  options: ExplainOptions,
  preset: ModelPreset,
  work: LongWork,
) => Promise<Float32Array[]>;

const methods: Readonly<Record<ExplainMethod, MapMaker>> = {
  gradient: byGradient(noisyCopies),
  integrated: byGradient(pathFromAir),
  occlusion: (probe, grid, targets, { occlusion = {} }, _preset, work) =>
    occlusionMaps(probe, grid, targets, occlusion, work),
};

function byGradient(points: GradientPoints): MapMaker {
  return (probe, grid, targets, { samples = usualSamples, seed = 0 }, preset, work) =>
    gradientMaps(probe, grid, targets, { points, samples, seed, cell: cellOf(preset) }, work);
}

/** Each convolution but the last is followed by a pooling that halves the map. */
function cellOf({ image }: ModelPreset): number {
  return 2 ** (image.widths.length - 1);
}

/** What is asked, as people and as the model read it. */
interface Asked {
  readonly question: AskedQuestion;
  readonly id?: string;
  readonly options: readonly Pick<ExplainedOption, 'label' | 'text' | 'truth'>[];
}

/**
 * Maps of what in a volume speaks for each option, over the box that the model sees.
 *
 * @throws UserError `question-missing`, `option-missing`, those of {@link readOwnQuestions} and of
 *   `openRun`; CancelledError
 */
export async function explain(options: ExplainOptions, work: LongWork): Promise<Explanation> {
  const { method, against, only } = options;
  const run = await openRun(options.run, options);
  try {
    const { preset } = run.description;
    const { question, id, options: asked } = await askedOf(run, options, work);
    const named = [
      ...(only === 'answer' ? [] : (only ?? [])),
      ...(against === undefined ? [] : [against]),
    ];
    refuseMissing(named, asked.length);
    const grid = tensorGrid(await readVolumeHeader(options.volume), preset.volume);
    const probe = await VolumeProbe.open(run, question, work);
    const [logits] = await probe.logits(probe.volume, 1);
    const wanted =
      only === 'answer' ? [predictedOption(logits)] : (only ?? asked.map((_, index) => index));
    const targets = wanted.map((option) => targetOf(option, asked.length, against));
    const maps = await methods[method](probe, grid, targets, options, preset, work);
    const mapOf = new Map(wanted.map((option, index) => [option, maps[index]]));
    return {
      run: run.folder.path,
      modelHash: run.modelHash,
      preprocessing: run.description.preprocessing,
      method,
      ...(id !== undefined && { question: id }),
      ...(against !== undefined && { against }),
      options: explained(asked, logits, mapOf),
      ...placeOf(grid),
      range: rangeOf(maps),
    };
  } finally {
    await run.dispose();
  }
}

function explained(
  asked: Asked['options'],
  logits: readonly number[],
  maps: ReadonlyMap<number, Float32Array>,
): ExplainedOption[] {
  const probabilities = softmax(logits);
  return asked.map((option, index) => {
    const map = maps.get(index);
    return {
      ...option,
      logit: logits[index],
      probability: probabilities[index],
      ...(map && { map }),
    };
  });
}

function placeOf({
  shape: [width, height, depth],
  affine,
}: TensorGrid): Pick<Explanation, 'shape' | 'affine'> {
  return { shape: [depth, height, width], affine };
}

function askedOf(run: Run, options: ExplainOptions, work: LongWork): Promise<Asked> {
  const { texts } = options;
  return texts.kind === 'question'
    ? questionOf(run, options, texts, work)
    : Promise.resolve(withTexts(run, options.volume, texts.texts));
}

async function questionOf(
  run: Run,
  { volume, imageRoots }: ExplainOptions,
  { path, question: wanted }: { readonly path: string; readonly question?: string },
  work: LongWork,
): Promise<Asked> {
  const dataset = await readOwnQuestions(path, volume, imageRoots, work);
  await lookUpRescale(run.store, { dataset }, {}, work);
  const own = dataset.questions.find(({ id }) => wanted === undefined || id === wanted);
  if (own === undefined) {
    throw new UserError(
      'question-missing',
      `${path} has no question "${wanted}" about ${volume}.`,
      `Its questions are: ${dataset.questions.map(({ id }) => id).join(', ')}.`,
    );
  }
  const asRead = await questionsFor(run.description.preset, { ...dataset, questions: [own] }, work);
  return {
    question: asRead[0],
    id: own.id,
    options: own.texts.map((text, option) => ({
      label: optionLetter(option),
      text,
      ...(own.truth !== null && { truth: option === own.truth }),
    })),
  };
}

/** Texts that nobody asked about: the metadata of the volume count as missing. */
function withTexts(run: Run, volume: string, texts: readonly string[]): Asked {
  const { preset, textMode } = run.description;
  return {
    question: {
      imagePath: volume,
      texts: texts.map((text) => textWithoutScan(preset, text, textMode)),
      ...metadataInputs(preset, undefined),
    },
    options: texts.map((text, option) => ({ label: optionLetter(option), text })),
  };
}

function refuseMissing(wanted: readonly number[], count: number): void {
  const missing = wanted.find((option) => !(option >= 0 && option < count));
  if (missing !== undefined) {
    throw new UserError(
      'option-missing',
      `There is no option ${optionLetter(missing)}: the question has ${count}.`,
      `Choose one of ${Array.from({ length: count }, (_, option) => optionLetter(option)).join(', ')}.`,
    );
  }
}

function rangeOf(maps: readonly Float32Array[]): Explanation['range'] {
  let largest = 0;
  for (const map of maps) {
    for (const value of map) {
      largest = Math.max(largest, Math.abs(value));
    }
  }
  return [-largest, largest];
}
