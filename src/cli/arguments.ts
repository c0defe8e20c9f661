import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { devices } from '../core/run';
import { rescaleChoices } from '../core/volume/rescale';
import type { RescaleChoice } from '../core/volume/rescale';

/** `--format text|json`, the same in every command that has it. */
export function formatOption(): Option {
  return new Option('--format <format>', 'what to print on stdout')
    .choices(['text', 'json'])
    .default('text');
}

/** `--seed N`. */
export function seedOption(): Option {
  return new Option('--seed <number>', 'repeats every random choice')
    .argParser(wholeNumber(0))
    .default(0);
}

/** `--replace`. */
export function replaceOption(): Option {
  return new Option(
    '--replace',
    'replace question files that were changed since they were built, or not built at all',
  );
}

/** A parser of whole numbers from `least` upwards. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`A whole number of at least ${least} is needed.`);
    }
    return value;
  };
}

/** A number above zero, such as a learning rate. */
export function positiveNumber(text: string): number {
  return numberWhere(text, (value) => value > 0, 'A number above 0 is needed.');
}

/** Zero or more, such as a weight decay. */
export function notNegative(text: string): number {
  return numberWhere(text, (value) => value >= 0, 'A number of 0 or more is needed.');
}

function numberWhere(text: string, isFine: (value: number) => boolean, problem: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !isFine(value)) {
    throw new InvalidArgumentError(problem);
  }
  return value;
}

/** `48x96x96`: depth, height, width in voxels. */
export function volumeSize(text: string): [number, number, number] {
  const match = /^(\d+)x(\d+)x(\d+)$/i.exec(text);
  const size = match?.slice(1).map(Number) ?? [];
  if (size.length !== 3 || size.some((side) => side < 16 || side > 1024)) {
    throw new InvalidArgumentError(
      'Depth x height x width is needed, such as 48x96x96, each from 16 to 1024.',
    );
  }
  return [size[0], size[1], size[2]];
}

/** A value written in one word; `read` gives undefined for what it does not understand. */
export function worded<T>(
  read: (text: string) => T | undefined,
  needed: string,
): (text: string) => T {
  return (text) => {
    const value = read(text);
    if (value === undefined) {
      throw new InvalidArgumentError(needed);
    }
    return value;
  };
}

/** `--device auto|cpu|…`. */
export function deviceOption(): Option {
  return new Option('--device <device>', 'where the model runs; auto is the fastest that works')
    .choices(devices)
    .default('auto');
}

/** What {@link addRescaleOptions} reads. */
export interface RescaleArguments {
  readonly rescale?: RescaleChoice;
  readonly rescaleTable?: string;
}

/** `--rescale auto|csv|none` and `--rescale-table TABLE`. `usual` says what counts without the first. */
export function addRescaleOptions(command: Command, usual: string): Command {
  return command
    .addOption(
      new Option(
        '--rescale <choice>',
        `slope and intercept that make HU: of the file (auto), of a metadata table (csv), neither (none); ${usual}`,
      ).choices(rescaleChoices),
    )
    .option('--rescale-table <table>', 'metadata table for csv');
}
