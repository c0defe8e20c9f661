import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option } from 'commander';
import { version } from '../../../package.json';
import { UserError } from '../../core/errors';
import { lintFile } from '../../core/dataset/lint';
import type { LintFinding, RuleSelection } from '../../core/dataset/lint';
import { sarifLog } from '../../core/dataset/lint/sarif';
import type { CheckedFile } from '../../core/dataset/lint/sarif';
import type { CommandDefinition } from '../command';
import { toJson } from '../command';
import { exitCodes } from '../exitCodes';

type LintFormat = 'text' | 'json' | 'sarif';

interface LintFlags {
  readonly format: LintFormat;
  readonly rules: RuleSelection;
}

export const lintCommand: CommandDefinition = {
  declare(program, run) {
    program
      .command('lint <files...>')
      .description('check question files; docs/rules.md explains the rules')
      .addOption(
        new Option('--format <format>', 'what to print on stdout')
          .choices(['text', 'json', 'sarif'])
          .default('text'),
      )
      .addOption(
        new Option('--rules <rules>', 'all, basic, or codes such as MCQ204,MCQ402')
          .argParser(ruleSelection)
          .default('all'),
      )
      .addHelpText(
        'after',
        '\nEnds with 0 where no file has errors (warnings or not), 1 where one has, 2 where a file cannot be read.',
      )
      .action((files: string[], { format, rules }: LintFlags) =>
        run(async ({ work, modelsFolder, print, remark }) => {
          const checked: CheckedFile[] = [];
          const unreadable: UserError[] = [];
          for (const path of files) {
            try {
              checked.push({ path, findings: await lintFile(path, work, { rules }) });
            } catch (error) {
              if (!(error instanceof UserError && error.code === 'file-unreadable')) {
                throw error;
              }
              unreadable.push(error);
            }
          }
          const docs = join(modelsFolder, '..', 'docs', 'rules.md');
          print(printers[format](checked, pathToFileURL(docs)));
          if (checked.length === 0 && unreadable.length > 0) {
            throw unreadable[0];
          }
          for (const { message, remedy } of unreadable) {
            remark(`${message} ${remedy}`);
          }
          if (unreadable.length > 0) {
            return exitCodes.couldNotRun;
          }
          return checked.some(({ findings }) => findings.some(isError))
            ? exitCodes.dataHasErrors
            : exitCodes.done;
        }),
      );
  },
};

function ruleSelection(text: string): RuleSelection {
  return text === 'all' || text === 'basic' ? text : text.split(',').map((name) => name.trim());
}

const isError = ({ severity }: LintFinding): boolean => severity === 'error';

const printers: Readonly<
  Record<LintFormat, (files: readonly CheckedFile[], rulesPage: URL) => string>
> = {
  text: asText,
  json: (files) =>
    toJson(
      files.flatMap(({ path, findings }) => findings.map((each) => ({ file: path, ...each }))),
    ),
  sarif: (files, rulesPage) => toJson(sarifLog(files, { root: process.cwd(), rulesPage, version })),
};

/** What a file says may hold anything: line ends that would forge a finding, escapes that work the terminal. */
function printable(message: string): string {
  return message.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) =>
    JSON.stringify(character)
      .slice(1, -1)
      .replace(/^[\x7f-\x9f\u2028\u2029]$/, '\uFFFD'),
  );
}

/** `file:line:column: severity: message [code]`, the form editors and terminals link. */
function asText(files: readonly CheckedFile[]): string {
  const all = files.flatMap(({ findings }) => findings);
  const lines = files.flatMap(({ path, findings }) =>
    findings.map(
      ({ range, severity, message, code }) =>
        `${path}:${range.start.line + 1}:${range.start.character + 1}: ${severity}: ${printable(message)} [${code}]`,
    ),
  );
  const count = (severity: string): number =>
    all.filter((finding) => finding.severity === severity).length;
  lines.push(`${files.length} files: ${count('error')} errors, ${count('warning')} warnings`);
  return lines.join('\n');
}
