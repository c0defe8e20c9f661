import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import type { SuggestedSources } from '../../../src/core/dataset/suggestSources';
import { commandLine } from '../../../src/extension/tasks/commandLine';
import { FolderPaths } from '../../../src/extension/tasks/folderPaths';
import { withTask, type FileCommand } from '../../../src/extension/tasks/taskList';
import { beginning, proposed } from '../../../src/extension/views/build/beginning';
import type { Surroundings } from '../../../src/extension/views/build/beginning';
import { argumentsIn, optionsOf } from '../../../src/extension/views/build/formOptions';
import { readJson } from '../extension/sourceStrings';

describe('Paths of the form', () => {
  it('are relative inside their folder, absolute elsewhere, and read back as they were', () => {
    const paths = new FolderPaths('/ws/first', posix);
    const written = {
      '/ws/first/a/b.csv': 'a/b.csv',
      '/ws/first': '.',
      '/ws/first/..b.csv': '..b.csv',
      // The second folder of a workspace, and one whose name begins alike.
      '/ws/second/b.csv': '/ws/second/b.csv',
      '/ws/first2/b.csv': '/ws/first2/b.csv',
      '/ws': '/ws',
    };
    for (const [path, shown] of Object.entries(written)) {
      assert.equal(paths.shown(path), shown);
      assert.equal(posix.resolve(paths.absolute(shown)), path);
    }
  });

  it('are written with slashes on Windows, where a folder may be on another drive', () => {
    const paths = new FolderPaths('c:\\work', win32);
    assert.equal(paths.shown('C:\\work\\a\\b.csv'), 'a/b.csv');
    assert.equal(paths.shown('D:\\work\\b.csv'), 'D:\\work\\b.csv');
    assert.equal(paths.absolute('a/b.csv'), 'c:\\work\\a\\b.csv');
  });

  it('stay as they are where no folder is open', () => {
    const paths = new FolderPaths(undefined, posix);
    assert.equal(paths.shown('/a/b.csv'), '/a/b.csv');
    assert.equal(paths.absolute('b.csv'), 'b.csv');
  });
});

describe('The form as it opens', () => {
  const found: SuggestedSources = { images: '/ws/images', exclude: ['/else/no_chest.txt'] };
  let asked: string[];
  const surroundings = (isTrusted: boolean): Surroundings => ({
    isTrusted,
    paths: new FolderPaths('/ws', posix),
    likelyReports: () => {
      asked.push('reports');
      return Promise.resolve('/ws/reports.csv');
    },
    suggestSources: (reports) => {
      asked.push(reports);
      return Promise.resolve(found);
    },
  });
  beforeEach(() => {
    asked = [];
  });

  it('names a reports table of the workspace and what belongs to it', async () => {
    assert.deepEqual(await beginning(undefined, surroundings(true)), {
      form: {
        reports: 'reports.csv',
        out: 'questions.mcqa.jsonl',
        images: 'images',
        exclude: ['/else/no_chest.txt'],
      },
      isTrusted: true,
    });
    assert.deepEqual(asked, ['reports', '/ws/reports.csv']);
  });

  it('guesses nothing where the workspace is not trusted', async () => {
    assert.deepEqual(await beginning(undefined, surroundings(false)), {
      form: {},
      isTrusted: false,
    });
    assert.deepEqual(await beginning('/ws/a/r.csv', surroundings(false)), {
      form: { reports: 'a/r.csv', out: 'a/questions.mcqa.jsonl' },
      isTrusted: false,
    });
    assert.deepEqual(await proposed('a/r.csv', surroundings(false)), {
      out: 'a/questions.mcqa.jsonl',
    });
    assert.deepEqual(asked, []);
  });
});

