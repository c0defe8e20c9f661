import { describeVolume } from '../../core/volume/describe';
import { readVolume } from '../../core/volume/read';
import { formatOption } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';

export const infoCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('info <volume>')
      .description('what a NIfTI volume holds: shape, spacing, orientation, HU range')
      .addOption(formatOption())
      .action((path: string, options: { format: OutputFormat }) =>
        run(async (context) => {
          const info = describeVolume(await readVolume(path, context.work));
          context.print(
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
