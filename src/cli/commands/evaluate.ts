import type { Device, EvaluateResult } from '../../core/run';
import { evaluateFile } from '../../engine/evaluate';
import { addRescaleOptions, deviceOption, formatOption } from '../arguments';
import type { RescaleArguments } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';
import { formatTable } from '../terminal';

interface EvaluateArguments extends RescaleArguments {
  run: string;
  predictions?: string;
  device: Device;
  format: OutputFormat;
}

const seenBefore: Readonly<Record<NonNullable<EvaluateResult['seen_in']>, string>> = {
  training: 'The run was trained on these very questions: the numbers tell nothing of others.',
  validation:
    'These very questions chose the weights of the run: the numbers flatter it a little. Report others.',
};

export const evaluateCommand: CommandDefinition = {
  declare(program, run) {
    const command = program
      .command('evaluate <file>')
      .description('answer the questions of a file with a trained run, and measure the answers')
      .requiredOption('--run <folder>', 'run folder of a trained model')
      .option('--predictions <file>', 'where the answers go; beside the question file by default')
      .addOption(deviceOption())
      .addOption(formatOption());
    addRescaleOptions(command, 'must be the run’s').action(
      (dataset: string, { format, rescaleTable: metadata, ...options }: EvaluateArguments) =>
        run(async ({ modelsFolder, work, print, remark }) => {
          const answer = await evaluateFile({ modelsFolder, dataset, metadata, ...options }, work);
          print(format === 'json' ? toJson(answer.result) : asText(answer.result));
          remark(`answers: ${answer.predictions}`);
          const { seen_in: seen } = answer.result;
          if (seen !== undefined) {
            remark(seenBefore[seen]);
          }
          return exitCodes.done;
        }),
    );
  },
};

function asText(result: EvaluateResult): string {
  const [low, high] = result.top1_ci;
  return formatTable([
    ['measure', 'value', 'how'],
    ['questions', String(result.questions), ''],
    ['top-1', three(result.top1), `${three(low)} to ${three(high)}: ${result.top1_ci_method}`],
    ['chance', three(result.chance), 'mean of 1 / options'],
    ['text only', three(result.text_only_top1), result.text_only_method],
    ...Object.entries(result.recall).map(([k, share]) => [`recall@${k}`, three(share), '']),
    ['MRR', three(result.mrr), 'mean reciprocal rank of the true option'],
    ...modeRows(result),
    ...findingRows(result),
  ]);
}

function modeRows({ by_mode: modes }: EvaluateResult): string[][] {
  const entries = Object.entries(modes);
  // One mode says nothing new.
  return entries.length < 2
    ? []
    : entries.map(([mode, { top1, top1_ci: interval, questions, chance }]) => [
        `top-1 of ${mode}`,
        three(top1),
        `${interval.map(three).join(' to ')}, ${questions} questions, chance ${three(chance)}`,
      ]);
}

function findingRows({ findings }: EvaluateResult): string[][] {
  return findings === undefined
    ? []
    : [
        ['AUROC', three(findings.mean_auroc), 'mean over the findings that can be told'],
        ...Object.entries(findings.auroc).map(([finding, { auroc, positive, negative }]) => [
          `AUROC of ${finding.toLowerCase()}`,
          auroc === null ? '' : three(auroc),
          `${positive} volumes with, ${negative} without`,
        ]),
      ];
}

function three(share: number): string {
  return share.toFixed(3);
}
