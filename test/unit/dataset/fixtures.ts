import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DocumentLinter } from '../../../src/core/dataset/lint';
import type { LintFinding, LintTextOptions } from '../../../src/core/dataset/lint';
import type { Steps } from '../../../src/core/progress';

/** A question as text: one line of a file. Fields given replace the usual ones; undefined removes. */
export function questionLine(fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    id: 'q000001',
    image_path: 'train_1_a_1.nii.gz',
    options: [
      { text: 'Nodule in the right upper lobe.', label: 1 },
      { text: 'Clear lungs.', label: 0 },
    ],
    ...fields,
  });
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What long work gives that nobody breaks off. */
export function result<T>(steps: Steps<T>): T {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      return step.value;
    }
  }
}

/** Checks the text of a question file that was not checked before. */
export function lintText(text: string, options: LintTextOptions): LintFinding[] {
  return new DocumentLinter(options).lint(text);
}

/** A folder of its own for the test at hand, removed after it. Call inside `describe`. */
export function temporaryFolder(): {
  path: string;
  write: (name: string, text: string) => Promise<string>;
} {
  const folder = {
    path: '',
    write: async (name: string, text: string): Promise<string> => {
      const path = join(folder.path, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      return path;
    },
  };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'ct-mcqa dataset 数据-'));
  });
  afterEach(async () => {
    await rm(folder.path, { recursive: true, force: true });
  });
  return folder;
}
