import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DisposableList } from '../../../src/extension/disposables';
import { KnownFiles } from '../../../src/extension/language/knownFiles';
import { resolveInWorkspace } from '../../../src/extension/tools/workspacePath';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-files-'));
  await mkdir(join(folder, 'scans'));
  await writeFile(join(folder, 'scans', 'a.nii.gz'), '');
  await writeFile(join(folder, 'outside.nii.gz'), '');
});
after(() => rm(folder, { recursive: true }));

describe('KnownFiles', () => {
  it('answers what it looked up, and asks again once it was told to forget', async () => {
    const files = new KnownFiles();
    const path = join(folder, 'late.nii.gz');
    assert.equal(files.has(path), undefined);
    assert.equal(await files.lookUp(), true);
    assert.equal(files.has(path), false);
    assert.equal(await files.lookUp(), false);
    await writeFile(path, '');
    assert.equal(files.has(path), false);
    files.forget();
    assert.equal(files.has(path), undefined);
    await files.lookUp();
    assert.equal(files.has(path), true);
  });
});

describe('A path from a language model', () => {
  const endings = ['.nii', '.nii.gz'];
  const find = (given: unknown): string =>
    resolveInWorkspace(given, [join(folder, 'other'), join(folder, 'scans')], endings);

  it('is found below any workspace folder', () => {
    const expected = join(folder, 'scans', 'a.nii.gz');
    assert.equal(find('a.nii.gz'), expected);
    assert.equal(find(expected), expected);
    assert.equal(find('x/../a.nii.gz'), expected);
  });

  it('must not lead out of the workspace', () => {
    for (const given of [
      '../outside.nii.gz',
      join(folder, 'outside.nii.gz'),
      '..',
      '/etc/passwd',
    ]) {
      assert.throws(() => find(given), { code: 'path-outside-workspace' }, given);
    }
  });

  it('must not lead out of it through a link either, but the workspace may be one', async function () {
    const link = join(folder, 'link');
    try {
      // A junction needs no rights on Windows.
      await symlink(folder, join(folder, 'scans', 'up'), 'junction');
      await symlink(join(folder, 'scans'), link, 'junction');
    } catch {
      this.skip();
    }
    assert.throws(() => find('up/outside.nii.gz'), { code: 'path-outside-workspace' });
    assert.equal(find('up/scans/a.nii.gz'), join(folder, 'scans', 'up', 'scans', 'a.nii.gz'));
    assert.equal(resolveInWorkspace('a.nii.gz', [link], endings), join(link, 'a.nii.gz'));
  });

  it('must be there, and of the right kind', () => {
    for (const given of ['b.nii.gz', '', 1, undefined]) {
      assert.throws(() => find(given), { code: 'path-missing' });
    }
    assert.throws(() => find('a.csv'), { code: 'path-kind' });
    assert.throws(() => resolveInWorkspace('a.nii', [], endings), {
      code: 'path-outside-workspace',
    });
  });
});

describe('DisposableList', () => {
  it('disposes in reverse, once, and at once what comes too late', () => {
    const disposed: string[] = [];
    const list = new DisposableList();
    const item = (name: string) => ({ dispose: () => disposed.push(name) });
    list.add(item('first'));
    list.add(item('second'));
    list.dispose();
    list.dispose();
    list.add(item('late'));
    assert.deepEqual(disposed, ['second', 'first', 'late']);
  });
});
