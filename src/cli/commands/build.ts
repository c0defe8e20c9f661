import { Option } from 'commander';

import { buildDataset } from '../../core/dataset/build';
import type { BuildOptions } from '../../core/dataset/build';
import { seedOption, splitShares, wholeNumber } from '../arguments';
import type { CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';

export const buildCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('build')
      .description('build question files from report tables and volumes')
      .requiredOption('--reports <file>', 'reports table (CT-RATE columns)')
      .option('--metadata <file>', 'metadata table')
      .option('--labels <file>', 'labels table')
      .requiredOption('--images <folder>', 'where the volumes are')
      .requiredOption('--out <file>', 'question file to write, NAME.mcqa.jsonl')
      .addOption(
        new Option('--mode <mode>', 'what an option shows of a report')
          .choices(['full_report', 'impression', 'keywords', 'mixed', 'yes_no'])
          .default('full_report'),
      )
      .addOption(
        new Option(
          '--prompts <form>',
          'yes_no: "X is present.", "Does this scan show X? Yes.", or either',
        )
          .choices(['statement', 'question', 'mixed'])
          .default('statement'),
      )
      .option('--options <number>', 'options a question', wholeNumber(2), 4)
      .addOption(
        new Option('--negatives <kind>', 'how distractors are chosen')
          .choices(['random', 'easy', 'hard', 'mixed'])
          .default('random'),
      )
      .option('--metadata-prompt', 'start each option with "Age: 67, Sex: M."', false)
      .option(
        '--split <shares>',
        'one file a share, no patient in two: train=0.8,valid=0.2',
        splitShares,
      )
      .option(
        '--per-volume <number>',
        'questions a volume, with fresh distractors',
        wholeNumber(1),
        1,
      )
      .addOption(seedOption())
      .action((options: BuildOptions & { perVolume: number }) =>
        run(async (context) => {
          const { perVolume, ...rest } = options;
          const result = await buildDataset(
            { ...rest, questionsPerVolume: perVolume },
            context.work,
          );
          for (const file of result.files) {
            context.print(`${file.path}: ${file.questions} questions`);
          }
          for (const note of result.notes) {
            context.remark(note);
          }
          for (const { reason, count } of result.skipped) {
            context.remark(`left out ${count}: ${reason}`);
          }
          return exitCodes.done;
        }),
      );
  },
};
