/* `ct-mcqa` from its sources, as a process that a test may kill. */
import { runCommandLine } from '../../../src/cli/program';
import { modelsFolder } from './smallTokenizer';

void runCommandLine(process.argv.slice(2), {
  terminal: { out: process.stdout, err: process.stderr },
  modelsFolder,
  onInterrupt: () => undefined,
}).then((exitCode) => {
  process.exitCode = exitCode;
});
