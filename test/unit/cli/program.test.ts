import assert from 'node:assert/strict';

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { questionLine } from '../dataset/fixtures';
import { runCommand } from './commandLine';

describe('the command line', () => {
  it('refuses an empty path instead of taking the current folder', async () => {
    for (const argv of [
      ['sample', ''],
      ['train', 'q.mcqa.jsonl', '--model', 'x', '--run', ''],
    ]) {
      const { exitCode, out, err } = await runCommand(...argv);
      assert.equal(exitCode, 2);
      assert.equal(out, '');
      assert.match(err, /is empty/);
    }
  });

  it('lint ends by what it finds, in each format', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ct-mcqa lint-'));
    try {
      const good = join(folder, 'good.mcqa.jsonl');
      const bad = join(folder, 'bad.mcqa.jsonl');
      await writeFile(good, questionLine());
      await writeFile(bad, `${questionLine()}\n{"a":1,}`);
      // A missing image is a warning only.
      assert.equal((await runCommand('lint', good)).exitCode, 0);
      const text = await runCommand('lint', good, bad, '--rules', 'basic');
      assert.equal(text.exitCode, 1);
      assert.match(text.out, /bad\.mcqa\.jsonl:2:7: error: .* \[MCQ002\]\n2 files: 1 errors/);
      // An id cannot forge the line of a finding, nor work the terminal.
      const forged = join(folder, 'forged.mcqa.jsonl');
      const id = 'x\n/etc/passwd:1:1: error: \u001b[31m\u009b';
      await writeFile(forged, `${questionLine({ id })}\n${questionLine({ id })}`);
      const { out } = await runCommand('lint', forged, '--rules', 'duplicate-id');
      assert.match(out, /x\\n\/etc\/passwd:1:1: error: \\u001b\[31m\uFFFD/);
      assert.equal(out.trimEnd().split('\n').length, 2);
      const json = await runCommand('lint', bad, '--format', 'json', '--rules', 'MCQ002');
      assert.equal((JSON.parse(json.out) as { code: string }[])[0].code, 'MCQ002');
      const sarif = await runCommand('lint', bad, '--format', 'sarif', '--rules', 'trailing-comma');
      assert.equal((JSON.parse(sarif.out) as { version: string }).version, '2.1.0');
      assert.equal((await runCommand('lint', join(folder, 'absent'))).exitCode, 2);
      assert.equal((await runCommand('lint', good, '--rules', 'MCQ999')).exitCode, 2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('needs a model for a new run', async () => {
    const { exitCode, err } = await runCommand('train', 'q.mcqa.jsonl', '--run', 'nowhere');
    assert.equal(exitCode, 2);
    assert.match(err, /which model to train.*\nName a preset/);
  });

  it('says in two lines where it cannot write', async () => {
    const { exitCode, err } = await runCommand(
      'sample',
      `${__filename}/below`,
      '--size',
      '16x16x16',
    );
    assert.equal(exitCode, 2);
    assert.match(err, /ct-mcqa: .*cannot be written here.*\nChoose another place.*\n$/);
  });
});
