import { writeSampleCorpus } from '../../core/sample/writeCorpus';
import { seedOption, volumeSize, wholeNumber } from '../arguments';
import type { CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';

interface SampleOptions {
  volumes: number;
  size: [number, number, number];
  seed: number;
}

export const sampleCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('sample <folder>')
      .description('write a corpus of chest phantoms with reports, in CT-RATE’s layout')
      .option('--volumes <number>', 'how many volumes', wholeNumber(1), 64)
      .option('--size <size>', 'depth x height x width in voxels', volumeSize, [48, 96, 96])
      .addOption(seedOption())
      .action((folder: string, options: SampleOptions) =>
        run(async (context) => {
          const summary = await writeSampleCorpus(folder, options, context.work);
          context.print(
            `${summary.volumes} volumes of ${summary.scans} scans of ${summary.patients} patients in ${folder}`,
          );
          return exitCodes.done;
        }),
      );
  },
};
