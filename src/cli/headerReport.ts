import { severityWord } from '../core/volume/headerDescription';
import type { HeaderCheck, HeaderDescription } from '../core/volume/headerDescription';
import { readHeaderDescription } from '../core/volume/readHeaderDescription';
import type { CommandContext, OutputFormat } from './command';
import { toJson } from './command';
import { exitCodes, type ExitCode } from './exitCodes';
import { formatTable } from './terminal';

/** Prints what is wrong with a header, every field, and what follows it; nibabel's errors are errors. */
export async function printHeader(
  path: string,
  format: OutputFormat,
  { work, print }: CommandContext,
): Promise<ExitCode> {
  const description = await readHeaderDescription(path, work);
  print(format === 'json' ? toJson(description) : headerText(description));
  return description.checks.some(({ severity }) => severityWord(severity) === 'error')
    ? exitCodes.dataHasErrors
    : exitCodes.done;
}

function headerText(description: HeaderDescription): string {
  const { format, littleEndian, fields, checks, extensions } = description;
  const version = format === 'nifti1' ? 'NIfTI-1' : 'NIfTI-2';
  const rows = fields.map(({ name, type, value, meaning = '' }) => [name, type, value, meaning]);
  const blocks = extensions.map(({ code, name, bytes, at }) => [
    String(code),
    name,
    String(bytes),
    String(at),
  ]);
  return [
    `${version}, ${littleEndian ? 'little' : 'big'}-endian`,
    checks.length === 0 ? 'No problems.' : checks.map(checkText).join('\n'),
    formatTable([['field', 'type', 'value', 'meaning'], ...rows]),
    ...(blocks.length === 0
      ? []
      : [formatTable([['extension', 'name', 'bytes', 'at byte'], ...blocks])]),
  ].join('\n\n');
}

function checkText({ severity, message, name, source, remedy }: HeaderCheck): string {
  const by = source === 'nibabel' ? 'nibabel' : 'ct-mcqa';
  return `${severityWord(severity)} ${severity}: ${message} [${by} ${name}]\n    ${remedy}`;
}
