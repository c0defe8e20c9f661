// npm test [-- --only STAGE,STAGE]: every check there is; installs what it needs.
// The last line is "N passed, N failed, N skipped"; the exit code is 0 only when tests passed and none failed.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hostArguments } from './lib/host.mjs';
import { start } from './lib/run.mjs';
import { Trouble, main, say, secondsSince } from './lib/say.mjs';
import { softwareVulkan } from './lib/softwareVulkan.mjs';
import { ensureBuild, ensureRootPackages, hostTests, root, whyNoHostTests } from './setup.mjs';

const results = join(hostTests, '.work', 'results');
/** As in package.json's test:unit; not in mocha's settings, where "mocha FILE" would add them to FILE. */
const unitTests = 'test/{unit,reference}/**/*.test.ts';
/** What must hold on every device; see docs/graph.md. */
const deviceTests = 'test/{unit,reference}/graph/**/*.test.ts';
const nothing = { passed: 0, failed: 0, skipped: 0 };

/** Each gives counts, or fails; a failed check counts as one failed test, a passed one as none. */
const stages = {
  types: () =>
    check('tsc', ['-p', '.'], ['-p', 'src/webview'], ['-p', 'test/host'], ['-p', 'bench/preview']),
  lint: () => check('eslint', ['.']),
  format: () => check('prettier', ['--check', '--log-level', 'warn', '.']),
  unit,
  build,
  host: () => inEditor('host', ['host', 'restricted', 'chinese']),
  // After the host tests, which install the browser that brings a software GPU.
  webgpu,
  package: packed,
};

/** Runs a tool of node_modules once per list of arguments. */
async function check(tool, ...calls) {
  for (const args of calls) {
    const { code } = await start(process.execPath, [...binOf(tool), ...args], { cwd: root });
    if (code !== 0) {
      throw new Trouble(`${[tool, ...args].join(' ')} found problems.`, 'They are listed above.');
    }
  }
  return nothing;
}

function unit() {
  return mocha('unit', unitTests);
}

/** The tests of graphs once more, on WebGPU; skipped, and counted so, where no device is found. */
function webgpu() {
  const { env, missing } = softwareVulkan();
  if (missing !== undefined) {
    say(`Skipped: ${missing}.`);
    return { ...nothing, skipped: 1 };
  }
  return mocha('webgpu', deviceTests, { ...env, CT_MCQA_TEST_DEVICE: 'webgpu' });
}

function mocha(name, tests, env = {}) {
  const counts = join(results, `${name}.json`);
  const reporter = join(root, 'scripts', 'lib', 'mochaCounts.mjs');
  return counted(counts, [...binOf('mocha'), '--reporter', reporter, tests], {
    ...env,
    MOCHA_COUNTS: counts,
  });
}

async function build() {
  await (await import('./build.mjs')).build();
  return nothing;
}

async function packed() {
  if (whyNoHostTests() !== undefined) {
    return inEditor('package', ['package']);
  }
  const { packageExtension, thisTarget } = await import('./package.mjs');
  return inEditor('package', ['package', '--vsix', await packageExtension(thisTarget())]);
}

/** The driver of test/host with `args`; skipped, and counted so, where the editor cannot run. */
async function inEditor(name, args) {
  const why = whyNoHostTests();
  if (why !== undefined) {
    say(`Skipped: ${why}.`);
    return { ...nothing, skipped: 1 };
  }
  await ensureBuild();
  const counts = join(results, `${name}.json`);
  return counted(counts, await hostArguments([...args, '--summary', counts]));
}

/** Runs Node on `args`; only what it wrote to `file` counts, and its exit code must agree. */
async function counted(file, args, env = {}) {
  await mkdir(results, { recursive: true });
  await rm(file, { force: true });
  const { code } = await start(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
  });
  if (!existsSync(file)) {
    throw new Trouble(`The tests ended early (${code}).`, 'Their last words are above.');
  }
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  const silent = code !== 0 && counts.failed === 0;
  return silent ? { ...counts, failed: 1 } : counts;
}

function binOf(tool) {
  const folder = join(root, 'node_modules', tool === 'tsc' ? 'typescript' : tool);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return [join(folder, typeof bin === 'string' ? bin : bin[tool])];
}

function chosenStages() {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const names = values.only?.split(',') ?? Object.keys(stages);
  const unknown = names.find((name) => !Object.hasOwn(stages, name));
  if (unknown !== undefined) {
    throw new Trouble(
      `There is no stage "${unknown}".`,
      `Stages are: ${Object.keys(stages).join(', ')}.`,
    );
  }
  return names;
}

async function countsOf(name) {
  try {
    return await stages[name]();
  } catch (error) {
    say(error instanceof Trouble ? `${error.message} ${error.remedy}` : String(error.stack));
    return { ...nothing, failed: 1 };
  }
}

await main(async () => {
  const names = chosenStages();
  await ensureRootPackages();
  const total = { ...nothing };
  const times = [];
  for (const name of names) {
    say(`\n== ${name}`);
    const begun = performance.now();
    const counts = await countsOf(name);
    Object.keys(total).forEach((key) => (total[key] += counts[key]));
    times.push(`${name} ${secondsSince(begun)}${counts.failed > 0 ? ' FAILED' : ''}`);
  }
  say(`\n${times.join(', ')}`);
  const staticOnly = names.every((name) => ['types', 'lint', 'format', 'build'].includes(name));
  const ran = total.passed > 0 || staticOnly;
  process.exitCode = total.failed > 0 || !ran ? 1 : 0;
  say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
});
