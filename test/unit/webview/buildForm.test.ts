import assert from 'node:assert/strict';
import { applicable, isPreviewable } from '../../../src/webview/build/fields';
import { usualTemplate } from '../../../src/core/dataset/metadataPrompt';

describe('the form that builds a data set', () => {
  const complete = { reports: 'r.csv', images: 'images', out: 'a.mcqa.jsonl' };

  it('asks for a preview once the required fields are filled in', () => {
    assert.ok(isPreviewable(complete));
    assert.ok(!isPreviewable({ ...complete, out: '' }));
    assert.ok(!isPreviewable({ reports: 'r.csv' }));
  });

  it('passes on only what means something for the mode and the tables', () => {
    assert.deepEqual(applicable({ ...complete, mode: 'yes_no', options: 5, prompts: 'question' }), {
      ...complete,
      mode: 'yes_no',
      prompts: 'question',
    });
    assert.deepEqual(
      applicable({ ...complete, metadataPrompt: usualTemplate, prompts: 'mixed' }),
      complete,
    );
  });
});
