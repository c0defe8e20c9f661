import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { mock } from 'node:test';
import { editor } from './fakeVscode';
import * as vscode from 'vscode';
import { findVolumeContext } from '../../../src/core/dataset/volumeContext';
import type { ContextRequest } from '../../../src/core/dataset/volumeContext';
import { findVolumeQuestions } from '../../../src/core/dataset/volumeQuestions';
import type { Services } from '../../../src/extension/services';
import { knownTables } from '../../../src/extension/views/preview/contextFiles';
import {
  contextCalls,
  VolumeContextFeed,
} from '../../../src/extension/views/preview/volumeContext';
import type { ContextPart } from '../../../src/protocol/volumeContext';
import { questionLine, temporaryFolder } from '../dataset/fixtures';

describe('What the preview tells of a volume', () => {
  const folder = temporaryFolder();
  const { signal } = new AbortController();
  let requests: ContextRequest[];
  let changed: ContextPart[];
  let jumps: string[];
  let kept: Map<string, unknown>;
  let open: VolumeContextFeed[];

  beforeEach(() => {
    editor.reset();
    requests = [];
    changed = [];
    jumps = [];
    kept = new Map();
    open = [];
  });

  afterEach(() => {
    mock.timers.reset();
    open.forEach((feed) => {
      feed.dispose();
    });
  });

  /** The page's calls for a volume, in a workspace of these files. */
  function page(volume: string, files: readonly string[]) {
    const here = (name: string): string => join(folder.path, name);
    const isWanted = (path: string, pattern: string): boolean =>
      pattern.endsWith('.mcqa.jsonl') ? path.endsWith('.mcqa.jsonl') : path.endsWith('.csv');
    editor.findFiles = (pattern) =>
      files.map(here).filter((path) => isWanted(path, pattern) && !pattern.endsWith('.txt'));
    const work = {
      request: (method: string, params: never) => {
        if (method === 'volume/questions') {
          return findVolumeQuestions(params);
        }
        requests.push(params);
        return findVolumeContext(params);
      },
    };
    const memory = {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => {
        kept.set(key, value);
        return Promise.resolve();
      },
    };
    const services = { workers: work, memory } as unknown as Services;
    const feed = new VolumeContextFeed(services, vscode.Uri.file(here(volume)), {
      changed: (part) => changed.push(part),
      progress: () => undefined,
      jumpTo: (path) => {
        jumps.push(path);
      },
    });
    open.push(feed);
    return contextCalls(services, () => feed);
  }

  it('is found in the tables of the workspace, and the table is asked first the next time', async () => {
    await folder.write('a.csv', 'VolumeName,Findings\ntrain_2_a_1.nii.gz,Other.\n');
    await folder.write('z.csv', 'VolumeName,Findings\ntrain_1_a_1.nii.gz,Clear.\n');
    const calls = page('train_1_a_1.nii.gz', ['a.csv', 'z.csv']);
    const { report } = await calls.contextTables({ file: 0 }, signal);
    assert.equal(report?.findings, 'Clear.');
    assert.deepEqual(
      knownTables({ get: (key: string) => kept.get(key) } as vscode.Memento).answered,
      [join(folder.path, 'z.csv')],
    );
    await calls.contextTables({ file: 0 }, signal);
    const paths = requests.map(({ tables }) => tables.map(({ path }) => basename(path)));
    assert.deepEqual(paths, [
      ['a.csv', 'z.csv'],
      ['z.csv', 'a.csv'],
    ]);
  });

  it('is looked for in what the user chose, then in what side files name', async () => {
    await folder.write('b.mcqa.jsonl', questionLine());
    await folder.write(
      'b.mcqa.json',
      JSON.stringify({ version: 1, reports: 't/r.csv', labels: 'l.csv' }),
    );
    kept.set('reportTables', { chosen: ['/elsewhere/x.csv', 7], answered: 'broken' });
    const calls = page('train_1_a_1.nii.gz', ['b.mcqa.jsonl', 'any.csv']);
    await calls.contextTables({ file: 0 }, signal);
    assert.deepEqual(
      requests[0].tables.filter(({ kind }) => kind !== 'list'),
      [
        { path: '/elsewhere/x.csv', kind: 'reports' },
        { path: join(folder.path, 't', 'r.csv'), kind: 'reports' },
        { path: join(folder.path, 'l.csv'), kind: 'labels' },
        { path: join(folder.path, 'any.csv'), kind: 'any' },
      ],
    );
  });

  it('has the questions on it with their options, and leads to the volume of a distractor', async () => {
    const options = [
      { text: 'Nodule.', label: 1, source: 'train_1_a_1' },
      { text: 'Clear.', label: 0, source: 'train_2_a_1' },
      { text: 'Mass.', label: 0, source: 'train_3_a_1' },
    ];
    const path = await folder.write('b.mcqa.jsonl', `\n${questionLine({ options })}`);
    const other = await folder.write('train_2_a_1.nii.gz', '');
    const calls = page('train_1_a_1.nii.gz', ['b.mcqa.jsonl']);
    const { questions, searched } = await calls.contextQuestions({ file: 0 }, signal);
    assert.equal(searched, 1);
    assert.deepEqual(
      questions.map(({ id, file, line, fitsCard }) => [id, file, line, fitsCard]),
      [['q000001', 'b.mcqa.jsonl', 2, true]],
    );
    assert.deepEqual(
      questions[0].options.map(({ letter, text, truth }) => [letter, text, truth]),
      [
        ['A', 'Nodule.', true],
        ['B', 'Clear.', false],
        ['C', 'Mass.', false],
      ],
    );
    const address = { file: 0, path, line: 2 };
    await calls.showOptionVolume({ ...address, option: 1 }, signal);
    assert.deepEqual(jumps, [other]);
    // What the page was not told of leads nowhere.
    await calls.showOptionVolume({ ...address, line: 9, option: 1 }, signal);
    assert.equal(jumps.length, 1);
  });

  it('is told to be old once question files, answers, side files or tables have settled', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    page('train_1_a_1.nii.gz', []);
    const watcherOf = (part: string) => {
      const found = editor.watchers.find(({ pattern }) => String(pattern).includes(part));
      assert.ok(found !== undefined);
      return found;
    };
    const file = vscode.Uri.file('/a') as never;
    watcherOf('.predictions.jsonl').change(file);
    watcherOf('.predictions.jsonl').change(file);
    assert.deepEqual(changed, []);
    mock.timers.tick(1000);
    assert.deepEqual(changed, ['questions']);
    watcherOf('**/*.mcqa.json').create(file);
    watcherOf('[rR]eport').create(file);
    mock.timers.tick(1000);
    assert.deepEqual([...changed].sort(), ['questions', 'questions', 'tables']);
  });

  it('listens as long as it is open', () => {
    page('train_1_a_1.nii.gz', []);
    assert.ok(editor.watchers.length > 0);
    open.splice(0).forEach((feed) => {
      feed.dispose();
    });
    assert.ok(editor.watchers.every(({ isDisposed }) => isDisposed));
  });
});
