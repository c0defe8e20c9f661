import { optionOfLetter } from '../../core/dataset/optionLetter';
import { UserError } from '../../core/errors';
import { explainMethods } from '../../core/explanation';
import type {
  ExplainedOption,
  ExplainMethod,
  ExplainOptions,
  Explanation,
} from '../../core/explanation';
import type { Device } from '../../core/run';
import { voxelSpacing, worldOf } from '../../core/volume/affine';
import { writeVolume } from '../../core/volume/write';
import { explain } from '../../engine/explain';
import { Option } from 'commander';
import { deviceOption, formatOption, positiveNumber, wholeNumber, worded } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';
import { excerpt, formatTable } from '../terminal';

interface ExplainArguments {
  run: string;
  volume: string;
  data?: string;
  question?: string;
  text?: string[];
  option?: number;
  against?: number;
  method: ExplainMethod;
  samples?: number;
  blockMm?: number;
  stepMm?: number;
  out: string;
  device: Device;
  format: OutputFormat;
}

const letter = worded(optionOfLetter, 'The letter of an option is needed, such as B.');

export const explainCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('explain')
      .description('map what in a volume speaks for an option, as a volume to lay over it')
      .requiredOption('--run <folder>', 'run folder of a trained model')
      .requiredOption('--volume <file>', 'the volume')
      .option('--data <file>', 'questions; the first about the volume where none is named')
      .option('--question <id>', 'which question of the file')
      .option('--text <text...>', 'texts to choose from, in place of a question')
      .option('--option <letter>', 'which option; the one that the model chooses if absent', letter)
      .option('--against <letter>', 'the option to hold it against; all others if absent', letter)
      .addOption(
        new Option('--method <method>', 'how the map is made')
          .choices(explainMethods)
          .default('gradient'),
      )
      .option('--samples <number>', 'gradients averaged', wholeNumber(1))
      .option('--block-mm <mm>', 'edge of the blocks that occlusion hides', positiveNumber)
      .option('--step-mm <mm>', 'from one block to the next', positiveNumber)
      .requiredOption('--out <file>', 'NIfTI file for the map, .nii or .nii.gz')
      .addOption(deviceOption())
      .addOption(formatOption())
      .action((options: ExplainArguments) =>
        run(async ({ modelsFolder, work, print }) => {
          const explanation = await explain({ modelsFolder, ...requestOf(options) }, work);
          const { option, map } = explainedOf(explanation);
          await writeMap(options.out, explanation, map);
          const strongest = strongestPlace(explanation, map);
          print(
            options.format === 'json'
              ? toJson({
                  ...withoutMaps(explanation),
                  explained: option.label,
                  strongest,
                  out: options.out,
                })
              : asText(explanation, option, strongest, options.out),
          );
          return exitCodes.done;
        }),
      );
  },
};

function requestOf(options: ExplainArguments): Omit<ExplainOptions, 'modelsFolder'> {
  const { run, volume, device, method, option, against, samples, blockMm, stepMm } = options;
  return {
    run,
    volume,
    device,
    method,
    texts: textsOf(options),
    only: option === undefined ? 'answer' : [option],
    ...(against !== undefined && { against }),
    ...(samples !== undefined && { samples }),
    occlusion: {
      ...(blockMm !== undefined && { blockMm }),
      ...(stepMm !== undefined && { stepMm }),
    },
  };
}

function textsOf({ data, question, text }: ExplainArguments): ExplainOptions['texts'] {
  if (data !== undefined && text === undefined) {
    return { kind: 'question', path: data, ...(question !== undefined && { question }) };
  }
  if (text !== undefined && data === undefined) {
    return { kind: 'texts', texts: text };
  }
  throw new UserError(
    'explain-texts',
    'What to explain is not clear.',
    'Give either --data QUESTIONS.mcqa.jsonl or --text TEXT TEXT ...',
  );
}

/** The one option that has a map. */
function explainedOf({ options }: Explanation): {
  readonly option: ExplainedOption;
  readonly map: Float32Array;
} {
  for (const option of options) {
    if (option.map !== undefined) {
      return { option, map: option.map };
    }
  }
  throw new Error('no option was explained');
}

async function writeMap(
  path: string,
  { shape: [depth, height, width], affine }: Explanation,
  map: Float32Array,
): Promise<void> {
  const spacingMm = voxelSpacing(affine);
  await writeVolume(path, { shape: [width, height, depth], spacingMm, affine, voxels: map });
}

/** Where the map is highest: its value, and the place in world mm (RAS+). */
interface StrongestPlace {
  readonly value: number;
  readonly mm: readonly [number, number, number];
}

function strongestPlace(
  { shape: [, height, width], affine }: Explanation,
  map: Float32Array,
): StrongestPlace {
  const at = map.reduce((best, value, index) => (value > map[best] ? index : best), 0);
  const row = Math.floor(at / width);
  const voxel = [at % width, row % height, Math.floor(row / height)] as const;
  return { value: map[at], mm: worldOf(affine, voxel) };
}

function withoutMaps(explanation: Explanation): object {
  return {
    ...explanation,
    options: explanation.options.map((option) => ({ ...option, map: undefined })),
  };
}

function asText(
  { options, against }: Explanation,
  { label }: ExplainedOption,
  { value, mm }: StrongestPlace,
  out: string,
): string {
  const rows = options.map((option) => [
    option.label,
    option.probability.toFixed(3),
    option.logit.toFixed(2),
    option.truth === true ? 'true' : '',
    excerpt(option.text),
  ]);
  const table = formatTable([['option', 'probability', 'logit', '', 'text'], ...rows]);
  const others = against === undefined ? 'all others' : options[against].label;
  const place = mm.map((each) => each.toFixed(0)).join(', ');
  return `${table}\n${out}: ${label} against ${others}; highest (${value.toPrecision(2)}) at ${place} mm`;
}
