import type { RateSearch } from '../../core/metrics/rateSearch';
import type { Device } from '../../core/run';
import { findLearningRate } from '../../engine/rateFinder';
import { deviceOption, formatOption, positiveNumber, seedOption, wholeNumber } from '../arguments';
import type { CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';
import { addPresetOptions, presetOverrides } from '../presetOptions';

interface FindRateArguments {
  model: string;
  from: number;
  to: number;
  steps: number;
  batch?: number;
  device: Device;
  seed: number;
  format: 'text' | 'json';
}

/** Rows of the table that is printed. */
const rows = 20;
/** Characters of the longest bar. */
const barLength = 40;

export const findLearningRateCommand: CommandDefinition = {
  declare(program, run) {
    const command = program
      .command('find-lr <file>')
      .description('search the learning rate at which a model learns quickest')
      .requiredOption('--model <preset>', 'a preset’s name, or the path of a preset file')
      .option('--from <rate>', 'lowest rate', positiveNumber, 1e-7)
      .option('--to <rate>', 'highest rate', positiveNumber, 1)
      .option('--steps <number>', 'steps from the lowest to the highest', wholeNumber(10), 100)
      .option('--batch <number>', 'questions a step, instead of the preset’s', wholeNumber(1))
      .addOption(deviceOption())
      .addOption(seedOption())
      .addOption(formatOption());
    addPresetOptions(command).action((dataset: string, given: FindRateArguments) =>
      run(async ({ modelsFolder, work, print }) => {
        const { model, from: lowest, to: highest, steps, batch, device, seed, format } = given;
        const overrides = presetOverrides({ ...given });
        const chosen = { preset: model, batch, device, seed, overrides };
        const search = await findLearningRate(
          { modelsFolder, dataset, lowest, highest, steps, ...chosen },
          work,
        );
        print(format === 'json' ? JSON.stringify(search, undefined, 2) : table(search));
        return exitCodes.done;
      }),
    );
  },
};

/** Some of the points with a bar for the loss, and the suggestion. */
function table({ points, suggested, diverged }: RateSearch): string {
  const every = Math.max(1, Math.ceil(points.length / rows));
  const shown = points.filter((_, i) => i % every === 0 || i === points.length - 1);
  const most = Math.max(...shown.map(({ smoothedLoss }) => smoothedLoss));
  const lines = shown.map(({ learningRate, smoothedLoss }) =>
    [
      learningRate.toExponential(2).padStart(9),
      smoothedLoss.toFixed(4).padStart(9),
      '#'.repeat(Math.round((barLength * smoothedLoss) / most)),
    ].join('  '),
  );
  return [
    '     rate       loss',
    ...lines,
    ...(diverged ? ['The loss diverged at the next rate.'] : []),
    suggested === undefined
      ? 'The loss fell nowhere: no rate can be suggested.'
      : `Suggested learning rate: ${suggested.toPrecision(2)}`,
  ].join('\n');
}
