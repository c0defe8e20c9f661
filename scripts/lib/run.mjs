// Child processes that never outlive the script that started them.
import { spawn } from 'node:child_process';
import { Trouble } from './say.mjs';

const running = new Set();

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    for (const child of running) {
      child.kill(signal);
    }
    // The children end first, so that what they clean up is clean when the prompt returns.
    Promise.all([...running].map(ended)).finally(() => process.exit(code));
  });
}

/**
 * Runs a command to its end; a Trouble with `remedy` when it fails.
 * `quiet` keeps its output back unless it fails.
 */
export async function run(command, args, { remedy, quiet = false, ...options }) {
  const { code, output } = await start(command, args, { quiet, ...options });
  if (code !== 0) {
    process.stderr.write(output);
    const line = [command, ...args].join(' ');
    throw new Trouble(`"${line}" failed (${code}).`, remedy);
  }
}

/**
 * Runs a command to its end and gives its exit code (or the reason it could not start).
 * `output` is what it wrote: nothing, its standard output (`keepOutput`), or all of it (`quiet`).
 */
export async function start(command, args, { quiet = false, keepOutput = quiet, ...options }) {
  const [out, err] = [keepOutput, quiet].map((isKept) => (isKept ? 'pipe' : 'inherit'));
  const child = spawn(command, args, { ...options, stdio: ['ignore', out, err] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const code = await ended(child);
  running.delete(child);
  return { code, output };
}

function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve(child.exitCode ?? child.signalCode);
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}
