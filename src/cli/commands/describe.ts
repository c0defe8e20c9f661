import { basename } from 'node:path';
import { describeDatasets } from '../../core/dataset/overview';
import {
  isUnexpected,
  type DatasetOverview,
  type Distribution,
  type DistributionName,
  type Expectation,
  type FactName,
  type OverviewFact,
  type OverviewResult,
} from '../../core/dataset/overviewResult';
import { formatOption } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';
import { formatTable } from '../terminal';

export const describeCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('describe <files...>')
      .description('what question files hold, in numbers, and what two of them have in common')
      .addOption(formatOption())
      .action((files: string[], options: { format: OutputFormat }) =>
        run(async (context) => {
          const result = await describeDatasets(files, context.work);
          context.print(options.format === 'json' ? toJson(result) : asText(result));
          return exitCodes.done;
        }),
      );
  },
};

const factTitles: Readonly<Record<FactName, string>> = {
  questions: 'questions',
  options: 'options',
  volumes: 'volumes',
  patients: 'patients',
  distinctTexts: 'different texts',
  trueLongest: 'true option is the longest',
  trueShortest: 'true option is the shortest',
  unusableLines: 'lines that are no question',
  unresolvedTexts: 'options without a text',
  withoutOneTruth: 'questions without exactly one true option',
  repeatedIds: 'repeated ids',
  repeatedQuestions: 'repeated questions',
  equalOptions: 'questions with equal options',
  textsOfOtherSplit: 'options from the other split',
};

const distributionTitles: Readonly<Record<DistributionName, string>> = {
  position: 'position of the true option',
  length: 'length of the options, characters',
  kind: 'kind of distractor',
  difficulty: 'difficulty of distractor',
  optionCount: 'options a question',
  mode: 'mode',
  finding: 'finding',
  split: 'split',
  questionsPerVolume: 'questions a volume',
  age: 'age, years',
  sex: 'sex',
  manufacturer: 'scanner',
};

const specialRows = { missing: '(not given)', other: '(all others)' } as const;

function asText({ files, overlaps }: OverviewResult): string {
  const shared = overlaps.map(({ files: [a, b], volumes, patients, texts }) => [
    `${basename(files[a].path)} and ${basename(files[b].path)}`,
    String(volumes),
    String(patients),
    String(texts),
  ]);
  return [
    ...files.map(fileText),
    ...(shared.length === 0
      ? []
      : [formatTable([['in common', 'volumes', 'patients', 'texts'], ...shared])]),
  ].join('\n\n');
}

function fileText({ path, facts, distributions }: DatasetOverview): string {
  return [path, facts.map(factLine).join('\n'), ...distributions.map(distributionTable)].join(
    '\n\n',
  );
}

function factLine({ name, value, of, expected, line }: OverviewFact): string {
  const notes = [
    ...(of === undefined ? [] : [`of ${of}`]),
    ...(expected === undefined ? [] : [rangeText(value, expected)]),
    ...(line === undefined ? [] : [`first in line ${line}`]),
  ];
  return `${factTitles[name].padEnd(42)} ${[String(value), ...notes].join(', ')}`;
}

function distributionTable({ name, series, rows }: Distribution): string {
  const hasExpectation = rows.some(({ expected }) => expected !== undefined);
  return formatTable([
    [distributionTitles[name], ...series, ...(hasExpectation ? ['by chance'] : [])],
    ...rows.map(({ name: value, special, counts, expected }) => [
      special === undefined ? value : specialRows[special],
      ...counts.map(String),
      ...(expected === undefined ? [] : [rangeText(counts[0], expected)]),
    ]),
  ]);
}

/** "16.3 to 33.7 by chance", with a mark where the value is outside. */
function rangeText(value: number, expected: Expectation): string {
  const range = `${expected.low.toFixed(1)} to ${expected.high.toFixed(1)} by chance`;
  return isUnexpected(value, expected) ? `${range} (!)` : range;
}
