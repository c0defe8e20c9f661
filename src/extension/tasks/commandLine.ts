/** `ct-mcqa build --reports "my reports.csv"`: arguments as a person types them in a POSIX shell. */
export function commandLine(args: readonly string[]): string {
  return ['ct-mcqa', ...args.map(quoted)].join(' ');
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'"'"'`)}'`;
}
