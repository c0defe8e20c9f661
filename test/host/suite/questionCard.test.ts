import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PredictionHeader } from '../../../src/core/dataset/prediction';
import { questionHash, writePredictions } from '../../../src/core/dataset/predictions';
import type { McqRecord } from '../../../src/core/dataset/record';
import { activeExtension, extension, openWorkspaceFile, workspacePath } from '../inside/extension';
import { writePhantom } from '../inside/phantom';
import { until, webview, window, type DocumentDriver } from '../inside/window';

const texts = [
  'Both lungs are well aerated. A nodule of 8 mm lies in the left upper lobe. No pleural effusion. The heart is of normal size.',
  'Both lungs are well aerated. A nodule of 8 mm lies in the right upper lobe. No pleural effusion. The heart is of normal size.',
  'Both lungs are well aerated. A nodule of 8 mm lies in the left upper lobe. Pleural effusion. The heart is of normal size.',
  'Emphysema of both apices; calcified coronary arteries.',
];

const kinds = ['true', 'generated', 'generated', 'random'] as const;

function question(id: string, fields: Partial<McqRecord> = {}): McqRecord {
  return {
    id,
    image_path: 'card scan.nii.gz',
    mode: 'full_report',
    metadata: { age: 67, sex: 'F', manufacturer: 'Maker', spacing_mm: [2, 2, 4] },
    labels: { 'Lung nodule': 1, Cardiomegaly: 0 },
    options: texts.map((text, i) => ({
      text,
      label: i === 0 ? 1 : 0,
      kind: kinds[i],
      ...(i === 1 && { similarity: 0.94, edits: ['side swapped'], undecidable: 'same findings' }),
    })),
    ...fields,
  };
}

const records: readonly McqRecord[] = [
  question('q1'),
  question('q2', { image_path: 'nowhere.nii.gz' }),
  question('q3'),
  question('q4', {
    mode: 'impression',
    options: [
      { ref: 'train_1_a_1', label: 0 },
      { ref: 'train_2_a_1', label: 1 },
      { ref: 'train_9_a_1', label: 0 },
    ],
  }),
  question('q5', { image_path: 'no scan.nii' }),
];

/** Chosen options: right, wrong, not answered, (refs) wrong, wrong. */
const chosen: readonly (number | undefined)[] = [0, 1, undefined, undefined, 2];

async function writeAnswers(): Promise<void> {
  const header: PredictionHeader = {
    kind: 'ct-mcqa-predictions',
    version: 1,
    run: 'first',
    dataset: 'card.mcqa.jsonl',
    model_hash: 'm',
    preprocessing: 'p',
    text: 't',
    created: '2026-01-01T00:00:00Z',
  };
  const rows = records.flatMap(({ id, image_path: image }, i) => {
    const predicted = chosen[i];
    return predicted === undefined
      ? []
      : [
          {
            id: id!,
            question_hash: questionHash(image, texts),
            logits: texts.map((_, option) => Number(option === predicted)),
            probabilities: texts.map((_, option) => (option === predicted ? 0.64 : 0.12)),
            predicted,
            truth: 0,
          },
        ];
  });
  await writePredictions(workspacePath('card.predictions.jsonl'), header, rows);
}

async function putCursor(line: number): Promise<void> {
  const editor = await vscode.window.showTextDocument(
    vscode.Uri.file(workspacePath('card.mcqa.jsonl')),
    { viewColumn: vscode.ViewColumn.One },
  );
  const start = new vscode.Position(line, 0);
  editor.selection = new vscode.Selection(start, start);
}

function cursorLine(): number | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) =>
    document.fileName.endsWith('card.mcqa.jsonl'),
  )?.selection.active.line;
}

async function useTheme(theme: string): Promise<void> {
  await vscode.workspace
    .getConfiguration('workbench')
    .update('colorTheme', theme, vscode.ConfigurationTarget.Global);
}

