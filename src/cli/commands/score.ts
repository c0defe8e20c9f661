import type { Device, ScoreOptions, ScoreResult } from '../../core/run';
import { UserError } from '../../core/errors';
import { scoreVolume } from '../../engine/score';
import { addRescaleOptions, deviceOption, formatOption, wholeNumber } from '../arguments';
import type { RescaleArguments } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';
import { excerpt, formatTable } from '../terminal';

interface ScoreArguments extends RescaleArguments {
  run: string;
  data?: string;
  reports?: string;
  top: number;
  device: Device;
  format: OutputFormat;
}

export const scoreCommand: CommandDefinition = {
  declare(program, run) {
    const command = program
      .command('score <volume>')
      .description('rank report texts for one volume')
      .requiredOption('--run <folder>', 'run folder of a trained model')
      .option('--data <file>', 'rank the options of the volume’s questions in this file')
      .option('--reports <file>', 'rank the reports of this table')
      .option('--top <number>', 'how many to show', wholeNumber(1), 10)
      .addOption(deviceOption())
      .addOption(formatOption());
    addRescaleOptions(command, 'must be the run’s').action(
      (volume: string, options: ScoreArguments) =>
        run(async ({ modelsFolder, work, print }) => {
          const { run: folder, top, device, rescale, rescaleTable: metadata } = options;
          const chosen = { run: folder, top, device, rescale, metadata };
          const result = await scoreVolume(
            { modelsFolder, volume, ...chosen, texts: textsOf(options) },
            work,
          );
          print(options.format === 'json' ? toJson(result) : asText(result));
          return exitCodes.done;
        }),
    );
  },
};

function textsOf({ data, reports }: ScoreArguments): ScoreOptions['texts'] {
  if (data !== undefined && reports === undefined) {
    return { kind: 'dataset', path: data };
  }
  if (reports !== undefined && data === undefined) {
    return { kind: 'reports', path: reports };
  }
  throw new UserError(
    'score-texts',
    'What to rank is not clear.',
    'Give either --data QUESTIONS.mcqa.jsonl or --reports TABLE.csv.',
  );
}

function asText(result: ScoreResult): string {
  const rows = result.ranking.map(({ label, question, text, logit, probability, truth }) => [
    question === undefined ? label : `${question} ${label}`,
    probability.toFixed(3),
    logit.toFixed(2),
    truth === true ? 'true' : '',
    excerpt(text),
  ]);
  const table = formatTable([['from', 'probability', 'logit', '', 'text'], ...rows]);
  return `${table}\n${result.texts} texts for ${result.volume}`;
}
