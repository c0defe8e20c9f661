import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { editor, FakeDocument } from './fakeVscode';
import * as vscode from 'vscode';
import { lintFile } from '../../../src/core/dataset/lint';
import type { LintFinding } from '../../../src/core/dataset/lint';
import { CancelledError, UserError } from '../../../src/core/errors';
import type { LongWork } from '../../../src/core/progress';
import { lintWorkspaceCommand } from '../../../src/extension/commands/lintFile';
import { LintService } from '../../../src/extension/language/lintService';
import { OpenQuestionFiles } from '../../../src/extension/language/openQuestionFiles';
import { QuickFixes } from '../../../src/extension/language/quickFixes';
import type { Services } from '../../../src/extension/services';
import { questionLine, temporaryFolder } from '../dataset/fixtures';

/** A check that the worker was asked for; it answers when the test says so. */
interface Request {
  readonly path: string;
  readonly work: LongWork;
  readonly answer: (findings: readonly LintFinding[]) => void;
}

const long = (id: string): string =>
  questionLine({ id, note: 'x'.repeat(8_000_000), image_path: '../../nowhere.nii' });

describe('The Problems view', () => {
  const folder = temporaryFolder();
  let lint: LintService;
  let documents: OpenQuestionFiles;
  let requests: Request[];
  /** Answers at once with what the worker would find; else requests wait for the test. */
  let isAnswering: boolean;
  const errors: unknown[] = [];

  beforeEach(() => {
    editor.reset();
    requests = [];
    errors.length = 0;
    isAnswering = true;
    documents = new OpenQuestionFiles();
    const workers = {
      request: (_method: string, { path }: { path: string }, work: LongWork) =>
        isAnswering
          ? lintFile(path, work)
          : new Promise<readonly LintFinding[]>((answer, reject) => {
              work.signal?.addEventListener('abort', () => {
                reject(new CancelledError());
              });
              requests.push({ path, work, answer });
            }),
    };
    lint = new LintService({
      log: { error: (error: unknown) => errors.push(error) },
      workers,
      documents,
      rulesPage: vscode.Uri.file('/rules.md'),
    } as unknown as ConstructorParameters<typeof LintService>[0]);
  });
  afterEach(() => {
    lint.dispose();
    documents.dispose();
  });

  const shown = (uri: unknown): string[] =>
    (editor.diagnostics.get(String(uri)) ?? []).map(
      ({ code, range }) => `${(code as { value: string }).value}@${range.start.line}`,
    );

  async function open(name: string, ...lines: string[]): Promise<FakeDocument> {
    const path = await folder.write(name, lines.join('\n'));
    return new FakeDocument(path, lines.join('\n')).open();
  }

  /** A question on a volume that is there and is none: only the check of the whole file reads it. */
  async function onNoVolume(id: string): Promise<string> {
    await folder.write('no volume.nii', 'x');
    return questionLine({ id, image_path: 'no volume.nii' });
  }

  it('keeps what only the whole file tells while lines above are typed, until its line changes', async () => {
    const opened = await open('a.mcqa.jsonl', await onNoVolume('q'));
    await lint.checkFile(opened.document.uri);
    assert.ok(shown(opened.uri).includes('MCQ406@0'), shown(opened.uri).join());
    opened.type(0, 0, 0, `${questionLine({ id: 'new', image_path: 'no volume.nii' })}\n`);
    await lint.whenChecked(opened.document);
    assert.ok(shown(opened.uri).includes('MCQ406@1'), shown(opened.uri).join());
    opened.type(1, opened.lineAt(1).text.indexOf('"q"') + 1, 1, 'Q');
    await lint.whenChecked(opened.document);
    assert.ok(!shown(opened.uri).some((each) => each.startsWith('MCQ406')));
  });

  it('has each finding once, whoever found it', async () => {
    const opened = await open('a.mcqa.jsonl', await onNoVolume('q'), await onNoVolume('q'));
    await lint.whenChecked(opened.document);
    await lint.checkFile(opened.document.uri);
    const found = shown(opened.uri);
    assert.match(found.join(), /MCQ108@1.*MCQ406/);
    assert.equal(new Set(found).size, found.length);
  });

  it('judges what only the whole file tells anew when it is saved', async () => {
    const opened = await open('a.mcqa.jsonl', await onNoVolume('q'));
    await lint.checkFile(opened.document.uri);
    await rm(`${folder.path}/no volume.nii`);
    await opened.save();
    await lint.whenChecked(opened.document);
    assert.ok(!shown(opened.uri).includes('MCQ406@0'));
  });

  it('refuses to check what is not saved', async () => {
    const opened = await open('a.mcqa.jsonl', questionLine());
    opened.type(0, 0, 1, '[');
    await assert.rejects(
      lint.checkFile(opened.document.uri),
      (error) => error instanceof UserError && error.code === 'lint-unsaved',
    );
  });

  it('moves what the worker found to where it stands by then', async () => {
    const opened = await open('a.mcqa.jsonl', await onNoVolume('q'));
    const findings = await lintFile(opened.uri.path);
    isAnswering = false;
    const asked = lint.checkFile(opened.document.uri);
    opened.type(0, 0, 0, '\n\n');
    requests[0].answer(findings);
    await asked;
    assert.ok(shown(opened.uri).includes('MCQ406@2'), shown(opened.uri).join());
  });

  it('never checks a long document in the extension host', async () => {
    isAnswering = false;
    const opened = await open('long.mcqa.jsonl', long('q'), '{');
    assert.equal(requests.length, 1);
    editor.watchers
      .filter(({ pattern }) => String(pattern).includes('nii'))
      .forEach(({ create }) => {
        create(opened.uri);
      });
    const checked = lint.whenChecked(opened.document);
    requests[0].answer([]);
    await checked;
    assert.deepEqual(shown(opened.uri), []);
  });

  it('shows the newest check of a long document alone, and none after it is closed', async () => {
    const opened = await open('long.mcqa.jsonl', long('q'), '{');
    const findings = await lintFile(opened.uri.path);
    isAnswering = false;
    await opened.save();
    await opened.save();
    assert.deepEqual(
      requests.map(({ work }) => work.signal?.aborted),
      [true, false],
    );
    requests[0].answer([]);
    requests[1].answer(findings);
    await lint.whenChecked(opened.document);
    assert.ok(shown(opened.uri).includes('MCQ003@1'), shown(opened.uri).join());
    await opened.save();
    opened.close();
    requests[2].answer(findings);
    await turn();
    assert.ok(requests[2].work.signal?.aborted);
    assert.deepEqual([shown(opened.uri), errors], [[], []]);
  });

  it('answers whom a newer check replaced with the newer findings', async () => {
    const opened = await open('long.mcqa.jsonl', long('q'), '{');
    const findings = await lintFile(opened.uri.path);
    isAnswering = false;
    const asked = lint.checkFile(opened.document.uri);
    await opened.save();
    requests.at(-1)?.answer(findings);
    assert.equal(await asked, findings);
  });

  it('forgets closed files that are deleted, and those alone', async () => {
    const path = await folder.write('closed.mcqa.jsonl', '{');
    const uri = vscode.Uri.file(path);
    const opened = await open('open.mcqa.jsonl', '{');
    await lint.checkFile(uri);
    await lint.checkFile(opened.document.uri);
    await rm(path);
    await rm(opened.uri.path);
    await lint.forgetDeleted();
    assert.deepEqual([shown(uri), shown(opened.uri)], [[], ['MCQ003@0']]);
  });

  it('is told of files that are deleted', async () => {
    const path = await folder.write('closed.mcqa.jsonl', '{');
    const uri = vscode.Uri.file(path);
    await lint.checkFile(uri);
    assert.deepEqual(shown(uri), ['MCQ003@0']);
    await rm(path);
    const watcher = editor.watchers.find(({ pattern }) => pattern === '**/*.mcqa.jsonl');
    watcher?.delete(new FakeDocument(path, '').uri);
    while (shown(uri).length > 0) {
      await turn();
    }
  });

  it('checks the other files of the workspace where one cannot be read, and says how far it is', async () => {
    const good = await folder.write('good.mcqa.jsonl', '{');
    const gone = `${folder.path}/gone.mcqa.jsonl`;
    editor.findFiles = () => [gone, good];
    const services = { lint, log: { error: (error: unknown) => errors.push(error) } };
    assert.equal(await lintWorkspaceCommand(services as unknown as Services), 1);
    assert.deepEqual(shown(vscode.Uri.file(good)), ['MCQ003@0']);
    assert.equal(errors.length, 1);
    assert.ok(editor.messages.some((each) => each.includes('gone.mcqa.jsonl')));
    assert.ok(editor.progress.includes('good.mcqa.jsonl 1/2 — 100 %'), editor.progress.join());
  });

  it('saves what is open before the workspace is checked', async () => {
    const opened = await open('a.mcqa.jsonl', questionLine());
    opened.type(0, 0, 1, '[');
    editor.findFiles = () => [opened.uri.path];
    const services = { lint, log: { error: (error: unknown) => errors.push(error) } };
    await lintWorkspaceCommand(services as unknown as Services);
    assert.deepEqual([opened.isDirty, errors], [false, []]);
    opened.type(0, 0, 1, '{');
    opened.canSave = false;
    await lintWorkspaceCommand(services as unknown as Services);
    assert.ok(errors[0] instanceof UserError);
  });

  describe('offers a quick fix', () => {
    const line = `${questionLine().slice(0, -1)},}`;
    const fixes = (opened: FakeDocument): vscode.CodeAction[] =>
      new QuickFixes(lint).provideCodeActions(opened.document, new vscode.Range(0, 0, 0, 0), {
        diagnostics: editor.diagnostics.get(String(opened.uri)),
      } as vscode.CodeActionContext);

    it('where the text is what the rule looked at', async () => {
      const opened = await open('a.mcqa.jsonl', line);
      await lint.whenChecked(opened.document);
      assert.equal(fixes(opened).length, 1);
    });

    it('and none where it has changed since', async () => {
      const opened = await open('a.mcqa.jsonl', line);
      await lint.whenChecked(opened.document);
      opened.type(0, 1, 0, '   ');
      assert.equal(fixes(opened).length, 0);
    });
  });
});
