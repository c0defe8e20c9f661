import * as vscode from 'vscode';
import { devices, type Device } from '../../core/run';
import { answered, choose } from './choose';

/** What may be set for a training; what is absent is the preset's. */
export interface TrainingChoices {
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly device?: Device;
}

interface NumberOption {
  readonly key: 'epochs' | 'batch' | 'learningRate' | 'seed';
  readonly title: () => string;
  readonly isValid: (value: number) => boolean;
  readonly expected: () => string;
}

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
const wholeFromOne = (): string => vscode.l10n.t('a whole number from 1 on');

const numberOptions: readonly NumberOption[] = [
  {
    key: 'epochs',
    title: () => vscode.l10n.t('Epochs'),
    isValid: isCount,
    expected: wholeFromOne,
  },
  {
    key: 'batch',
    title: () => vscode.l10n.t('Questions a step'),
    isValid: isCount,
    expected: wholeFromOne,
  },
  {
    key: 'learningRate',
    title: () => vscode.l10n.t('Learning rate'),
    isValid: (value) => value > 0 && value <= 1,
    expected: () => vscode.l10n.t('a number above 0 and up to 1'),
  },
  {
    key: 'seed',
    title: () => vscode.l10n.t('Seed'),
    isValid: (value) => Number.isInteger(value) && value >= 0,
    expected: () => vscode.l10n.t('a whole number from 0 on'),
  },
];

/** Shows what the training will use, each changeable, until the user starts it. */
export async function chooseTrainingOptions(initial: TrainingChoices): Promise<TrainingChoices> {
  let choices = initial;
  for (;;) {
    const items = [
      { label: `$(play) ${vscode.l10n.t('Start Training')}`, change: undefined },
      ...numberOptions.map((option) => ({
        label: option.title(),
        description: String(choices[option.key] ?? vscode.l10n.t('as the preset says')),
        change: () => askNumber(option, choices),
      })),
      {
        label: vscode.l10n.t('Device'),
        description: choices.device ?? 'auto',
        change: () => askDevice(choices),
      },
    ];
    const { change } = await choose(vscode.l10n.t('Start, or change an option first'), items);
    if (change === undefined) {
      return choices;
    }
    choices = await change();
  }
}

async function askNumber(
  { key, title, isValid, expected }: NumberOption,
  choices: TrainingChoices,
): Promise<TrainingChoices> {
  const text = answered(
    await vscode.window.showInputBox({
      title: title(),
      prompt: vscode.l10n.t('Leave it empty for the value of the preset.'),
      value: String(choices[key] ?? ''),
      ignoreFocusOut: true,
      validateInput: (input) =>
        input.trim() === '' || isValid(Number(input))
          ? undefined
          : vscode.l10n.t('This must be {0}.', expected()),
    }),
  ).trim();
  return { ...choices, [key]: text === '' ? undefined : Number(text) };
}

async function askDevice(choices: TrainingChoices): Promise<TrainingChoices> {
  const items = devices.map((device) => ({ label: device, device }));
  const { device } = await choose(vscode.l10n.t('Device'), items);
  return { ...choices, device };
}
