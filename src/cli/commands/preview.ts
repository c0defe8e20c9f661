import { writeFileAtomically } from '../../core/storage/atomicFile';
import { encodePng, renderPreview } from '../../core/volume/pictures';
import { readVolume } from '../../core/volume/read';
import { huWindows, parseWindow } from '../../core/volume/windows';
import type { CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';

export const previewCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('preview <volume>')
      .description('draw the three middle planes of a volume as a PNG')
      .requiredOption('--out <file>', 'PNG to write')
      .option(
        '--window <window>',
        `${Object.keys(huWindows).join(', ')} or LEVEL,WIDTH in HU`,
        'lung',
      )
      .action((path: string, options: { out: string; window: string }) =>
        run(async (context) => {
          const window = parseWindow(options.window);
          const picture = renderPreview(await readVolume(path, context.work), window);
          await writeFileAtomically(options.out, encodePng(picture));
          context.print(`${options.out}: ${picture.width} x ${picture.height} pixels`);
          return exitCodes.done;
        }),
      );
  },
};