describe('What the form asks of the builder', () => {
  const paths = new FolderPaths('/ws', posix);
  const form = {
    reports: 'r.csv',
    images: '/data',
    out: 'b/q.mcqa.jsonl',
    exclude: ['no.txt'],
    seed: 2,
  };
  const refuse = (): never => {
    throw new Error('not trusted');
  };

  it('has absolute paths', () => {
    assert.deepEqual(optionsOf(form, paths, refuse), {
      reports: '/ws/r.csv',
      images: '/data',
      out: '/ws/b/q.mcqa.jsonl',
      exclude: ['/ws/no.txt'],
      seed: 2,
    });
  });

  it('is refused where a model of a workspace that is not trusted would be run', () => {
    const withRun = { ...form, embeddings: '.ct-mcqa/runs/first' };
    assert.throws(() => optionsOf(withRun, paths, refuse), /not trusted/);
    const { embeddings } = optionsOf(withRun, paths, () => undefined);
    assert.equal(embeddings, '/ws/.ct-mcqa/runs/first');
  });

  it('is written for the folder that its task runs in', () => {
    const words = argumentsIn(new FolderPaths('/ws/b', posix), form, paths);
    assert.deepEqual(words.slice(0, 3), ['build', '--reports', '/ws/r.csv']);
    assert.equal(words[words.indexOf('--out') + 1], 'q.mcqa.jsonl');
    const own = argumentsIn(paths, form, paths);
    assert.equal(own[own.indexOf('--out') + 1], 'b/q.mcqa.jsonl');
  });
});

describe('The command that is copied', () => {
  it('is quoted for a POSIX shell', () => {
    assert.equal(
      commandLine(['build', '--split', 'train=0.8,valid=0.2', '--reports', "it's a $x"], 'linux'),
      `ct-mcqa build --split train=0.8,valid=0.2 --reports 'it'"'"'s a $x'`,
    );
  });

  it('is quoted for PowerShell on Windows', () => {
    const quoted = (argument: string): string =>
      commandLine([argument], 'win32').slice('ct-mcqa '.length);
    assert.equal(quoted('C:\\data\\r.csv'), 'C:\\data\\r.csv');
    assert.equal(quoted('C:\\my data\\'), '"C:\\my data\\\\"');
    assert.equal(quoted('数据.csv'), '"数据.csv"');
    // A comma makes a list, a dollar sign a variable, and a typographic quote ends a text.
    assert.equal(quoted('train=0.8,valid=0.2'), '"train=0.8,valid=0.2"');
    assert.equal(quoted('a$b`c“d”'), '"a`$b``c`“d`”"');
    assert.equal(quoted('Age: "{age}"'), '"Age: ""{age}"""');
    assert.equal(quoted("it's"), `"it's"`);
    assert.equal(quoted(''), '""');
  });
});

describe('Tasks', () => {
  it('are named by what they make, and take the place of the one that made it before', () => {
    const folder = new FolderPaths('/ws/second', posix);
    const command = (seed: string): FileCommand => ({
      does: 'Build',
      out: '/ws/second/a/q.mcqa.jsonl',
      argumentsIn: (paths) => ['build', '--out', paths.shown('/ws/second/a/q.mcqa.jsonl'), seed],
    });
    const own = { label: 'Test' };
    const once = withTask([own], command('1'), folder);
    assert.deepEqual(withTask(once, command('2'), folder), [
      own,
      {
        label: 'Build a/q.mcqa.jsonl',
        type: 'ct-mcqa',
        command: 'build',
        args: ['--out', 'a/q.mcqa.jsonl', '2'],
        problemMatcher: ['$ct-mcqa'],
      },
    ]);
  });

  it('can be every command that reads and writes data', () => {
    const manifest = readJson('package.json') as {
      contributes: {
        taskDefinitions: readonly { properties: { command: { enum: readonly string[] } } }[];
      };
    };
    const [{ properties }] = manifest.contributes.taskDefinitions;
    assert.deepEqual(properties.command.enum, [
      ...['build', 'describe', 'evaluate', 'export', 'find-lr'],
      ...['import', 'lint', 'sample', 'score', 'train'],
    ]);
  });
});
