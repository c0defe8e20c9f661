import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { join, sep } from 'node:path';
import { mock } from 'node:test';
import {
  imageCandidates,
  ImageResolver,
  resolveImagePath,
} from '../../../src/core/dataset/imagePaths';
import { temporaryFolder } from './fixtures';

describe('resolveImagePath', () => {
  const folder = temporaryFolder();

  /** Whether the file at `place` is what `imagePath` resolves to. */
  async function finds(place: string, imagePath: string, ...roots: string[]): Promise<boolean> {
    const file = await folder.write(place, '');
    const dataset = join(folder.path, 'set', 'a.mcqa.jsonl');
    return (
      (await resolveImagePath(imagePath, dataset, { version: 1, image_roots: roots })) === file
    );
  }

  const nested = 'ct/train/train_3/train_3_a/train_3_a_1.nii.gz';
  const found: readonly (readonly [
    title: string,
    place: string,
    imagePath: string,
    root?: string,
  ])[] = [
    ['beside the question file', 'set/a.nii', 'a.nii'],
    ['in a folder beside it', 'set/images/a.nii.gz', 'images/a.nii.gz'],
    ['above it', 'images/a.nii.gz', '../images/a.nii.gz'],
    ['below a root', 'ct/x/a.nii.gz', 'x/a.nii.gz', '../ct'],
    [
      'by a Windows path with slashes',
      nested,
      'D:/data/train/train_3/train_3_a/train_3_a_1.nii.gz',
      '../ct',
    ],
    [
      'by a Windows path with backslashes',
      nested,
      'D:\\data\\train\\train_3\\train_3_a\\train_3_a_1.nii.gz',
      '..\\ct',
    ],
    [
      'by a Windows path to a flat copy',
      'ct/train_3_a_1.nii.gz',
      'D:/data/train/train_3_a_1.nii.gz',
      '../ct',
    ],
    ['in CT-RATE layout by its name alone', nested, 'train_3_a_1.nii.gz', '../ct'],
    [
      'in CT-RATE layout below the folder of the split',
      nested,
      'E:/train_3_a_1.nii.gz',
      '../ct/train',
    ],
    [
      'in CT-RATE layout below its dataset folder',
      `dataset/${nested.slice(3)}`,
      'images/train_3_a_1.nii.gz',
      '..',
    ],
    ['by an absolute path of another machine', 'ct/b/a.nii.gz', '/mnt/disk/b/a.nii.gz', '../ct'],
    [
      'with spaces and Chinese characters',
      'ct/胸部 CT/患者 一.nii.gz',
      'D:\\数据\\胸部 CT\\患者 一.nii.gz',
      '../ct',
    ],
  ];
  for (const [title, place, imagePath, root] of found) {
    it(`finds an image ${title}`, async () => {
      assert.ok(await finds(place, imagePath, ...(root === undefined ? [] : [root])));
    });
  }

  it('takes the first root that has the image', async () => {
    await folder.write('one/a.nii', '');
    const dataset = join(folder.path, 'a.mcqa.jsonl');
    const second = await folder.write('two/b/a.nii', '');
    const sideFile = { version: 1, image_roots: ['none', 'two', 'one'] } as const;
    assert.equal(await resolveImagePath('D:/b/a.nii', dataset, sideFile), second);
  });

  it('finds nothing where there is nothing, or only a folder', async () => {
    await folder.write('a.nii/inside.txt', '');
    const dataset = join(folder.path, 'a.mcqa.jsonl');
    assert.equal(await resolveImagePath('a.nii', dataset), undefined);
    assert.equal(await resolveImagePath('absent/b.nii', dataset), undefined);
    assert.equal(await resolveImagePath('a\0.nii', dataset), undefined);
  });

  it('lists no folder for a single image: there may be a hundred thousand files in it', async () => {
    const readdir = mock.method(fs, 'readdir');
    try {
      assert.ok(await finds('set/images/train_1_a_1.nii.gz', 'images/train_1_a_1.nii.gz'));
      assert.ok(await finds('ct/b.nii', 'elsewhere/b.nii', '../ct'));
      assert.equal(await resolveImagePath('c.nii', join(folder.path, 'a.mcqa.jsonl')), undefined);
      assert.equal(readdir.mock.callCount(), 0);
    } finally {
      readdir.mock.restore();
    }
  });

  it('finds what the resolver of a whole question file finds', async () => {
    const dataset = join(folder.path, 'set', 'a.mcqa.jsonl');
    const sideFile = { version: 1, image_roots: ['../one', '../two'] } as const;
    await folder.write('two/train/train_3/train_3_a/train_3_a_1.nii.gz', '');
    await folder.write('one/x/a.nii', '');
    await folder.write('two/x/a.nii', '');
    await folder.write('set/b.nii', '');
    const resolver = new ImageResolver(dataset, sideFile);
    for (const path of ['D:/y/train_3_a_1.nii.gz', 'x/a.nii', 'b.nii', 'c.nii', '../one/x/a.nii']) {
      assert.equal(await resolveImagePath(path, dataset, sideFile), await resolver.resolve(path));
    }
  });

  it('finds every file on an absolute path as it stands', async () => {
    const file = await folder.write('x/a.nii', '');
    assert.equal(await resolveImagePath(file, '/elsewhere/a.mcqa.jsonl'), file);
  });
});

describe('imageCandidates', () => {
  const dataset = join(sep, 'data', 'set', 'a.mcqa.jsonl');
  const root = join(sep, 'roots', 'ct');

  it('never leads out of a root', () => {
    const sideFile = { version: 1, image_roots: [root] } as const;
    for (const path of ['../../../etc/a.nii', 'x/../../../a.nii', '..\\..\\a.nii', '/../a.nii']) {
      const below = imageCandidates(path, dataset, sideFile).filter((each) =>
        each.startsWith(join(sep, 'roots')),
      );
      assert.ok(below.length > 0);
      assert.ok(
        below.every((each) => each.startsWith(root + sep)),
        path,
      );
    }
  });

  it('looks for images only', () => {
    for (const path of ['../../etc/passwd', '/etc/shadow', 'a.nii.txt', 'a.nii\0', '.ssh/id_rsa']) {
      assert.deepEqual(imageCandidates(path, dataset), []);
    }
  });

  it('never opens a network share', () => {
    for (const path of ['\\\\server\\share\\a.nii', '//server/share/a.nii']) {
      const candidates = imageCandidates(path, dataset);
      assert.ok(candidates.length > 0);
      assert.ok(candidates.every((each) => each.startsWith(join(sep, 'data', 'set') + sep)));
    }
  });
});
