import { join } from 'node:path';

import { runCommandLine } from './program';

void runCommandLine(process.argv.slice(2), {
  terminal: { out: process.stdout, err: process.stderr },
  modelsFolder: join(__dirname, '..', 'models'),
  onInterrupt: (listener) => process.on('SIGINT', listener),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
