import assert from 'node:assert/strict';
import { editor, FakeDocument, noCancellation } from './fakeVscode';
import * as vscode from 'vscode';
import { QuestionCompletion } from '../../../src/extension/language/completion';
import { PatientFolding } from '../../../src/extension/language/folding';
import type { Services } from '../../../src/extension/services';
import { questionLine } from '../dataset/fixtures';

const volumes = Array.from(
  { length: 47_000 },
  (_, i) => `${i < 46_000 ? 'train' : 'valid'}_${i + 1}_a_1`,
);

function servicesWith(names: readonly string[]): Services {
  const reports = { volumes: (most: number) => names.slice(0, most) };
  const file = { surroundings: () => Promise.resolve({ reports, imageRoots: ['/data'] }) };
  return { documents: { get: () => file } } as unknown as Services;
}

/** What is offered where `|` stands; undefined where nobody waits for it any more. */
async function offered(
  marked: string,
  token = noCancellation,
): Promise<{ labels: string[]; isIncomplete: boolean } | undefined> {
  const { document } = new FakeDocument('/data/a.mcqa.jsonl', marked.replace('|', ''));
  const list = await new QuestionCompletion(servicesWith(volumes)).provideCompletionItems(
    document,
    new vscode.Position(0, marked.indexOf('|')),
    token,
  );
  return (
    list && {
      labels: list.items.map(({ label }) => label as string),
      isIncomplete: list.isIncomplete === true,
    }
  );
}

describe('Completion of a question', () => {
  beforeEach(() => {
    editor.reset();
  });

  it('finds every report by what is typed, though there are more than it lists', async () => {
    const all = await offered('{"options":[{"ref":"|"}]}');
    assert.deepEqual([all?.labels.length, all?.isIncomplete], [500, true]);
    const last = await offered('{"options":[{"ref":"VALID_47000|"}]}');
    assert.deepEqual(last, { labels: ['valid_47000_a_1'], isIncomplete: false });
  });

  it('finds every image by what is typed, its folder or its name', async () => {
    editor.findFiles = (pattern) =>
      pattern === '**/*[iI][mM]/99*.{nii,nii.gz}' ? ['/data/im/999.nii'] : [];
    assert.deepEqual(await offered('{"image_path":"im/99|"}'), {
      labels: ['im/999.nii'],
      isIncomplete: false,
    });
  });

  it('offers nothing once nobody waits for it', async () => {
    const token = { ...noCancellation, isCancellationRequested: true };
    assert.equal(await offered('{"options":[{"ref":"|"}]}', token), undefined);
  });
});

describe('Folding by patient', () => {
  it('reads lines with a path of any length', () => {
    const long = questionLine({ image_path: 'x'.repeat(3_900_000) });
    const { document } = new FakeDocument('/a.mcqa.jsonl', [long, long].join('\n'));
    assert.equal(new PatientFolding().provideFoldingRanges(document).length, 1);
    const two = new FakeDocument('/a.mcqa.jsonl', [questionLine(), questionLine()].join('\n'));
    assert.equal(new PatientFolding().provideFoldingRanges(two.document).length, 1);
  });
});
