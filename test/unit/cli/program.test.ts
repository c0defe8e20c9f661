import assert from 'node:assert/strict';

import { runCommandLine } from '../../../src/cli/program';

describe('the command line', () => {
  async function run(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
    const written = { out: '', err: '' };
    const exitCode = await runCommandLine(argv, {
      terminal: {
        out: { write: (text) => (written.out += text) },
        err: { write: (text) => (written.err += text) },
      },
      modelsFolder: 'models',
      onInterrupt: () => undefined,
    });
    return { exitCode, ...written };
  }

  it('refuses an empty path instead of taking the current folder', async () => {
    for (const argv of [
      ['sample', ''],
      ['train', 'q.mcqa.jsonl', '--model', 'x', '--run', ''],
    ]) {
      const { exitCode, out, err } = await run(...argv);
      assert.equal(exitCode, 2);
      assert.equal(out, '');
      assert.match(err, /is empty/);
    }
  });

  it('needs a model for a new run', async () => {
    const { exitCode, err } = await run('train', 'q.mcqa.jsonl', '--run', 'nowhere');
    assert.equal(exitCode, 2);
    assert.match(err, /which model to train.*\nName a preset/);
  });

  it('says in two lines where it cannot write', async () => {
    const { exitCode, err } = await run('sample', `${__filename}/below`, '--size', '16x16x16');
    assert.equal(exitCode, 2);
    assert.match(err, /ct-mcqa: .*cannot be written here.*\nChoose another place.*\n$/);
  });
});
