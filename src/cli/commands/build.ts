import { Option } from 'commander';

import { buildDataset } from '../../core/dataset/build';
import type { BuildOptions, BuildResult } from '../../core/dataset/build';
import type { ReportEmbedding } from '../../core/dataset/reportEmbedding';
import { withReportEmbedding } from '../../engine/reportEmbedding';
import { differenceFrom, negativesFrom, splitFrom } from '../../core/dataset/buildWords';
import { usualTemplate } from '../../core/dataset/metadataPrompt';
import { textForms } from '../../core/dataset/optionForm';
import { replaceOption, seedOption, wholeNumber, worded } from '../arguments';
import type { CommandContext, CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';

export const buildCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('build')
      .description('build question files from report tables and volumes')
      .requiredOption('--reports <file>', 'table of reports: CSV, TSV, Parquet or JSON Lines')
      .option('--metadata <file>', 'metadata table')
      .option('--labels <file>', 'labels table')
      .requiredOption('--images <folder>', 'where the volumes are')
      .option('--exclude <files...>', 'lists of volumes to leave out, one name a line')
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
      .option(
        '--negatives <kinds>',
        'hard, easy, random, counterfactual, mixed, or shares: hard=2,random=1 (default: random)',
        worded(negativesFrom, 'A kind or shares are needed, such as hard or hard=2,random=1.'),
      )
      .option(
        '--embeddings <run>',
        'run whose text tower tells which reports are alike, for hard and easy ones (default: TF-IDF)',
      )
      .option(
        '--label-difference <range>',
        'in how many findings options differ: 2, 1-2, 3-',
        worded(differenceFrom, 'A number or a range is needed, such as 2, 1-2 or 3-.'),
      )
      .addOption(
        new Option('--undecidable <what>', 'options that nobody could tell apart')
          .choices(['avoid', 'flag'])
          .default('avoid'),
      )
      .addOption(
        new Option(
          '--texts <form>',
          'carry the texts of options or refer to the table; auto by size',
        )
          .choices(textForms)
          .default('auto'),
      )
      .addOption(
        new Option(
          '--metadata-prompt [template]',
          'start each option with the metadata of the scan',
        ).preset(usualTemplate),
      )
      .option(
        '--split <shares>',
        'one file a share, no patient in two: train=0.8,valid=0.2; own for that of CT-RATE',
        worded(splitFrom, 'Names with shares are needed, such as train=0.8,valid=0.2.'),
      )
      .option(
        '--per-volume <number>',
        'questions a volume, with fresh distractors',
        wholeNumber(1),
        1,
      )
      .addOption(seedOption())
      .addOption(replaceOption())
      .action((options: BuildOptions & { perVolume: number }) =>
        run(async (context) => {
          const { perVolume, ...rest } = options;
          const given = { ...rest, questionsPerVolume: perVolume };
          const build = (embedding?: ReportEmbedding): Promise<BuildResult> =>
            buildDataset(given, context.work, embedding);
          const result = await (given.embeddings === undefined
            ? build()
            : withReportEmbedding(given.embeddings, context.modelsFolder, build));
          printBuilt(result, context);
          return exitCodes.done;
        }),
      );
  },
};

export function printBuilt(
  { files, notes, skipped }: BuildResult,
  { print, remark }: CommandContext,
): void {
  for (const { path, questions } of files) {
    print(`${path}: ${questions} questions`);
  }
  notes.forEach(remark);
  for (const { reason, count } of skipped) {
    remark(`left out ${count}: ${reason}`);
  }
}
