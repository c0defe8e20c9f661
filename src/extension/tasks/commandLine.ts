/**
 * `ct-mcqa build --reports "my reports.csv"`: arguments as a person types them in a shell of the
 * platform: PowerShell on Windows (cmd reads the same, but for names with `$` or a backtick), else a
 * POSIX shell.
 */
export function commandLine(args: readonly string[], platform = process.platform): string {
  const quoted = platform === 'win32' ? quotedForPowerShell : quotedForPosix;
  return ['ct-mcqa', ...args.map(quoted)].join(' ');
}

function quotedForPosix(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'"'"'`)}'`;
}

/** In double quotes; commas too, which make lists of words in PowerShell. */
function quotedForPowerShell(argument: string): string {
  if (/^[\w:./\\-]+$/.test(argument)) {
    return argument;
  }
  const text = argument
    // A backslash before the quote at the end would take it for a character of the argument.
    .replace(/\\+$/, (backslashes) => backslashes + backslashes)
    .replaceAll('"', '""')
    // PowerShell reads typographic quotes as plain ones.
    .replaceAll(/[$`“”„]/g, '`$&');
  return `"${text}"`;
}
