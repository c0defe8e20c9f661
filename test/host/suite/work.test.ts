import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { buildDataset } from '../../../src/core/dataset/build';
import { readPredictions } from '../../../src/core/dataset/predictions';
import type { RunDescription, ScoreResult, TrainResult } from '../../../src/core/run';
import { writeSampleCorpus } from '../../../src/core/sample/writeCorpus';
import { activeExtension, openWorkspaceFile, workspacePath } from '../inside/extension';
import { until, webview, window } from '../inside/window';

/** The box of a quick pick or an input. VS Code may give the focus to another part between two. */
const inputBox = '.quick-input-box input';

/** Takes the first item of the quick pick with this title that holds the text, as a user would type it. */
async function pick(title: string, text: string): Promise<void> {
  await window.waitFor(`.quick-input-title:text("${title}")`);
  await window.waitFor('.quick-input-list .monaco-list-row');
  if (text !== '') {
    await window.fill(inputBox, text);
    await window.waitFor(`.quick-input-list .monaco-list-row.focused:has-text("${text}")`);
  }
  await window.press('Enter', inputBox);
}

async function enterText(title: string, text: string): Promise<void> {
  await window.waitFor(`.quick-input-title:text("${title}")`);
  await window.fill(inputBox, text);
  await window.press('Enter', inputBox);
}

const corpus = (...parts: string[]): string => workspacePath('corpus', ...parts);
const runFolder = (name: string): string => workspacePath('.ct-mcqa', 'runs', name);

async function describedRun(name: string): Promise<RunDescription> {
  return JSON.parse(await readFile(join(runFolder(name), 'run.json'), 'utf8')) as RunDescription;
}

/** Runs a task of tasks.json and gives the exit code of its process. */
async function runTask(name: string): Promise<number | undefined> {
  const task = (await vscode.tasks.fetchTasks()).find((each) => each.name === name);
  assert.ok(task, name);
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name === name) {
        subscription.dispose();
        resolve(exitCode);
      }
    });
  });
  await vscode.tasks.executeTask(task);
  return ended;
}

async function dismissNotifications(): Promise<void> {
  await vscode.commands.executeCommand('notifications.clearAll');
}

