import assert from 'node:assert/strict';
import { editor, FakeDocument } from './fakeVscode';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import type { OutcomeFinder } from '../../../src/extension/results/visibleOutcomes';
import type { Services } from '../../../src/extension/services';
import { cardContent } from '../../../src/extension/views/questionCard/cardContent';
import { cardStrings } from '../../../src/extension/views/questionCard/cardStrings';
import { questionLine } from '../dataset/fixtures';

describe('The content of the question card', () => {
  beforeEach(() => {
    editor.reset();
  });

  it('holds all that the record says of an option', async () => {
    const made = {
      text: 'Nodule in the left upper lobe.',
      label: 0,
      kind: 'generated',
      similarity: 0,
      edits: ['side swapped'],
      undecidable: 'same findings',
    };
    const text = questionLine({ options: [{ text: 'Nodule.', label: 1, edits: [] }, made] });
    const finder = { parse: (line: string) => new JsonLine(line), inLines: () => [] };
    const services = {
      documents: { get: () => undefined },
      predictions: { answersFor: () => undefined },
    };
    const content = await cardContent(
      services as unknown as Services,
      finder as unknown as OutcomeFinder,
      new FakeDocument('/nowhere/a.mcqa.jsonl', text).document,
      0,
    );
    assert.ok(content.state === 'question');
    const { label, ...rest } = made;
    assert.deepEqual(content.question.options, [
      { letter: 'A', text: 'Nodule.', truth: true },
      { letter: 'B', ...rest, truth: label === 1 },
    ]);
    const { builderWords } = cardStrings();
    assert.ok([...made.edits, made.undecidable].every((word) => builderWords[word] !== undefined));
  });
});
