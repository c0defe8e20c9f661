import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { activeExtension, workspacePath } from '../inside/extension';
import { until, webview, window, type DocumentDriver } from '../inside/window';

const findings = ['Lung nodule', 'Emphysema', 'Pleural effusion', 'Cardiomegaly', 'Atelectasis'];
const kinds = ['hard', 'hard', 'random', 'easy'];

/** As the builder writes it: a random one is not compared. */
function distractor(kind: string, number: number): object {
  const alike: Partial<Record<string, number>> = { hard: 0.6, easy: 0.1 };
  const similarity = alike[kind];
  return { kind, ...(similarity && { similarity: similarity + (number % 3) / 10 }) };
}

/** A question whose true option stands first too often, and is the longest too often. */
function line(number: number, split: string): string {
  const truth = number % 3 === 0 ? 0 : number % 4;
  const length = (option: number): number => 20 + ((number * 7 + option * 13) % 60);
  return JSON.stringify({
    id: `q${number}`,
    image_path: `${split}_${1 + (number >> 1)}_a_1.nii.gz`,
    mode: number % 5 === 0 ? 'impression' : 'full_report',
    metadata: {
      age: 20 + ((number * 17) % 65),
      sex: number % 3 === 0 ? 'F' : 'M',
      manufacturer: 'Maker',
    },
    labels: Object.fromEntries(
      findings.map((name, i) => [name, Number((number * (i + 3)) % 7 < 3)]),
    ),
    options: Array.from({ length: 4 }, (_, option) => ({
      text: `Question ${number}: ${'word '.repeat(option === truth ? 70 : length(option)).trim()} ${option}`,
      label: Number(option === truth),
      ...(option === truth ? { kind: 'true' } : distractor(kinds[(number + option) % 4], number)),
    })),
  });
}

async function writeQuestions(
  name: string,
  split: string,
  from: number,
  to: number,
): Promise<vscode.Uri> {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  const path = workspacePath(name);
  await writeFile(path, numbers.map((number) => line(number, split)).join('\n'));
  return vscode.Uri.file(path);
}

/** The requests for an overview that the worker is sent while `action` lasts. */
async function recordRequests(action: () => Promise<void>): Promise<Promise<unknown>[]> {
  const { workers } = (await activeExtension()).services;
  const requests: Promise<unknown>[] = [];
  const request = workers.request.bind(workers);
  workers.request = (method, params, work) => {
    const answer = request(method, params, work);
    if (method === 'dataset/overview') {
      requests.push(answer);
      answer.catch(() => undefined); // told by whoever waits for it
    }
    return answer;
  };
  try {
    await action();
  } finally {
    workers.request = request;
  }
  return requests;
}

async function useTheme(theme: string): Promise<void> {
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme, vscode.ConfigurationTarget.Global);
}

