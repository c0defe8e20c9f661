import { join } from 'node:path';

import { exitCodes } from './exitCodes';
import { runCommandLine } from './program';

// `| head` closes the pipe when it has seen enough: no failure of ours. A full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    process.stderr.write(`ct-mcqa: the output cannot be written: ${error.message}\n`);
    process.exit(exitCodes.couldNotRun);
  }
});
process.stderr.on('error', () => undefined);

void runCommandLine(process.argv.slice(2), {
  terminal: { out: process.stdout, err: process.stderr },
  modelsFolder: join(__dirname, '..', 'models'),
  // Ctrl-C, and what batch systems send before they kill: a training saves its checkpoint.
  onInterrupt: (listener) => process.on('SIGINT', listener).on('SIGTERM', listener),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
