/** Runs in the extension host: mocha over the bundled test files, outcomes into the results file. */
import { rename, writeFile } from 'node:fs/promises';
import Mocha from 'mocha';
import type { Results, TestOutcome } from '../protocol';
import { act, runnerOptions } from './window';

/** Called by VS Code. */
export async function run(): Promise<void> {
  const { files, grep, timeoutMs, resultsFile } = runnerOptions;
  const outcomes: TestOutcome[] = [];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: timeoutMs,
    reporter: OutcomeReporter,
    reporterOptions: { outcomes },
    rootHooks: { beforeEach: signOfLife, afterEach: pictureOfFailure },
  });
  files.forEach((file) => mocha.addFile(file));
  if (grep !== undefined) {
    mocha.grep(grep);
  }
  await new Promise((resolve) => mocha.run(resolve));
  const results: Results = { outcomes };
  await writeFile(`${resultsFile}.part`, JSON.stringify(results));
  await rename(`${resultsFile}.part`, resultsFile);
}

/** Collects the outcomes and has the driver print each. */
class OutcomeReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { outcomes } = options.reporterOptions as { outcomes: TestOutcome[] };
    const add = (test: Mocha.Test, state: TestOutcome['state'], error?: Error): void => {
      const outcome = {
        title: test.fullTitle(),
        state,
        ms: test.duration ?? 0,
        ...(error && { error: error.stack ?? error.message }),
      };
      outcomes.push(outcome);
      report(outcome);
    };
    runner.on('pass', (test) => {
      add(test, 'passed');
    });
    runner.on('fail', (test, error: Error) => {
      add(test, 'failed', error);
    });
    runner.on('pending', (test) => {
      add(test, 'skipped');
    });
  }
}

const marks = { passed: '✔', failed: '✘', skipped: '-' } as const;

function report({ title, state, ms, error }: TestOutcome): void {
  const detail = error === undefined ? '' : `\n${error.replace(/^/gm, '      ')}`;
  const line = `  ${marks[state]} ${title} (${(ms / 1000).toFixed(1)} s)${detail}`;
  // A lost line is no harm: the results file counts.
  void act('report', { line }).catch(() => undefined);
}

/** Tells the driver that a test begins, which moves its deadline. */
async function signOfLife(): Promise<void> {
  await act('report', { line: '' });
}

async function pictureOfFailure(this: Mocha.Context): Promise<void> {
  const test = this.currentTest;
  if (test?.state === 'failed') {
    await act('screenshot', {
      name: `failed - ${test.fullTitle().replace(/[^\p{L}\d]+/gu, ' ')}`,
    });
  }
}
