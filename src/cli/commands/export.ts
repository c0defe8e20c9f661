import { exportModel, exportTrainingStep } from '../../engine/exportRun';
import { wholeNumber } from '../arguments';
import type { CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';

interface ExportArguments {
  run: string;
  out: string;
  training: boolean;
  batch?: number;
  options: number;
}

export const exportCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('export')
      .description('write the model of a run, or its training step, for other programs')
      .requiredOption('--run <folder>', 'run folder')
      .requiredOption('--out <file>', 'ONNX file to write')
      .option('--training', 'the training step, with its first state and a README', false)
      .option('--batch <number>', 'questions of the training step', wholeNumber(1))
      .option('--options <number>', 'options of its questions', wholeNumber(2), 4)
      .action(({ training, ...options }: ExportArguments) =>
        run(async ({ print }) => {
          const files = await (training ? exportTrainingStep(options) : exportModel(options));
          print(files.join('\n'));
          return exitCodes.done;
        }),
      );
  },
};
