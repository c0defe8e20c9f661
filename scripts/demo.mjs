// `npm run demo`: the whole product on a sample corpus, from nothing to a scored volume.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { formatRows } from './lib/rows.mjs';
import { start } from './lib/run.mjs';
import { main, say, secondsSince, Trouble } from './lib/say.mjs';
import { ensureBuild, ensureRootPackages, root } from './setup.mjs';

const workspace = join(root, 'demo');
const inWorkspace = (...parts) => join(workspace, ...parts);
const runFolder = inWorkspace('.ct-mcqa', 'runs', 'demo');
const held = inWorkspace('questions.valid.mcqa.jsonl');
const volumes = 1200;

/** One stage each: what it is called, and the ct-mcqa call that does it. */
const stages = [
  {
    name: 'Sample corpus',
    arguments: ['sample', workspace, '--volumes', volumes, '--size', '32x64x64'],
  },
  {
    name: 'Build questions',
    arguments: [
      ...['build', '--reports', inWorkspace('reports.csv')],
      ...['--metadata', inWorkspace('metadata.csv'), '--labels', inWorkspace('labels.csv')],
      ...['--images', inWorkspace('images'), '--out', inWorkspace('questions.mcqa.jsonl')],
      ...['--mode', 'impression', '--split', 'train=0.8,valid=0.2', '--per-volume', '2'],
    ],
  },
  {
    name: 'Lint',
    arguments: ['lint', inWorkspace('questions.train.mcqa.jsonl'), held],
  },
  {
    name: 'Train',
    arguments: [
      // Not with --valid: weights chosen on the held-out questions would flatter their score.
      ...['train', inWorkspace('questions.train.mcqa.jsonl')],
      ...['--model', 'cnn3d-bert-small', '--run', runFolder],
    ],
  },
  {
    name: 'Evaluate held-out',
    arguments: ['evaluate', held, '--run', runFolder, '--format', 'json'],
    keep: 'evaluation',
  },
  {
    name: 'Score one volume',
    arguments: async () => [
      ...['score', await firstHeldOutVolume(), '--run', runFolder],
      ...['--data', held, '--format', 'json'],
    ],
    keep: 'score',
  },
];

await main(async () => {
  const begun = performance.now();
  await ensureRootPackages();
  await ensureBuild();
  say(`Installed and built in ${secondsSince(begun)}.`);
  await rm(workspace, { recursive: true, force: true });

  const results = {};
  const times = [];
  for (const [index, stage] of stages.entries()) {
    say(`\n[${index + 1}/${stages.length}] ${stage.name}`);
    const stageBegun = performance.now();
    const list = typeof stage.arguments === 'function' ? await stage.arguments() : stage.arguments;
    const output = await ctMcqa(list.map(String), stage.keep !== undefined);
    if (stage.keep !== undefined) {
      results[stage.keep] = JSON.parse(output);
    }
    times.push([stage.name, secondsSince(stageBegun)]);
  }
  await writeFile(
    inWorkspace('README.md'),
    'Made by `npm run demo`: phantoms and reports of a sample corpus, no patient data.\n',
  );
  show(results, times, secondsSince(begun));
});

function show({ evaluation, score }, times, total) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const [low, high] = evaluation.top1_ci;
  say(
    `\n${formatRows([
      ['Held-out questions', String(evaluation.questions)],
      ['Top-1', `${percent(evaluation.top1)}  (95 % interval ${percent(low)} to ${percent(high)})`],
      ['Chance', percent(evaluation.chance)],
      ['Text alone', percent(evaluation.text_only_top1)],
      ['Recall@2', percent(evaluation.recall['2'])],
      ...score.ranking
        .filter(({ truth }) => truth)
        .map(({ question, label, probability }) => [
          'One volume scored',
          `${question}: true report ${label}, probability ${percent(probability)}`,
        ]),
      ...times,
      ['In all', `${total} on ${availableParallelism()} cores`],
    ])}`,
  );
  const folder = relative(process.cwd(), workspace);
  say(`\nSee it in VS Code:  npm run vscode    (or: code ${folder}, with the extension installed)`);
}

/** Runs the built command line; progress stays visible, stdout is shown or kept. */
async function ctMcqa(list, keepOutput) {
  const args = [join(root, 'dist/cli.js'), ...list];
  const { code, output } = await start(process.execPath, args, { cwd: root, keepOutput });
  if (code !== 0) {
    throw new Trouble(`ct-mcqa ${list[0]} ended with ${code}.`, 'See the lines above.');
  }
  return output;
}

async function firstHeldOutVolume() {
  const [line] = (await readFile(held, 'utf8')).split('\n', 1);
  return join(workspace, JSON.parse(line).image_path);
}
