import { importChoices } from '../../core/dataset/importChoices';
import type { ImportOptions } from '../../core/dataset/importChoices';
import { replaceOption } from '../arguments';
import type { CommandDefinition } from '../command';
import { exitCodes } from '../exitCodes';
import { printBuilt } from './build';

export const importCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('import <table>')
      .description('make a question file of a multiple-choice table in the form of M3D-VQA')
      .requiredOption('--images <folder>', 'where the volumes are')
      .requiredOption('--out <file>', 'question file to write, NAME.mcqa.jsonl')
      .addOption(replaceOption())
      .action((table: string, options: Omit<ImportOptions, 'table'>) =>
        run(async (context) => {
          printBuilt(await importChoices({ table, ...options }, context.work), context);
          return exitCodes.done;
        }),
      );
  },
};
