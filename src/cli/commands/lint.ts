import { lintFile } from '../../core/dataset/lint';
import type { LintFinding } from '../../core/dataset/lint';
import { formatOption } from '../arguments';
import type { CommandDefinition, OutputFormat } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';

export const lintCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('lint <files...>')
      .description('check question files; ends with 1 where they have errors')
      .addOption(formatOption())
      .action((files: string[], options: { format: OutputFormat }) =>
        run(async (context) => {
          const found: FileFinding[] = [];
          for (const file of files) {
            const findings = await lintFile(file, context.work);
            for (const finding of findings) {
              found.push({ file, ...finding });
            }
          }
          context.print(options.format === 'json' ? toJson(found) : asText(found, files.length));
          return found.some(({ severity }) => severity === 'error')
            ? exitCodes.dataHasErrors
            : exitCodes.done;
        }),
      );
  },
};

type FileFinding = LintFinding & { readonly file: string };

/** `file:line:column: severity: message [code]`, the form editors and terminals link. */
function asText(found: readonly FileFinding[], files: number): string {
  const lines = found.map(
    ({ file, range, severity, message, code }) =>
      `${file}:${range.start.line + 1}:${range.start.character + 1}: ${severity}: ${message} [${code}]`,
  );
  const count = (severity: string): number =>
    found.filter((finding) => finding.severity === severity).length;
  lines.push(`${files} files: ${count('error')} errors, ${count('warning')} warnings`);
  return lines.join('\n');
}
