import { CancelledError } from '../../core/errors';
import { trainingStage } from '../../core/progress';
import type { Device, TrainStep, ValidationStep } from '../../core/run';
import { train } from '../../engine/train';
import {
  addRescaleOptions,
  deviceOption,
  positiveNumber,
  seedOption,
  wholeNumber,
} from '../arguments';
import type { RescaleArguments } from '../arguments';
import type { CommandDefinition } from '../command';
import { addPresetOptions, presetOverrides } from '../presetOptions';
import { exitCodes } from '../exitCodes';

interface TrainArguments extends RescaleArguments {
  model?: string;
  run: string;
  valid?: string;
  epochs?: number;
  batch?: number;
  lr?: number;
  device: Device;
  seed?: number;
  resume: boolean;
}

export const trainCommand: CommandDefinition = {
  declare(program, run) {
    const command = program
      .command('train <file>')
      .description('train a model on a question file into a run folder')
      .option(
        '--model <preset>',
        'a preset’s name, or the path of a preset file; --resume knows its own',
      )
      .requiredOption('--run <folder>', 'run folder to write')
      .option('--valid <file>', 'question file to measure on after every epoch')
      .option('--epochs <number>', 'instead of the preset’s', wholeNumber(1))
      .option('--batch <number>', 'questions a step, instead of the preset’s', wholeNumber(1))
      .option('--lr <rate>', 'learning rate, instead of the preset’s', positiveNumber)
      .addOption(deviceOption())
      // Without one a resumed run keeps its own.
      .addOption(seedOption().default(undefined))
      .option('--resume', 'go on where the run folder’s checkpoint stands', false);
    addRescaleOptions(command, 'auto by default; --resume keeps the run’s');
    addPresetOptions(command).action((dataset: string, { model, lr, ...options }: TrainArguments) =>
      run(async ({ modelsFolder, work, print, remark }) => {
        const { run: folder, valid, epochs, batch, device, seed, resume, rescale } = options;
        const overrides = presetOverrides({ ...options });
        const hu = { rescale, metadata: options.rescaleTable };
        const chosen = {
          run: folder,
          valid,
          epochs,
          batch,
          device,
          seed,
          resume,
          overrides,
          ...hu,
        };
        let leftOut = 0;
        let isLearning = false;
        const result = await train(
          { modelsFolder, dataset, preset: model, learningRate: lr, ...chosen },
          {
            signal: work.signal,
            onProgress: (progress) => {
              // Steps have lines of their own.
              if (progress.stage !== trainingStage) {
                work.onProgress(progress);
              }
            },
            onNotice: remark,
            onStep: (step) => {
              isLearning = true;
              remark(stepLine(step));
            },
            onValidation: (step) => {
              remark(validationLine(step));
            },
            onSkipped: ({ step, questions }) => {
              remark(
                `step ${step} left out (${++leftOut} so far), no sound numbers: ${questions.join(', ')}`,
              );
            },
          },
        ).catch((error: unknown) => {
          if (error instanceof CancelledError && isLearning) {
            remark('What was learnt is saved; the same command with --resume goes on from there.');
          }
          throw error;
        });
        print(
          `${result.folder}: ${result.steps} steps in ${Math.round(result.seconds)} s on ${result.device}`,
        );
        return exitCodes.done;
      }),
    );
  },
};

function stepLine(step: TrainStep): string {
  return [
    `step ${step.step}/${step.steps}`,
    `epoch ${step.epoch}/${step.epochs}`,
    `loss ${step.loss.toFixed(4)}`,
    `accuracy ${percent(step.accuracy)}`,
    `${step.questionsPerSecond.toFixed(1)} questions/s`,
    `${duration(step.secondsLeft)} left`,
    ...overflows(step),
  ].join('  ');
}

/** Of mixed precision. */
function overflows({ overflows: count = 0, lossScale }: TrainStep): string[] {
  return count > 0 ? [`${count} overflowed, loss scale now ${lossScale}`] : [];
}

function validationLine({ epoch, epochs, questions, loss, accuracy }: ValidationStep): string {
  return `epoch ${epoch}/${epochs}  held-out: loss ${loss.toFixed(4)}  accuracy ${percent(accuracy)} of ${questions}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`;
}