describe('The question card', () => {
  let card: DocumentDriver;

  async function showsQuestion(id: string): Promise<void> {
    await card.waitUntil(
      (wanted) => document.querySelector('.titles h1')?.textContent === wanted,
      id,
    );
  }

  before(async () => {
    await activeExtension();
    await window.resize(1600, 1300);
    await writePhantom(workspacePath('card scan.nii.gz'));
    await writeFile(workspacePath('no scan.nii'), 'this is no volume');
    await writeFile(
      workspacePath('card.reports.csv'),
      'VolumeName,Findings_EN,Impressions_EN\ntrain_1_a_1.nii.gz,-,No effusion.\ntrain_2_a_1.nii.gz,-,Effusion.\n',
    );
    await writeFile(
      workspacePath('card.mcqa.json'),
      JSON.stringify({ version: 1, reports: 'card.reports.csv' }),
    );
    await writeFile(
      workspacePath('card.mcqa.jsonl'),
      [...records.map((record) => JSON.stringify(record)), ''].join('\n'),
    );
    await writeAnswers();
    await openWorkspaceFile('card.mcqa.jsonl');
    await vscode.commands.executeCommand('ctMcqa.showQuestionCard');
    card = webview('Question Card');
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const name of ['card.predictions.jsonl', 'card.mcqa.json', 'card.reports.csv']) {
      await rm(workspacePath(name), { force: true });
    }
  });

  it('shows the question under the cursor beside the editor: pictures, facts, options', async () => {
    await showsQuestion('q1');
    await card.waitFor('canvas[data-plane=sagittal]');
    assert.equal(cursorLine(), 0);
    const shapes = await card.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const { width, height } = canvas.getBoundingClientRect();
        return { plane: canvas.dataset.plane, mm: width / height, perMm: width };
      }),
    );
    assert.deepEqual(
      shapes.map(({ plane }) => plane),
      ['axial', 'coronal', 'sagittal'],
    );
    // The phantom is 120 x 100 x 160 mm.
    [120 / 100, 120 / 160, 100 / 160].forEach((proportion, i) => {
      assert.ok(Math.abs(shapes[i].mm - proportion) < 0.02, `${shapes[i].plane} ${shapes[i].mm}`);
    });
    assert.ok(Math.abs(shapes[0].perMm / shapes[2].perMm - 120 / 100) < 0.03, 'one scale');
    assert.match(await card.text('.facts'), /67[^]*female[^]*Maker[^]*2 × 2 × 4 mm[^]*Lung nodule/);
    assert.equal(await card.text('.stem'), 'Which report belongs to this scan?');
    assert.match(await card.text('.outcome'), /Answered right · Run first/);
    assert.equal(await card.count('.option'), 4);
    assert.match(await card.text('.option.true .head'), /A\s*✓ true\s*● model's choice\s*64\.0 %/);
    await window.screenshot('question card');
  });

  it('marks what sets each option apart from the true one, where they are alike', async () => {
    const marks = await card.evaluate(() =>
      [...document.querySelectorAll('.option')].map((option) =>
        [...option.querySelectorAll('ins, del')].map(
          (mark) => `${mark.tagName.toLowerCase()} ${mark.textContent.trim()}`,
        ),
      ),
    );
    assert.deepEqual(marks, [[], ['del left', 'ins right'], ['del No'], []]);
    assert.match(await card.text('.legend'), /Not in the true option\s*Only in the true option/);
    await card.click('.stem-row button');
    assert.equal(await card.count('ins, del'), 0);
    assert.equal(await card.count('.legend:visible'), 0);
    await card.click('.stem-row button');
    assert.equal(await card.count('ins, del'), 3);
    assert.equal(await card.count('.legend:visible'), 1);
  });

  it('tells how a distractor was made and how it compares with the true option', async () => {
    assert.deepEqual(
      await card.evaluate(() =>
        [...document.querySelectorAll('.option .note')].map(({ textContent }) => textContent),
      ),
      [
        'Similarity 0.94',
        'Made from the true report: side swapped',
        'Nobody could tell it from the true option: same findings',
      ],
    );
  });

  it('draws through the window that is chosen', async () => {
    const brightness = async (): Promise<number> =>
      card.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-plane=axial]')!;
        const { width, height } = canvas;
        return canvas.getContext('2d')!.getImageData(width >> 1, height >> 1, 1, 1).data[0];
      });
    const lung = await brightness();
    await card.click('.segment:has-text("Mediastinum")');
    const mediastinum = await brightness();
    assert.ok(lung > 200 && mediastinum > 100 && mediastinum < 140, `${lung} ${mediastinum}`);
    assert.equal(await card.text('.segment[aria-pressed=true]'), 'Mediastinum2');
  });

  it('follows the cursor, and says so when the image is missing or is none', async () => {
    await putCursor(1);
    await showsQuestion('q2');
    await card.waitFor('.pictures .warning');
    assert.match(
      await card.text('.pictures .warning'),
      /not there[^]*nowhere\.nii\.gz[^]*image_roots/,
    );
    assert.match(await card.text('.option.chosen .badge.wrong'), /✗ model's choice/);
    await window.screenshot('question card without image');
    await putCursor(4);
    await showsQuestion('q5');
    await card.waitFor('.pictures .warning button');
    assert.match(await card.text('.pictures .warning'), /cannot be shown/);
    await putCursor(2);
    await showsQuestion('q3');
    await card.waitFor('canvas[data-plane=axial]');
    assert.equal(await card.text('.outcome'), 'No run has answered this question');
    await putCursor(5);
    await card.waitFor('.none:visible');
    assert.match(await card.text('.none'), /no question on line 6/);
  });

  it('resolves options by reference', async () => {
    await putCursor(3);
    await showsQuestion('q4');
    const shown = await card.evaluate(() =>
      [...document.querySelectorAll('.option .text')].map(({ textContent }) => textContent),
    );
    assert.deepEqual(shown, ['No effusion.', 'Effusion.', 'The reports table has no such report.']);
    assert.equal(await card.text('.option.true .source'), 'train_2_a_1');
    assert.equal(await card.text('.stem'), 'Which impression belongs to this scan?');
  });

  it('goes to the next question and the next wrong one by keyboard, from both sides', async () => {
    await putCursor(0);
    await showsQuestion('q1');
    await window.press('Alt+w');
    await showsQuestion('q2');
    assert.equal(cursorLine(), 1);
    await window.press('Alt+w');
    await showsQuestion('q5');
    // From the last on, it begins anew; the line without a question is passed over.
    await window.press('Alt+n');
    await showsQuestion('q1');

    await card.click('.titles');
    await window.press('w');
    await showsQuestion('q2');
    await window.press('ArrowRight');
    await showsQuestion('q3');
    await window.press('ArrowLeft');
    await window.press('ArrowLeft');
    await showsQuestion('q1');
    // Tab goes through the buttons; the arrows mean questions on them too.
    await card.click('.tool.next');
    await showsQuestion('q2');
    await window.press('Tab');
    await card.waitFor('.tool.previousWrong:focus');
    await window.press('ArrowLeft');
    await showsQuestion('q1');
    assert.equal(await card.count('[role=toolbar]'), 0);
    await window.press('Shift+W');
    await showsQuestion('q5');
    assert.equal(cursorLine(), 4);
    await window.press('e');
    await until(
      () => vscode.window.activeTextEditor?.document.fileName.endsWith('card.mcqa.jsonl'),
      'the editor has the focus',
    );
  });

  it('shows what is typed, and opens the volume in the preview', async () => {
    await putCursor(0);
    await showsQuestion('q1');
    const editor = vscode.window.activeTextEditor!;
    const changed = JSON.stringify(question('renamed'));
    await editor.edit((edit) => {
      edit.replace(editor.document.lineAt(0).range, changed);
    });
    await showsQuestion('renamed');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await putCursor(0);
    await showsQuestion('q1');
    await card.waitFor('.picture');
    await card.click('.picture');
    await webview('card scan').waitFor('canvas[data-index]');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is drawn in light and high-contrast colours too', async () => {
    await putCursor(1);
    await showsQuestion('q2');
    await putCursor(0);
    await showsQuestion('q1');
    await card.waitFor('canvas[data-plane=axial]');
    for (const [theme, kind] of [
      ['Default Light Modern', 'vscode-light'],
      ['Default High Contrast', 'vscode-high-contrast'],
    ] as const) {
      await useTheme(theme);
      await card.waitUntil((name) => document.body.classList.contains(name), kind);
      await window.screenshot(`question card ${kind}`);
    }
    await useTheme('Default Dark Modern');
  });
});

describe('The question card of a real scan', () => {
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('shows the lungs dark and the body bright in every plane', async function () {
    const scan = join(extension().extensionPath, '..', 'shared/data/ct/LungDx_A0001_s2.nii.gz');
    if (!existsSync(scan)) {
      this.skip();
    }
    await writeFile(
      workspacePath('real.mcqa.jsonl'),
      JSON.stringify(question('real', { image_path: scan })),
    );
    await openWorkspaceFile('real.mcqa.jsonl');
    await vscode.commands.executeCommand('ctMcqa.showQuestionCard');
    const card = webview('Question Card');
    await card.waitFor('canvas[data-plane=sagittal]');
    await window.screenshot('question card of a chest CT');
    const shares = await card.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const reds = data.filter((_, i) => i % 4 === 0);
        const shareOf = (test: (red: number) => boolean): number =>
          reds.filter(test).length / reds.length;
        return { dark: shareOf((red) => red < 100), bright: shareOf((red) => red > 200) };
      }),
    );
    assert.equal(shares.length, 3);
    for (const { dark, bright } of shares) {
      assert.ok(dark > 0.1 && bright > 0.1, JSON.stringify(shares));
    }
  });
});
