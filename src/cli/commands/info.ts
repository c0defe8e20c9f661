import { rescaleOf } from '../../core/dataset/tableRescale';
import { describeVolume } from '../../core/volume/describe';
import { readVolume } from '../../core/volume/read';
import { addRescaleOptions, formatOption } from '../arguments';
import type { RescaleArguments } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';
import { printHeader } from '../headerReport';

export const infoCommand: CommandDefinition = {
  declare(program, run) {
    const command = program
      .command('info <volume>')
      .description('what a NIfTI volume holds: shape, spacing, orientation, HU range')
      .addOption(formatOption())
      .option('--header', 'instead: every field of the header, and what is wrong with it')
      .addHelpText(
        'after',
        '\nWith --header ends with 1 where nibabel refuses the header, or we do (levels from 40 on).',
      );
    addRescaleOptions(command, 'auto by default').action(
      (path: string, options: { format: OutputFormat; header?: true } & RescaleArguments) =>
        run(async (context) => {
          if (options.header) {
            return printHeader(path, options.format, context);
          }
          const { work, print } = context;
          const { rescale: choice = 'auto', rescaleTable: metadata } = options;
          const rescale = await rescaleOf(path, { choice, metadata }, work);
          const info = describeVolume(await readVolume(path, { ...work, rescale }));
          print(
            options.format === 'json'
              ? toJson(info)
              : Object.entries(info)
                  .map(([name, value]) => `${name.padEnd(12)} ${inline(value)}`)
                  .join('\n'),
          );
          return exitCodes.done;
        }),
    );
  },
};

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