describe('The data set overview', () => {
  let training: vscode.Uri;
  let page: DocumentDriver;

  before(async () => {
    await activeExtension();
    await window.resize(1600, 1300);
    training = await writeQuestions('counted.train.mcqa.jsonl', 'train', 0, 240);
    await vscode.commands.executeCommand('ctMcqa.showOverview', training);
    page = webview('Overview: counted.train');
    await page.waitFor('.plot-card');
  });

  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('counts, and marks what chance does not explain', async () => {
    assert.match(
      await page.text('.tiles'),
      /Questions\s*240[^]*Options\s*960[^]*Volumes\s*120[^]*Patients\s*120/,
    );
    assert.match(
      await page.text('.tile.odd'),
      /True option is the longest[^]*by chance[^]*more or less/,
    );
    assert.match(
      await page.text('.problems'),
      /True option is the longest: 132, [^]*Position of the true option, 1: 120, /,
    );
    await window.screenshot('overview');
  });

  it('draws every distribution with a table under it', async () => {
    const cards = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.plot-card')].map(({ dataset }) => dataset.name),
    );
    assert.deepEqual(cards, [
      ...['position', 'length', 'kind', 'difficulty', 'optionCount', 'mode', 'finding', 'split'],
      ...['questionsPerVolume', 'age', 'sex', 'manufacturer'],
    ]);
    const drawn = await page.evaluate(() => ({
      columns: document.querySelectorAll('[data-name=position] rect').length,
      ranges: document.querySelectorAll('[data-name=position] path.expected').length,
      bars: document.querySelectorAll('[data-name=finding] .track').length,
      alike: document.querySelectorAll('[data-name=difficulty] rect').length,
    }));
    assert.deepEqual(drawn, { columns: 4, ranges: 4, bars: 10, alike: 20 });
    await page.click('[data-name=position] summary');
    const rows = await page.evaluate(() =>
      [...document.querySelectorAll('[data-name=position] tbody tr')].map((row) =>
        [...row.children].map(({ textContent }) => textContent),
      ),
    );
    assert.deepEqual(rows[0], ['1', '120', '50.0 %', '60 (42.7–77.3)']);
    assert.equal(rows.length, 4);
  });

  it('is there at once when its tab comes back', async () => {
    await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
    const requests = await recordRequests(async () => {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await page.waitFor('.plot-card');
    });
    assert.deepEqual(requests, []);
  });

  it('is counted again when the file changes, and leads to what stands out', async () => {
    const broken = [line(0, 'train'), line(1, 'train'), '{"id":', line(1, 'train')].join('\n');
    await writeFile(training.fsPath, broken);
    await page.waitFor('.problems:has-text("first in line")');
    assert.match(
      await page.text('.problems'),
      /no question: 1, first in line 3[^]*Repeated ids: 1, first in line 4/,
    );
    await page.click('.problems button');
    const editor = await until(() => vscode.window.activeTextEditor, 'the file is shown');
    assert.equal(editor.selection.active.line, 2);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('compares the files of a set', async () => {
    training = await writeQuestions('counted.train.mcqa.jsonl', 'train', 0, 40);
    const valid = await writeQuestions('counted.valid.mcqa.jsonl', 'train', 36, 60);
    await vscode.commands.executeCommand('ctMcqa.showOverview', training, [training, valid]);
    const both = webview('Overview: counted.train.mcqa.jsonl, counted.valid');
    await both.waitFor('.overlaps .shared');
    assert.match(await both.text('.overlaps tbody'), /train.* – .*valid.*\s2\s2\s16/);
    await both.click('.segment:has-text("valid")');
    assert.match(await both.text('.tiles'), /Questions\s*24/);
    await window.screenshot('overview of two files');
  });

  it('can be cancelled, and begun again, and ends when its tab goes away', async () => {
    const large = workspacePath('large.mcqa.jsonl');
    const text = 'Nothing has changed. '.repeat(150);
    const question = (id: number): string =>
      JSON.stringify({
        id: `q${id}`,
        image_path: 'a.nii',
        options: [
          { text, label: 1 },
          { text: '-', label: 0 },
        ],
      });
    await writeFile(large, Array.from({ length: 30_000 }, (_, id) => question(id)).join('\n'));
    await vscode.commands.executeCommand('ctMcqa.showOverview', vscode.Uri.file(large));
    const counting = webview('Overview: large');
    await counting.click('.loading button');
    await counting.waitFor('.problem:has-text("Cancelled")');
    const [request] = await recordRequests(async () => {
      await counting.click('.problem button');
      await counting.waitFor('.loading progress[value]');
      await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
    });
    await assert.rejects(request, { name: 'CancelledError' });
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await counting.waitFor('.plot-card');
    assert.match(await counting.text('.tiles'), /Questions\s*30,000/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await rm(large);
  });

  it('is drawn in light and high-contrast colours too', async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await page.waitFor('.plot-card');
    for (const [theme, kind] of [
      ['Default Light Modern', 'vscode-light'],
      ['Default High Contrast', 'vscode-high-contrast'],
    ] as const) {
      await useTheme(theme);
      await page.waitUntil((name) => document.body.classList.contains(name), kind);
      await window.screenshot(`overview ${kind}`);
    }
    await useTheme('Default Dark Modern');
  });
});
