import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { editor, FakeDocument } from './fakeVscode';
import { DocumentCheck } from '../../../src/extension/language/documentCheck';
import {
  OpenQuestionFile,
  OpenQuestionFiles,
} from '../../../src/extension/language/openQuestionFiles';
import { SharedReportTables } from '../../../src/extension/language/reportTables';
import type { Surroundings } from '../../../src/extension/language/surroundings';
import { questionLine, temporaryFolder } from '../dataset/fixtures';

const sideFile = JSON.stringify({ version: 1, reports: 'reports.csv' });
const reports = (volume: string): string => `VolumeName,Findings_EN\n${volume}.nii.gz,Text.\n`;

describe('What stands around an open question file', () => {
  const folder = temporaryFolder();
  let changes: number;
  let file: OpenQuestionFile;

  beforeEach(() => {
    editor.reset();
    changes = 0;
    const { document } = new FakeDocument(`${folder.path}/a.mcqa.jsonl`, questionLine());
    file = new OpenQuestionFile(document, new SharedReportTables(), () => changes++);
  });
  afterEach(() => {
    file.dispose();
    mock.timers.reset();
  });

  const watched = (): string[] =>
    editor.watchers
      .filter(({ isDisposed }) => !isDisposed)
      .map(({ pattern }) => (pattern as { pattern: string }).pattern);

  it('is watched before it is read: a change during the reading is not missed', async () => {
    await folder.write('a.mcqa.json', sideFile);
    await folder.write('reports.csv', reports('train_1_a_1'));
    mock.timers.enable({ apis: ['setTimeout'] });
    const reading = file.surroundings();
    assert.deepEqual(watched(), ['a.mcqa.json']);
    editor.watchers[0].change(new FakeDocument('/', '').uri);
    mock.timers.tick(1000);
    assert.equal(changes, 1);
    await reading;
    // What was read before the change is not kept.
    assert.notEqual(file.surroundings(), reading);
    await file.surroundings();
    assert.deepEqual(watched(), ['a.mcqa.json', 'reports.csv']);
  });

  it('is watched no more once the file is closed, during the reading too', async () => {
    await folder.write('a.mcqa.json', sideFile);
    await folder.write('reports.csv', reports('train_1_a_1'));
    const reading = file.surroundings();
    file.dispose();
    await reading;
    assert.deepEqual(watched(), []);
    file.forget();
    await file.surroundings();
    assert.deepEqual(watched(), []);
  });

  it('is read again after it could not be read', async () => {
    editor.settings = {};
    await assert.rejects(file.surroundings(), /contributes no setting/);
    editor.settings = { imageRoots: [] };
    assert.deepEqual((await file.surroundings()).imageRoots, []);
  });

  it('is one table for all files that name it, until it is written anew', async () => {
    const files = new OpenQuestionFiles();
    await folder.write('reports.csv', reports('train_1_a_1'));
    const tables = await Promise.all(
      ['one', 'two'].map(async (name) => {
        await folder.write(`${name}.mcqa.json`, sideFile);
        const { document } = new FakeDocument(`${folder.path}/${name}.mcqa.jsonl`, '').open();
        return (await files.get(document)?.surroundings())?.reports;
      }),
    );
    assert.ok(tables[0]?.has('train_1_a_1'));
    assert.equal(tables[0], tables[1]);
    await folder.write('reports.csv', reports('train_22_a_1'));
    const [first] = files.all();
    first.forget();
    const anew = (await first.surroundings()).reports;
    assert.deepEqual([anew?.has('train_22_a_1'), anew?.has('train_1_a_1')], [true, false]);
    files.dispose();
  });
});

describe('The check of an open document', () => {
  beforeEach(() => {
    editor.reset();
  });

  it('uses no linter made of surroundings that changed while it was made', async () => {
    const { document } = new FakeDocument('/a.mcqa.jsonl', questionLine());
    const readings: ((surroundings: Surroundings) => void)[] = [];
    const file = {
      document,
      surroundings: () => new Promise<Surroundings>((resolve) => readings.push(resolve)),
    } as unknown as OpenQuestionFile;
    const published: string[][] = [];
    const check = new DocumentCheck(
      file,
      (findings) => published.push(findings.map(({ code }) => code)),
      (error) => {
        throw error;
      },
    );
    const checked = check.checkNow();
    while (readings.length < 1) {
      await turn();
    }
    check.forgetSurroundings();
    readings[0]({ imageRoots: [], problem: 'The side file is broken.' });
    while (readings.length < 2) {
      await turn();
    }
    readings[1]({ imageRoots: [] });
    await checked;
    assert.ok(published.length > 0);
    // The image is missing; the side file is whole.
    assert.deepEqual(published.flat(), ['MCQ402']);
    check.dispose();
  });
});
