import assert from 'node:assert/strict';
import { utimes } from 'node:fs/promises';
import { KeptResult } from '../../../src/extension/views/overview/keptResult';
import { filesIdentity } from '../../../src/extension/views/overview/overviewFiles';
import { questionLine, temporaryFolder } from '../dataset/fixtures';

describe('The result of an overview', () => {
  const never = new AbortController().signal;

  it('is kept for the page that comes back, until a file changes', async () => {
    let [identity, made] = ['a', 0];
    const kept = new KeptResult(
      () => Promise.resolve(identity),
      () => Promise.resolve(++made),
    );
    assert.equal(await kept.get(never), 1);
    assert.equal(await kept.get(never), 1);
    identity = 'b';
    assert.equal(await kept.get(never), 2);
    assert.equal(await kept.get(never), 2);
  });

  it('is made anew after a failure, and where a file changed while it was made', async () => {
    let [identity, made] = ['a', 0];
    const kept = new KeptResult(
      () => Promise.resolve(identity),
      () => {
        identity += '!';
        return ++made === 1 ? Promise.reject(new Error('no')) : Promise.resolve(made);
      },
    );
    await assert.rejects(kept.get(never), /no/);
    assert.equal(await kept.get(never), 2);
    assert.equal(await kept.get(never), 3);
  });

  describe('depends on', () => {
    const folder = temporaryFolder();

    it('the questions, the side file and the tables that it names', async () => {
      const questions = await folder.write('a.mcqa.jsonl', questionLine());
      const table = await folder.write('labels.csv', 'VolumeName,Nodule\n');
      const other = await folder.write('other.csv', '');
      const seen = [await filesIdentity([questions])];
      const isNew = async (): Promise<boolean> => {
        const identity = await filesIdentity([questions]);
        return !seen.includes(identity) && seen.push(identity) > 0;
      };
      assert.equal(await isNew(), false);
      const side = await folder.write('a.mcqa.json', '{"version":1,"labels":"labels.csv"}');
      assert.equal(await isNew(), true);
      for (const path of [questions, side, table]) {
        await utimes(path, 5, 5);
        assert.equal(await isNew(), true, path);
      }
      await utimes(other, 5, 5);
      assert.equal(await isNew(), false);
    });
  });
});
