import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { PredictionHeader } from '../../../src/core/dataset/prediction';
import { questionHash, writePredictions } from '../../../src/core/dataset/predictions';
import type { McqRecord } from '../../../src/core/dataset/record';
import { activeExtension, openWorkspaceFile, workspacePath } from '../inside/extension';
import { until, window } from '../inside/window';

const good: McqRecord = {
  id: 'q1',
  image_path: 'there.nii.gz',
  options: [
    { text: 'No nodule.', label: 1 },
    { text: 'A nodule in the left upper lobe.', label: 0 },
  ],
};

const lines = (records: readonly unknown[]): string =>
  records
    .map((record) => (typeof record === 'string' ? record : JSON.stringify(record)))
    .join('\n');

const codesOf = (uri: vscode.Uri): string[] => vscode.languages.getDiagnostics(uri).map(codeOf);

function codeOf({ code }: vscode.Diagnostic): string {
  assert.ok(typeof code === 'object');
  return String(code.value);
}

async function openQuestions(name: string, text: string): Promise<vscode.TextEditor> {
  await writeFile(workspacePath(name), text);
  return openWorkspaceFile(name);
}

async function replaceLine(editor: vscode.TextEditor, line: number, text: string): Promise<void> {
  const { range } = editor.document.lineAt(line);
  assert.ok(
    await editor.edit((edit) => {
      edit.replace(range, text);
    }),
  );
}

describe('A question file in the editor', () => {
  before(async () => {
    await writeFile(workspacePath('there.nii.gz'), '');
    await activeExtension();
  });
  after(() => rm(workspacePath('there.nii.gz')));
  afterEach(() => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));

  it('shows what is wrong where it is wrong, with codes', async () => {
    const { document } = await openQuestions(
      'wrong.mcqa.jsonl',
      lines([
        good,
        '{"id":"q2","image_path":"there.nii.gz",}',
        { ...good, id: 'q3', options: good.options.map(({ text }) => ({ text, label: 0 })) },
        { ...good, id: 'q1' },
        { ...good, id: 'q5', image_path: 'elsewhere.nii.gz' },
        { id: 'q6', options: good.options },
      ]),
    );
    const found = await until(() => {
      const all = vscode.languages.getDiagnostics(document.uri);
      return all.some((diagnostic) => codeOf(diagnostic) === 'MCQ402') && all;
    }, 'the missing image is found');
    assert.deepEqual(
      found.map((diagnostic) => [
        diagnostic.range.start.line,
        codeOf(diagnostic),
        document.getText(diagnostic.range).slice(0, 20),
      ]),
      [
        [1, 'MCQ002', ','],
        [2, 'MCQ202', '[{"text":"No nodule.'],
        [3, 'MCQ108', '"q1"'],
        [4, 'MCQ402', '"elsewhere.nii.gz"'],
        [5, 'MCQ101', '{"id":"q6","options"'],
      ],
    );
    await window.screenshot('findings');
  });

  it('is checked again as it is edited', async () => {
    const editor = await openQuestions('edited.mcqa.jsonl', lines([good, '{']));
    const { uri } = editor.document;
    await until(() => codesOf(uri).includes('MCQ003'), 'the broken line is found');
    await replaceLine(editor, 1, JSON.stringify(good));
    await until(() => codesOf(uri).join() === 'MCQ108', 'the repeated id is found');
    await replaceLine(editor, 1, JSON.stringify({ ...good, id: 'q2' }));
    await until(() => codesOf(uri).length === 0, 'nothing is wrong any more');
  });

  it('sees images and side files come and go', async () => {
    const image = workspacePath('later', 'scan.nii.gz');
    const { document } = await openQuestions(
      'images.mcqa.jsonl',
      lines([{ ...good, image_path: 'scan.nii.gz' }]),
    );
    await until(() => codesOf(document.uri).join() === 'MCQ402', 'the image is missing');
    await vscode.workspace.fs.writeFile(vscode.Uri.file(image), new Uint8Array());
    await writeFile(
      workspacePath('images.mcqa.json'),
      JSON.stringify({ version: 1, image_roots: ['later'] }),
    );
    await until(() => codesOf(document.uri).length === 0, 'the image is found in the new root');
    await rm(image);
    await until(() => codesOf(document.uri).join() === 'MCQ402', 'the image is missed');
    await rm(workspacePath('images.mcqa.json'));
  });

  it('says so when it is too long for the editor to hand it on, and can be checked still', async () => {
    const uri = vscode.Uri.file(workspacePath('long.mcqa.jsonl'));
    const questions = 60_000;
    const filler = 'No change. '.repeat(75);
    await writeFile(
      uri.fsPath,
      Array.from({ length: questions }, (_, number) =>
        JSON.stringify({
          ...good,
          // The last one repeats an id.
          id: `q${Math.min(number, questions - 2)}`,
          options: [...good.options, { text: filler, label: 0 }],
        }),
      ).join('\n'),
    );
    await vscode.commands.executeCommand('vscode.open', uri);
    await window.waitFor('.notifications-toasts :text("is over 50 MB")');
    await window.screenshot('a question file over 50 MB');
    await window.click('.notifications-toasts .monaco-button:text("Check File")');
    await until(() => codesOf(uri).includes('MCQ108'), 'the repeated id is found');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.commands.executeCommand('notifications.clearAll');
    await rm(uri.fsPath);
  });

  it('keeps what only the check of the whole file finds while it is edited elsewhere', async () => {
    const editor = await openQuestions('whole.mcqa.jsonl', lines([good, { ...good, id: 'q2' }]));
    const { uri } = editor.document;
    await vscode.commands.executeCommand('ctMcqa.lintFile', uri);
    // The image of these tests is an empty file.
    assert.deepEqual(codesOf(uri), ['MCQ406']);
    const [{ range }] = vscode.languages.getDiagnostics(uri);
    const other = range.start.line === 0 ? 1 : 0;
    await replaceLine(editor, other, JSON.stringify({ ...good, id: 'q2', mode: 'none' }));
    await until(() => codesOf(uri).includes('MCQ106'), 'the mode is found');
    assert.ok(codesOf(uri).includes('MCQ406'));
  });

  it('is checked when it is closed too, by command', async () => {
    const uri = vscode.Uri.file(workspacePath('closed.mcqa.jsonl'));
    await writeFile(uri.fsPath, lines([good, good]));
    const count = await vscode.commands.executeCommand('ctMcqa.lintFile', uri);
    assert.equal(count, 2);
    // The image of these tests is an empty file.
    assert.deepEqual(codesOf(uri), ['MCQ108', 'MCQ406']);
  });
});

