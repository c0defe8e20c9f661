import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { PresetOverrides } from '../core/presetOverrides';
import { notNegative, positiveNumber, wholeNumber } from './arguments';

/** An option that stands for one value of a preset. */
interface PresetOption {
  /** As commander takes it. */
  readonly flags: string;
  readonly path: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** Text to JSON value; the text itself where absent. */
  readonly parse?: (text: string) => unknown;
}

/** Everything else of a preset is reached by --set. */
const presetOptions: readonly PresetOption[] = [
  {
    flags: '--fusion <kind>',
    path: 'fusion.kind',
    description: 'how image and text meet',
    choices: ['cosine', 'dot', 'cross_attention'],
  },
  {
    flags: '--loss <name>',
    path: 'loss.matching',
    description: 'the loss of matching',
    choices: ['option_cross_entropy', 'info_nce', 'n_pair', 'triplet'],
  },
  {
    flags: '--label-smoothing <share>',
    path: 'loss.labelSmoothing',
    description: 'share of the target spread over all choices',
    parse: notNegative,
  },
  {
    flags: '--metadata <use>',
    path: 'metadata.use',
    description: 'how age, sex and scanner come in',
    choices: ['prompt', 'embedding', 'token'],
  },
  {
    flags: '--text <learning>',
    path: 'text.learning',
    description: 'whether the text tower learns',
    choices: ['trainable', 'frozen', 'cached'],
  },
  {
    flags: '--optimiser <name>',
    path: 'training.optimiser',
    description: 'what turns gradients into steps',
    choices: ['adamw', 'sgd'],
  },
  {
    flags: '--momentum <factor>',
    path: 'training.momentum',
    description: 'of SGD',
    parse: notNegative,
  },
  {
    flags: '--weight-decay <factor>',
    path: 'training.weightDecay',
    description: 'how much weights shrink a step, times the rate',
    parse: notNegative,
  },
  {
    flags: '--schedule <shape>',
    path: 'training.schedule',
    description: 'what the learning rate does after the warm-up',
    choices: ['constant', 'cosine', 'linear'],
  },
  {
    flags: '--warmup <steps>',
    path: 'training.warmupSteps',
    description: 'steps over which the learning rate rises',
    parse: wholeNumber(0),
  },
  {
    flags: '--accumulate <batches>',
    path: 'training.accumulate',
    description: 'batches whose gradients are averaged for one step',
    parse: wholeNumber(1),
  },
  {
    flags: '--clip <norm>',
    path: 'training.clipNorm',
    description: 'largest norm of all gradients together',
    parse: positiveNumber,
  },
  {
    flags: '--average-decay <factor>',
    path: 'training.averageDecay',
    description: 'evaluate and export a running mean of the weights',
    parse: notNegative,
  },
  {
    flags: '--patience <validations>',
    path: 'training.patience',
    description: 'stop after so many validations without a better score',
    parse: wholeNumber(1),
  },
  {
    flags: '--hard-negatives [share]',
    path: 'training.hardNegatives',
    description: 'the model’s most confusable reports become this share of the distractors',
    parse: (text) => ({ share: positiveNumber(text) }),
  },
  {
    flags: '--augment <json>',
    path: 'training.augmentation',
    description: 'changes of the training volumes, such as {"flip":0.5,"noiseHu":20}',
    parse: json,
  },
  {
    flags: '--precision <name>',
    path: 'training.precision',
    description: 'of matrix products and convolutions',
    choices: ['float32', 'mixed'],
  },
  {
    flags: '--on-bad-loss <action>',
    path: 'training.onBadLoss',
    description: 'what a loss that is no number does',
    choices: ['stop', 'skip'],
  },
];

/** Adds the options, and `--set PATH=VALUE` for any other value. */
export function addPresetOptions(command: Command): Command {
  for (const { flags, description, choices, parse } of presetOptions) {
    const option = new Option(flags, description).helpGroup('Instead of the preset’s:');
    if (choices !== undefined) {
      option.choices(choices);
    } else if (parse !== undefined) {
      option.argParser(parse);
    }
    command.addOption(option);
  }
  return command.addOption(
    new Option('--set <path=value>', 'any value of the preset, as JSON: training.clipNorm=1')
      .helpGroup('Instead of the preset’s:')
      .argParser(collectSetting),
  );
}

/** What the options ask for, by path of the preset; --set counts most. */
export function presetOverrides(given: Readonly<Record<string, unknown>>): PresetOverrides {
  const overrides: Record<string, unknown> = {};
  for (const { flags, path } of presetOptions) {
    const value = given[new Option(flags).attributeName()];
    if (value !== undefined) {
      // An option without its optional value: on, with nothing else said.
      overrides[path] = value === true ? {} : value;
    }
  }
  return { ...overrides, ...(given.set as PresetOverrides | undefined) };
}

function collectSetting(text: string, before?: PresetOverrides): PresetOverrides {
  const match = /^([\w.]+)=(.*)$/s.exec(text);
  if (match === null) {
    throw new InvalidArgumentError('A path and a value are needed, such as training.clipNorm=1.');
  }
  return { ...before, [match[1]]: jsonOrText(match[2]) };
}

/** Words need no quotes. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new InvalidArgumentError('JSON is needed, such as {"flip":0.5}.');
  }
}
