import { join } from 'node:path';

import { runCommandLine } from './program';

void runCommandLine(process.argv.slice(2), {
  terminal: { out: process.stdout, err: process.stderr },
  modelsFolder: join(__dirname, '..', 'models'),
  // Ctrl-C, and what batch systems send before they kill: a training saves its checkpoint.
  onInterrupt: (listener) => process.on('SIGINT', listener).on('SIGTERM', listener),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
