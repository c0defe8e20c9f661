import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { buildDataset } from '../../../src/core/dataset/build';
import { writeSampleCorpus } from '../../../src/core/sample/writeCorpus';
import { activeExtension, modelsFolder, workspacePath } from '../inside/extension';

/** Calls a tool as an extension may, outside a chat. */
async function callTool(
  name: string,
  input: object,
  token?: vscode.CancellationToken,
): Promise<string> {
  const { content } = await vscode.lm.invokeTool(
    name,
    { input, toolInvocationToken: undefined },
    token,
  );
  return content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
}

const facts = async (name: string, input: object): Promise<Record<string, unknown>> =>
  JSON.parse(await callTool(name, input)) as Record<string, unknown>;

describe('Language-model tools', () => {
  const volume = 'tools/images/train/train_1/train_1_a/train_1_a_1.nii.gz';
  const run = workspacePath('.ct-mcqa', 'runs', 'tooled');

  before(async () => {
    const { services } = await activeExtension();
    await mkdir(workspacePath('tools'));
    await writeSampleCorpus(workspacePath('tools'), { volumes: 6, size: [16, 32, 32] });
    await buildDataset({
      reports: workspacePath('tools', 'reports.csv'),
      images: workspacePath('tools', 'images'),
      out: workspacePath('tools', 'set.mcqa.jsonl'),
      options: 2,
    });
    await services.workers.request('train', {
      modelsFolder: modelsFolder(),
      preset: 'cnn3d-bert-small-frozen',
      dataset: workspacePath('tools', 'set.mcqa.jsonl'),
      run,
      epochs: 1,
    });
  });
  after(async () => {
    await rm(run, { recursive: true });
    await rm(workspacePath('tools'), { recursive: true });
  });

  it('are offered', () => {
    const names = vscode.lm.tools.map(({ name }) => name);
    for (const name of ['inspect_ct_volume', 'validate_mcq_dataset', 'score_reports']) {
      assert.ok(names.includes(name), name);
    }
  });

  it('inspect_ct_volume gives the facts of a volume', async () => {
    const info = await facts('inspect_ct_volume', { path: volume });
    assert.deepEqual(info.shape, [32, 32, 16]);
    assert.equal(info.path, volume);
    assert.equal(info.axcodes, 'LPS');
  });

  it('validate_mcq_dataset counts and lists findings', async () => {
    const bad = 'tools/bad.mcqa.jsonl';
    await writeFile(workspacePath(bad), '{\n{"image_path":"x.nii.gz","options":[]}\n[]');
    const { errors, findings, not_listed } = await facts('validate_mcq_dataset', {
      path: bad,
      limit: 1,
    });
    assert.equal(errors, 3);
    assert.equal(not_listed, 3);
    assert.deepEqual((findings as object[]).length, 1);
    const clean = await facts('validate_mcq_dataset', { path: 'tools/set.mcqa.jsonl' });
    assert.deepEqual([clean.errors, clean.findings], [0, []]);
  });

  it('score_reports ranks the options of questions and the rows of a table', async () => {
    const options = await facts('score_reports', { volume, texts: 'tools/set.mcqa.jsonl' });
    assert.equal(options.run, 'tooled');
    const ranking = options.ranking as { true_text: boolean; probability: number }[];
    assert.deepEqual(ranking.map(({ true_text }) => true_text).sort(), [false, true]);
    const reports = await facts('score_reports', {
      volume,
      texts: 'tools/reports.csv',
      run: 'tooled',
      top: 3,
    });
    assert.equal(reports.texts, 6);
    assert.equal((reports.ranking as object[]).length, 3);
  });

  it('tell a model what it can mend', async () => {
    const cases: [string, object, RegExp][] = [
      ['inspect_ct_volume', { path: 'none.nii.gz' }, /^Error \(path-missing\).*none\.nii\.gz/],
      ['inspect_ct_volume', { path: '/etc/passwd' }, /^Error \(path-outside-workspace\)/],
      ['inspect_ct_volume', { path: 'tools/reports.csv' }, /^Error \(path-kind\).*\.nii/],
      ['validate_mcq_dataset', { path: '../x.mcqa.jsonl' }, /^Error \(path-outside-workspace\)/],
      [
        'score_reports',
        { volume, texts: 'tools/reports.csv', run: 'other' },
        /^Error \(run-unknown\).*tooled/,
      ],
    ];
    for (const [name, input, expected] of cases) {
      assert.match(await callTool(name, input), expected);
    }
  });

  it('stop when they are cancelled', async () => {
    const source = new vscode.CancellationTokenSource();
    const calling = callTool('score_reports', { volume, texts: 'tools/reports.csv' }, source.token);
    source.cancel();
    await assert.rejects(calling);
    source.dispose();
  });
});
