import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { MetricsLine } from '../../../src/core/run';
import { openRunPage, showScores } from '../../../src/extension/views';
import type { ScoreEntry, ScoresView } from '../../../src/protocol/scores';
import { activeExtension, workspacePath } from '../inside/extension';
import { until, webview, window } from '../inside/window';

const steps = 40;

function stepLine(step: number): MetricsLine & { kind: 'step' } {
  return {
    kind: 'step',
    step,
    steps,
    epoch: Math.ceil(step / 10),
    epochs: 4,
    loss: 1.4 * Math.exp(-step / 15),
    accuracy: Math.min(1, 0.25 + step / 50),
    learningRate: 0.0003,
    questionsPerSecond: 8,
    secondsLeft: (steps - step) / 2,
  };
}

function validationLine(epoch: number): MetricsLine & { kind: 'validation' } {
  const [step, accuracy] = [10 * epoch, 0.3 + epoch / 10];
  return { kind: 'validation', step, epoch, epochs: 4, questions: 16, loss: 1 / epoch, accuracy };
}

const asLines = (lines: readonly MetricsLine[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');

describe('The run page', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('shows a run folder, and what is added to it', async () => {
    const folder = workspacePath('.ct-mcqa', 'runs', 'reopened');
    await mkdir(folder, { recursive: true });
    const run = {
      version: 1,
      name: 'reopened',
      state: 'training',
      preset: { name: 'cnn3d-bert-small', title: '3-D CNN and small BERT' },
      dataset: { path: '/data/set.train.mcqa.jsonl', hash: 'h', questions: 160 },
      seed: 5,
      device: 'cpu',
      created: '2026-01-02T03:04:05Z',
      step: 0,
      steps,
    };
    await writeFile(join(folder, 'run.json'), JSON.stringify(run));
    const logged = Array.from({ length: 20 }, (_, i) => stepLine(i + 1));
    const metrics = join(folder, 'metrics.jsonl');
    const next = asLines([stepLine(21)]);
    const skipped = { kind: 'skipped', step: 7, epoch: 1, questions: ['q000012', 'q3'] } as const;
    await writeFile(metrics, asLines([...logged, validationLine(1), skipped]) + next.slice(0, 40));
    await vscode.commands.executeCommand('ctMcqa.showRun', vscode.Uri.file(folder));
    const page = webview('Run reopened');
    await page.waitFor('polyline.smooth');
    assert.match(await page.text('.facts'), /set\.train\.mcqa\.jsonl \(160 questions\)[^]*cpu/);
    assert.match(await page.text('.skipped'), /^Step 7 was left out [^]* question q000012\.$/);
    assert.match(await page.text('.tiles'), /20\s*\/ 40[^]*40\.0 %/);
    const points = await page.evaluate(
      () => document.querySelector('polyline.raw')!.getAttribute('points')!.split(' ').length,
    );
    assert.equal(points, 20);
    // The line that was half written is completed.
    await appendFile(metrics, next.slice(40));
    await page.waitUntil(() => document.querySelector('.tile .value')?.textContent === '21');
    await writeFile(join(folder, 'run.json'), JSON.stringify({ ...run, state: 'finished' }));
    await page.waitFor('.state.finished');
    assert.equal(await page.count('.cancel:visible'), 0);
    await page.click('summary');
    await page.waitFor('.data tbody tr');
    assert.equal(await page.count('.data tbody tr'), 21 + 1);
  });

  it('follows a training, also after it was hidden, and cancels it', async () => {
    const { services } = await activeExtension();
    let cancelled = false;
    const facts = {
      name: 'live',
      folder: workspacePath('live'),
      preset: 'small',
      dataset: 'set.mcqa.jsonl',
      device: 'auto',
    };
    const handle = openRunPage(services, facts, () => {
      cancelled = true;
    });
    const page = webview('Run live');
    await page.waitFor('.activity');
    assert.match(await page.text('.activity'), /Waiting for the first step/);
    for (let step = 1; step <= 25; step++) {
      handle.step(stepLine(step));
    }
    handle.facts({ device: 'cpu' });
    handle.validation(validationLine(1));
    handle.validation(validationLine(2));
    await page.waitUntil(() => document.querySelectorAll('circle.validation').length === 4);
    await page.hover('.plot-card .plot', { x: 200, y: 120 });
    const readout = await page.text('.readout');
    assert.match(readout, /^Step \d+ · [\d.]+ \([\d.]+\)/);
    assert.doesNotMatch(readout, /Step 25 /);
    assert.equal(await page.count('.skipped:visible'), 0);
    handle.skipped({ step: 11, epoch: 2, questions: ['q000001', 'q000002'] });
    handle.skipped({ step: 23, epoch: 3, questions: ['q000031', 'q000002'] });
    await page.waitFor('.skipped:visible');
    assert.match(
      await page.text('.skipped'),
      /^2 steps were left out [^]*step 23, with question q000031/,
    );
    await window.screenshot('run page');

    await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
    handle.step(stepLine(26));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await page.waitUntil(() => document.querySelector('.tile .value')?.textContent === '26');
    await page.click('.cancel');
    await until(() => cancelled, 'the training was cancelled');
    handle.status({ state: 'cancelled' });
    await page.waitFor('.state.cancelled');
    assert.equal(await page.count('.cancel:visible'), 0);
    assert.match(await page.text('.facts'), /cpu/);
  });

  it('says what is wrong with a folder that is no run', async () => {
    const { services } = await activeExtension();
    const { showRunFolder } = await import('../../../src/extension/views');
    await assert.rejects(showRunFolder(services, workspacePath()), /is no run folder/);
  });
});

describe('The scores panel', () => {
  const volume = '/data/train_1_a_1.nii.gz';
  const long = 'Both lungs are well aerated and no effusion is seen anywhere. '.repeat(40).trim();

  const entry = (rank: number): ScoreEntry => ({
    label: 'ABCD'[rank],
    text: rank === 1 ? long : `A nodule of ${rank + 4} mm lies in the left upper lobe.`,
    logit: 2 - rank,
    probability: [0.64, 0.24, 0.09, 0.03][rank],
    truth: rank === 1,
    place: { path: workspacePath('scored.mcqa.jsonl'), line: 3 },
  });

  const view: ScoresView = {
    volume: 'train_1_a_1.nii.gz',
    run: 'first',
    fingerprints: { modelHash: 'ab'.repeat(32), preprocessing: 'cd'.repeat(32), text: 'ef' },
    groups: [
      { title: 'q000001', entries: [0, 1, 2, 3].map(entry) },
      {
        title: 'reports.csv',
        entries: Array.from({ length: 1000 }, (_, i) => ({
          label: `train_${i}_a`,
          text: `Report number ${i}.`,
          logit: -i,
          probability: 2 ** -(i + 1),
        })),
      },
    ],
  };

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('ranks texts, marks the true one, unfolds, filters, copies and leads to the line', async () => {
    await writeFile(workspacePath('scored.mcqa.jsonl'), '{}\n'.repeat(5));
    const { services } = await activeExtension();
    const handle = showScores(services, volume, {
      state: 'busy',
      volume: 'train_1_a_1.nii.gz',
      activity: 'Scoring',
    });
    const panel = webview('Scores: train_1');
    await panel.waitFor('.stage-name');
    handle.show({ state: 'ready', view });
    await panel.waitFor('.entry');
    await window.screenshot('scores panel');
    assert.equal(await panel.count('.entry'), 1004);
    assert.match(await panel.text('.entry.true .head'), /2\s*B\s*✓ true\s*24\.0 %/);
    assert.match(await panel.text('.verdict'), /place 2 of 4/);

    const heightOf = (): Promise<number> =>
      panel.evaluate(() => document.querySelector('.entry.true .text')!.clientHeight);
    const cut = await heightOf();
    await panel.click('.entry.true .more');
    assert.ok((await heightOf()) > 3 * cut);

    await panel.fill('.filter', 'NUMBER 999');
    assert.equal(await panel.count('.group:nth-of-type(2) .entry:visible'), 1);
    await panel.fill('.filter', 'no such words');
    await panel.waitFor('.no-match:visible');

    await panel.click('.entry.true .copy');
    await until(
      async () => (await vscode.env.clipboard.readText()) === long,
      'the text is in the clipboard',
    );
    await panel.click('.entry.true .label');
    const editor = await until(
      () => vscode.window.activeTextEditor,
      'the question file is shown in an editor',
    );
    assert.match(editor.document.fileName, /scored\.mcqa\.jsonl$/);
    assert.equal(editor.selection.active.line, 2);
  });

  it('keeps one panel a volume, and says when there is nothing or when it failed', async () => {
    const { services } = await activeExtension();
    showScores(services, volume, { state: 'ready', view: { ...view, groups: [] } });
    const panel = webview('Scores: train_1');
    await panel.waitFor('text=There is nothing to rank');
    showScores(services, volume, { state: 'busy', volume, activity: '' }).fail(
      new Error('Broken.'),
    );
    await panel.waitFor('.problem');
    assert.equal(await panel.text('.problem .message'), 'Broken.');
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.filter(({ label }) => label.startsWith('Scores')).length, 1);
  });
});