describe('Answers of a run', () => {
  const records: McqRecord[] = [
    good,
    { ...good, id: 'q2' },
    { ...good, id: 'q3' },
    { ...good, id: 'q4' },
  ];
  const predictionsFile = (): string => workspacePath('answered.predictions.jsonl');

  /** Answers with the same probabilities: right, wrong, and right to an older text. */
  async function writeAnswers(run: string, chosen: readonly number[]): Promise<void> {
    const header: PredictionHeader = {
      kind: 'ct-mcqa-predictions',
      version: 1,
      run,
      dataset: 'answered.mcqa.jsonl',
      model_hash: 'm',
      preprocessing: 'p',
      text: 't',
      created: '2026-01-01T00:00:00Z',
    };
    const rows = chosen.map((predicted, index) => ({
      id: `q${index + 1}`,
      question_hash:
        index === 2
          ? 'of another text'
          : questionHash(
              good.image_path,
              good.options.map(({ text }) => text!),
            ),
      logits: predicted === 0 ? [2, 0] : [0, 2],
      probabilities: predicted === 0 ? [0.88, 0.12] : [0.12, 0.88],
      predicted,
      truth: 0,
    }));
    await writePredictions(predictionsFile(), header, rows);
  }

  /** The texts that stand before the lines: decorations are styles of the page. */
  const marks = (): Promise<string[]> =>
    window.evaluate(() =>
      [...document.querySelectorAll('.view-lines .view-line')]
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .flatMap((line) =>
          [...line.querySelectorAll('span')]
            .map((span) => getComputedStyle(span, '::before').content.replaceAll('"', ''))
            .filter((content) => /[✓✗↻•]/.test(content)),
        ),
    );

  before(async () => {
    await activeExtension();
    await writeFile(workspacePath('there.nii.gz'), '');
    await writeAnswers('first', [0, 1, 0]);
    await openQuestions('answered.mcqa.jsonl', lines(records));
  });
  after(async () => {
    await rm(predictionsFile(), { force: true });
    await rm(workspacePath('there.nii.gz'));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('stand before each question with mark and probability', async () => {
    await until(async () => (await marks()).length === 3, 'three questions are marked');
    assert.deepEqual(await marks(), ['✓ 88 %', '✗ 88 %', '↻ 88 %']);
    await until(
      () => window.count('.codelens-decoration :text("Run first answered 2 of 3 questions right")'),
      'the summary stands above',
    );
  });

  it('are told by the hover of an option, with all probabilities and the run', async () => {
    const { document } = vscode.window.activeTextEditor!;
    const position = document.positionAt(document.getText().indexOf('left upper'));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(1, position.character),
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (content as vscode.MarkdownString).value)
      .join('\n')
      .replaceAll('&nbsp;', ' ');
    assert.match(text, /chose option B, which is not true/);
    assert.match(text, /\| A \| 12 % .*true/);
    assert.match(text, /\| \*\*B\*\* \| 88 % .*chosen, this option/);
    assert.match(text, /Run first/);
    const editor = vscode.window.activeTextEditor!;
    const place = new vscode.Position(1, position.character);
    editor.selection = new vscode.Selection(place, place);
    await vscode.commands.executeCommand('editor.action.showHover');
    await window.waitFor('.monaco-hover :text("chose option B")');
    await window.screenshot('answers');
    await window.press('Escape');
  });

  it('follow the predictions file', async () => {
    await writeAnswers('second', [1, 1, 1, 0]);
    await until(
      async () => (await marks()).join() === '✗ 88 %,✗ 88 %,↻ 88 %,✓ 88 %',
      'the marks change',
    );
    await rm(predictionsFile());
    await until(async () => (await marks()).length === 0, 'the marks go');
  });

  it('are not shown where the setting says so', async () => {
    await writeAnswers('third', [0, 0, 0]);
    await until(async () => (await marks()).length === 3, 'three questions are marked');
    const settings = vscode.workspace.getConfiguration('ctMcqa');
    await settings.update('inlineResults', false, vscode.ConfigurationTarget.Workspace);
    await until(async () => (await marks()).length === 0, 'the marks go');
    await settings.update('inlineResults', undefined, vscode.ConfigurationTarget.Workspace);
    await until(async () => (await marks()).length === 3, 'the marks come back');
  });
});
