import assert from 'node:assert/strict';
import { DocumentLinter } from '../../../src/core/dataset/lint';
import { KnownFiles } from '../../../src/extension/language/knownFiles';
import { questionLine, temporaryFolder } from '../dataset/fixtures';

/** How many things a map of an object holds. */
function sizeOf(owner: object, name: string): number {
  return (owner as Record<string, Map<string, unknown>>)[name].size;
}

describe('A path that is typed', () => {
  const folder = temporaryFolder();

  it('leaves nothing behind of its beginnings', async () => {
    const file = await folder.write('a.nii', '');
    const files = new KnownFiles();
    const datasetPath = `${folder.path}/a.mcqa.jsonl`;
    const linter = new DocumentLinter({ datasetPath, fileExists: files.has });
    for (let length = 0; length < 50; length++) {
      do {
        linter.lint(
          [`${'x'.repeat(length)}.nii`, 'a.nii']
            .map((image, i) => questionLine({ id: `q${i}`, image_path: image }))
            .join('\n'),
        );
        files.forgetUnasked();
      } while (await files.lookUp());
    }
    assert.equal(files.has(file), true);
    assert.ok(sizeOf(files, 'known') <= 4, `${sizeOf(files, 'known')} files`);
  });

  it('leaves little behind in the linter, however long one types', () => {
    const datasetPath = `${folder.path}/a.mcqa.jsonl`;
    const linter = new DocumentLinter({ datasetPath, fileExists: () => false });
    for (let stroke = 0; stroke < 3000; stroke++) {
      linter.lint(questionLine({ image_path: `${stroke}.nii` }));
    }
    assert.ok(sizeOf(linter, 'candidates') < 1100, `${sizeOf(linter, 'candidates')} paths`);
  });
});
