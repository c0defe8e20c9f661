// How the scripts speak: progress lines, and troubles as one line with a remedy.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What went wrong and what to do about it; shown without a stack. */
export class Trouble extends Error {
  constructor(message, remedy) {
    super(message);
    this.remedy = remedy;
  }
}

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a script's main function; its trouble becomes one line and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    const text =
      error instanceof Trouble
        ? `${error.message} ${error.remedy}`
        : (error.stack ?? String(error));
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}

/** Whether the module at `url` is the script that Node was started with, also through a link. */
export function isScript(url) {
  const script = process.argv[1];
  return script !== undefined && fileURLToPath(url) === realpathSync(script);
}

/** "4.2 s" since `start`, a value of performance.now(). */
export function secondsSince(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
