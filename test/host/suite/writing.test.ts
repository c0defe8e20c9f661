import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  activeExtension,
  diagnosticsOf,
  openWorkspaceFile,
  workspacePath,
} from '../inside/extension';
import { until, window } from '../inside/window';

const image = 'train_1_a_1.nii.gz';
const text = [
  `{"id":"q1","image_path":"${image}","options":[{"text":"No nodule.","label":1},{"text":"A nodule.","label":0}],"metadata":{"sex":"M"}}`,
  `{"id":"q2","image_path":"${image}","options":[{"ref":"train_1_a_1","label":1},{"ref":"train_2_a_1","label":0}]}`,
  `{"id":"q3","image_path":"train_2_a_1.nii.gz","options":[{"text":"x","label":1},{"text":"y","label":0}],}`,
  '',
].join('\n');
const files: Readonly<Record<string, string>> = {
  [image]: '',
  'writing.mcqa.jsonl': text,
  'writing.mcqa.json': '{"version":1,"reports":"written reports.csv"}',
  'written reports.csv':
    'VolumeName,Findings_EN\ntrain_1_a_1.nii.gz,"Two\nlines."\ntrain_2_a_1.nii.gz,One.\n',
};

describe('Questions written by hand', () => {
  let document: vscode.TextDocument;

  before(async () => {
    await activeExtension();
    for (const [name, content] of Object.entries(files)) {
      await writeFile(workspacePath(name), content);
    }
    ({ document } = await openWorkspaceFile('writing.mcqa.jsonl'));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await Promise.all(Object.keys(files).map((name) => rm(workspacePath(name))));
  });

  /** One character into the first `word` of a line (0-based). */
  const at = (line: number, word: string): vscode.Position =>
    new vscode.Position(line, document.lineAt(line).text.indexOf(word) + 1);
  const ask = <T>(command: string, ...given: unknown[]): Thenable<T> =>
    vscode.commands.executeCommand<T>(`vscode.execute${command}`, document.uri, ...given);
  const labelsAt = async (position: vscode.Position): Promise<string[]> => {
    const { items } = await ask<vscode.CompletionList>('CompletionItemProvider', position);
    return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };

  it('complete fields, values, images, reports and whole questions', async () => {
    assert.deepEqual((await labelsAt(at(0, '"M"'))).slice(0, 3).sort(), ['F', 'M', 'O']);
    assert.ok((await labelsAt(at(1, '"train_2_a_1"'))).includes('train_2_a_1'));
    assert.ok((await labelsAt(at(0, `"${image}"`))).includes(image));
    assert.ok((await labelsAt(new vscode.Position(3, 0))).includes('question 4'));
    const names = await labelsAt(at(0, '"sex"'));
    assert.ok(names.includes('age') && !names.includes('text'));
  });

  it('say over a field what it is for', async () => {
    const hovers = await ask<vscode.Hover[]>('HoverProvider', at(0, '"options"'));
    const words = hovers.flatMap(({ contents }) =>
      contents.map((each) => (each instanceof vscode.MarkdownString ? each.value : '')),
    );
    assert.ok(words.some((each) => each.startsWith('The reports to choose from')));
  });

  it('stand in the outline with their options', async () => {
    const symbols = await ask<vscode.DocumentSymbol[]>('DocumentSymbolProvider');
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['q1', 'q2', 'line 3'],
    );
    assert.deepEqual(
      symbols[0].children.map(({ name, detail }) => `${name} ${detail}`),
      ['A ✓ No nodule.', 'B A nodule.'],
    );
  });

  it('fold by patient', async () => {
    const ranges = await ask<vscode.FoldingRange[]>('FoldingRangeProvider');
    assert.deepEqual(
      ranges.map(({ start, end }) => [start, end]),
      [[0, 1]],
    );
  });

  it('lead to the volume and to the row of the report', async () => {
    const targetOf = async (position: vscode.Position) => {
      const [link] = await ask<(vscode.Location | vscode.LocationLink)[]>(
        'DefinitionProvider',
        position,
      );
      return 'targetUri' in link
        ? { path: link.targetUri.fsPath, line: link.targetRange.start.line }
        : { path: link.uri.fsPath, line: link.range.start.line };
    };
    assert.deepEqual(await targetOf(at(0, `"${image}"`)), { path: workspacePath(image), line: 0 });
    assert.deepEqual(await targetOf(at(1, '"train_2_a_1"')), {
      path: workspacePath('written reports.csv'),
      line: 3,
    });
  });

  it('take another id, but none that is taken', async () => {
    const renamed = (name: string): Thenable<vscode.WorkspaceEdit> =>
      ask('DocumentRenameProvider', at(0, '"q1"'), name);
    const [[uri, edits]] = (await renamed('first')).entries();
    assert.equal(uri.fsPath, document.uri.fsPath);
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ['"first"'],
    );
    await assert.rejects(Promise.resolve(renamed('q2')), /Line 2 has this id already/);
  });

  it('offer card, preview and scores above each', async () => {
    const lenses = await ask<vscode.CodeLens[]>('CodeLensProvider', 50);
    const second = lenses.filter(({ range }) => range.start.line === 1);
    assert.deepEqual(
      // In the order in which they were resolved; the editor puts them in that of the provider.
      second.map(({ command }) => command?.title).sort(),
      ['Preview', 'Score', 'Show Card'],
    );
    await window.waitFor('.codelens-decoration:has-text("Show Card")');
    await window.screenshot('question lenses');
  });

  it('are mended by a quick fix', async () => {
    const diagnostics = await diagnosticsOf(document.uri);
    const comma = diagnostics.find(({ range }) => range.start.line === 2);
    assert.ok(comma);
    const [action] = await ask<vscode.CodeAction[]>('CodeActionProvider', comma.range);
    assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
    assert.ok(JSON.parse(document.lineAt(2).text));
  });

  it('find images that are elsewhere once their folder is mapped', async () => {
    const isMissing = ({ range, code }: vscode.Diagnostic): boolean =>
      range.start.line === 2 && typeof code === 'object' && code.value === 'MCQ402';
    const missing = (): vscode.Diagnostic | undefined =>
      vscode.languages.getDiagnostics(document.uri).find(isMissing);
    const found = await until(missing, 'the image of the third question is missed');
    const actions = await ask<vscode.CodeAction[]>('CodeActionProvider', found.range);
    const mapping = actions.find(({ command }) => command?.command === 'ctMcqa.mapImageRoot');
    assert.deepEqual(mapping?.command?.arguments, [document.uri]);
    await mkdir(workspacePath('volumes 影像'), { recursive: true });
    await writeFile(workspacePath('volumes 影像/train_2_a_1.nii.gz'), '');
    const folder = vscode.Uri.file(workspacePath('volumes 影像'));
    await vscode.commands.executeCommand('ctMcqa.mapImageRoot', document.uri, folder);
    await until(() => missing() === undefined, 'the image is found');
    await rm(workspacePath('volumes 影像'), { recursive: true });
  });

  it('are checked with every other file of the workspace, by command', async () => {
    await document.save();
    const count = await vscode.commands.executeCommand<number>('ctMcqa.lintWorkspace');
    assert.ok(count > 0);
    const closed = vscode.Uri.file(workspacePath('broken.mcqa.jsonl'));
    assert.ok(vscode.languages.getDiagnostics(closed).length > 0);
    await window.waitFor('.markers-panel .monaco-list-row');
    await window.screenshot('problems of the workspace');
  });
});