describe('The work of a user', () => {
  before(async () => {
    await activeExtension();
    await writeSampleCorpus(corpus(), { volumes: 12, size: [16, 32, 32] });
    await buildDataset({
      reports: corpus('reports.csv'),
      images: corpus('images'),
      out: corpus('set.mcqa.jsonl'),
      split: { train: 0.6, valid: 0.4 },
      options: 2,
    });
  });
  afterEach(dismissNotifications);
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('trains from the palette with nothing selected, and sees how it goes', async () => {
    const settings = vscode.workspace.getConfiguration('ctMcqa');
    await settings.update('training.overrides', { 'training.clipNorm': 0.5 });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const training = vscode.commands.executeCommand<TrainResult>('ctMcqa.train');
    await pick('Train on which questions?', 'set.train');
    await pick('Train which model?', 'cnn3d-bert-small-frozen');
    await pick('Validate on which questions?', '');
    await enterText('Name of the run', 'first');
    await pick('Start, or change an option first', 'Epochs');
    await enterText('Epochs', '2');
    await pick('Start, or change an option first', 'Start Training');
    const page = webview('Run first');
    const result = await training;
    await page.waitFor('text=Finished');
    assert.equal(result.folder, runFolder('first'));
    await settings.update('training.overrides', undefined);
    await window.waitFor('.notifications-toasts :text("The run first is trained.")');
    await window.screenshot('trained');
    const run = await describedRun('first');
    assert.equal(run.state, 'finished');
    assert.equal(run.preset.training.epochs, 2);
    assert.equal(run.preset.training.clipNorm, 0.5);
    assert.equal(run.valid?.path, corpus('set.valid.mcqa.jsonl'));
    assert.ok(existsSync(join(runFolder('first'), 'model.onnx')));
  });

  it('evaluates the run, and reads the outcome on the questions', async () => {
    await openWorkspaceFile('corpus', 'set.valid.mcqa.jsonl');
    const evaluation = vscode.commands.executeCommand('ctMcqa.evaluate');
    await pick('Evaluate which run?', 'first');
    await evaluation;
    await window.waitFor('.notifications-toasts :text("Run first:")');
    const { header, rows } = await readPredictions(corpus('set.valid.predictions.jsonl'));
    assert.equal(header.run, 'first');
    assert.ok(rows.length > 2);
    await window.waitFor('.codelens-decoration :text("Run first answered")');
    await window.screenshot('evaluated');
  });

  it('sees over an image path what the volume is', async () => {
    const { document } = await openWorkspaceFile('corpus', 'set.valid.mcqa.jsonl');
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, document.lineAt(0).text.indexOf('images/') + 1),
    );
    const [{ value }] = hover.contents as vscode.MarkdownString[];
    assert.match(value, /\[Open CT Preview\]\(command:ctMcqa\.openPreview/);
    assert.match(value.replaceAll('&nbsp;', ' '), /32 × 32 × 16 · .* · LPS · int16/);
  });

  it("scores a volume by the explorer's context menu", async () => {
    const [line] = (await readFile(corpus('set.valid.mcqa.jsonl'), 'utf8')).split('\n');
    const record = JSON.parse(line) as { id: string; image_path: string };
    const volume = vscode.Uri.file(corpus(record.image_path));
    await vscode.commands.executeCommand('revealInExplorer', volume);
    const name = volume.path.slice(volume.path.lastIndexOf('/') + 1);
    await window.rightClick(`.explorer-folders-view .monaco-list-row:has-text("${name}")`);
    await window.screenshot('context menu of a volume');
    await window.click('.monaco-menu .action-label:text("Score Reports")');
    await pick('Score with which run?', 'first');
    await pick('Rank which texts?', 'set.valid');
    const panel = webview('Scores: ');
    await panel.waitFor('text=first');
    await window.screenshot('scored');
  });

  it('sees in the preview what in the volume supports an option', async () => {
    // The scores of the volume stand in a page that has its name too.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const [line] = (await readFile(corpus('set.valid.mcqa.jsonl'), 'utf8')).split('\n');
    const { image_path } = JSON.parse(line) as { image_path: string };
    await vscode.commands.executeCommand('ctMcqa.openPreview', vscode.Uri.file(corpus(image_path)));
    const view = webview(image_path.slice(image_path.lastIndexOf('/') + 1));
    await view.waitFor('.axial canvas[data-index]');
    await view.evaluate(() => {
      document.querySelector<HTMLElement>('.axial .viewport')!.focus();
    });
    await window.press('o');
    await view.waitFor('.questions details');
    // Few questions are open from the start; other tests leave files with more of them.
    await view.evaluate(() => {
      const entry = document.querySelector<HTMLDetailsElement>('.questions details')!;
      if (!entry.open) {
        entry.querySelector('summary')!.click();
      }
    });
    await view.click('button:text("Show Evidence for B")');
    await pick('Which run shall tell what supports the option?', 'first');
    await view.waitFor('.heat-map-bar select');
    const tinted = (): Promise<number> =>
      view.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.axial .tint')!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((alpha, at) => at % 4 === 3 && alpha > 0).length;
      });
    await until(async () => (await tinted()) > 0, 'colours over the axial picture');
    await window.screenshot('heat map');
    await view.select('.heat-map-bar label:nth-child(2) select', '0');
    await view.waitUntil(
      () =>
        document.querySelector<HTMLSelectElement>('.heat-map-bar label:nth-child(2) select')
          ?.value === '0',
    );
    await window.screenshot('heat map of two options');
    await view.click('.heat-map-bar button');
    await pick('Which run shall tell what supports the option?', 'first');
    await view.waitUntil(
      () => document.querySelector('.heat-map-bar [role=status]')?.textContent === '',
    );
    await until(async () => (await tinted()) > 0, 'colours over the axial picture');
  });

  it('ranks the reports of a table', async () => {
    const volume = vscode.Uri.file(corpus('images/train/train_1/train_1_a/train_1_a_1.nii.gz'));
    const result = await vscode.commands.executeCommand<ScoreResult>(
      'ctMcqa.scoreReports',
      volume,
      { run: 'first', texts: vscode.Uri.file(corpus('reports.csv')) },
    );
    assert.equal(result.texts, 12);
    const sum = result.ranking.reduce((total, { probability }) => total + probability, 0);
    assert.ok(Math.abs(sum - 1) < 1e-6);
  });

  it('cancels a training, which leaves no half-written file', async () => {
    const training = vscode.commands.executeCommand(
      'ctMcqa.train',
      vscode.Uri.file(corpus('set.train.mcqa.jsonl')),
      { preset: 'cnn3d-bert-small-frozen', name: 'stopped', valid: null, epochs: 500 },
    );
    const page = webview('Run stopped');
    await page.waitUntil(() => document.querySelector('polyline')?.getAttribute('points'));
    const started = performance.now();
    await page.click('button:has-text("Cancel")');
    assert.equal(await training, undefined);
    assert.ok(performance.now() - started < 5000);
    await page.waitFor('text=Cancelled');
    assert.notEqual((await describedRun('stopped')).state, 'finished');
    const files = await readdir(runFolder('stopped'));
    assert.deepEqual(
      files.filter((name) => /\.(tmp|part)/.test(name)),
      [],
    );
  });

  it('closes a question of a command, and nothing happened', async () => {
    const before = await readdir(corpus());
    const scoring = vscode.commands.executeCommand('ctMcqa.scoreReports');
    await window.waitFor('.quick-input-title:text("Score reports for which volume?")');
    await window.press('Escape', inputBox);
    assert.equal(await scoring, undefined);
    assert.deepEqual(await readdir(corpus()), before);
    assert.equal(await window.count('.notifications-toasts .notification-toast'), 0);
  });

  it('is told when the worker dies, and works on with a new one', async () => {
    const { services } = await activeExtension();
    const volume = corpus('images/train/train_1/train_1_a/train_1_a_1.nii.gz');
    await services.workers.request('volume/info', { path: volume });
    const pid = services.workers.pids().volumes!;
    process.kill(pid, 'SIGKILL');
    await window.waitFor('.notifications-toasts :text("ended unexpectedly")');
    const info = await services.workers.request('volume/info', { path: volume });
    assert.deepEqual(info.shape, [32, 32, 16]);
    assert.notEqual(services.workers.pids().volumes, pid);
  });

  it('creates a sample corpus and builds questions from it', async () => {
    const folder = vscode.Uri.file(workspacePath());
    const sample = vscode.commands.executeCommand('ctMcqa.createSample', folder);
    await pick('How many volumes?', '16');
    await sample;
    const reports = vscode.Uri.file(workspacePath('ct-mcqa-sample', 'reports.csv'));
    await vscode.commands.executeCommand('ctMcqa.buildDataset', reports);
    const page = webview('Build Data Set');
    await page.waitFor('.question:nth-child(5) .option.true');
    assert.match(await page.text('.counts'), /Volumes\s*16/);
    await page.fill('#field-split', '');
    await page.select('#field-mode', 'mixed');
    await page.fill('#field-metadataPrompt', 'Age: {age}, Sex: {sex}.');
    await page.waitFor('.question:nth-child(5) .text:has-text("Age: ")');
    await page.fill('#field-options', '1');
    await page.waitFor('#field-options[aria-invalid=true][aria-describedby~=field-options-error]');
    assert.equal(await page.count('[aria-required=true]'), 3);
    assert.match(await page.text('#field-options-error'), /from 2 to 20/);
    await page.fill('#field-options', '4');
    await page.waitFor('#field-options[aria-invalid=false]');
    await window.screenshot('build page');
    await page.evaluate(() => {
      const stage = document.querySelector<HTMLElement>('.footer .stage')!;
      new MutationObserver(() => {
        stage.dataset.seen = `${stage.dataset.seen ?? ''}|${stage.textContent}`;
      }).observe(stage, { childList: true });
    });
    await page.click('button:text("Build")');
    await page.waitFor('.result .done:has-text("16 questions were written.")');
    const stages = await page.evaluate(
      () => document.querySelector<HTMLElement>('.footer .stage')!.dataset.seen,
    );
    assert.match(stages ?? '', /Reading reports \d+ %.*Writing questions 100 %/);
    // Somebody's work on the questions is not replaced without a word.
    const questions = workspacePath('ct-mcqa-sample', 'questions.mcqa.jsonl');
    await appendFile(questions, '\n');
    await page.click('button:text("Build")');
    await page.waitFor('.result .problem:has-text("questions.mcqa.jsonl")');
    assert.equal(await page.count('[role=status] [role=alert]'), 0, 'read out once');
    await window.screenshot('build would replace');
    assert.match(await readFile(questions, 'utf8'), /\n\n$/);
    await page.click('button:text("Replace")');
    await page.waitFor('.result .done:has-text("16 questions were written.")');
    assert.doesNotMatch(await readFile(questions, 'utf8'), /\n\n$/);
    await page.click('button:text("Save as Task")');
    await window.waitFor('.tab:has-text("tasks.json")');
    await window.screenshot('build task');
    await rm(workspacePath('ct-mcqa-sample', 'questions.mcqa.jsonl'));
    assert.equal(await runTask('Build ct-mcqa-sample/questions.mcqa.jsonl'), 0);
    const built = await readFile(workspacePath('ct-mcqa-sample', 'questions.mcqa.jsonl'), 'utf8');
    assert.match(built, /^\{.*"text":"Age: \d+, Sex: [MF]\. /);
  });

  it('sees what works on this machine', async () => {
    await vscode.commands.executeCommand('ctMcqa.doctor');
    const page = webview('markdown-language-features');
    await page.waitFor('tr:has-text("cpu"):has-text("works")');
    await window.screenshot('doctor');
  });
});
