/**
 * Runs the tests in a real VS Code: `npm run test:host -- [SESSION…] [--grep TEXT] [--summary FILE]`.
 * Started by scripts/test-host.mjs, which has installed what is needed.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TestOutcome } from '../protocol';
import { bundleSuite } from './bundle';
import { runSession } from './session';
import { sessions, type Session } from './sessions';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    grep: { type: 'string' },
    browser: { type: 'string' },
    node: { type: 'string' },
    entry: { type: 'string' },
    extension: { type: 'string' },
    vsix: { type: 'string' },
    /** Where the counts go, as JSON, instead of a line. */
    summary: { type: 'string' },
  },
});
const hostTests = join(__dirname, '..');
const work = join(hostTests, '.work');
const { browser = '', node = '', entry = '', vsix = '' } = values;

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    abort.abort(new Error('Interrupted.'));
  });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The outcomes of one session; a session that does not come to an end is one failure. */
async function outcomesOf(session: Session): Promise<readonly TestOutcome[]> {
  const start = performance.now();
  const output = join(work, session.name);
  const bundle = await bundleSuite(session.suite, join(output, 'bundle'));
  if (bundle.files.length === 0) {
    return [];
  }
  say(`VS Code, ${session.name}:`);
  try {
    return await runSession(session, {
      editor: { node, entry },
      browserPath: browser,
      bundle,
      extension: session.extension === 'package' ? vsix : (values.extension ?? projectRoot),
      workspace: join(hostTests, 'workspace'),
      output,
      screenshots: join(work, 'screenshots'),
      onReport: say,
      signal: abort.signal,
      ...(values.grep !== undefined && { grep: values.grep }),
    });
  } catch (error) {
    say(`  ✘ ${error instanceof Error ? error.message : String(error)}`);
    return [{ title: session.name, state: 'failed', ms: performance.now() - start }];
  }
}

const projectRoot = join(hostTests, '..', '..');

async function main(): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const chosen = sessions.filter(({ name, onDemand, extension }) =>
    positionals.length === 0
      ? onDemand !== true && (extension === 'source' || vsix !== '')
      : positionals.includes(name),
  );
  for (const session of chosen) {
    for (const { state } of abort.signal.aborted ? [] : await outcomesOf(session)) {
      counts[state] += 1;
    }
  }
  if (values.summary === undefined) {
    say(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  } else {
    await writeFile(values.summary, JSON.stringify(counts));
  }
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

void main();
