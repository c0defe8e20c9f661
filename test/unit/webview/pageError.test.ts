import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors';
import type { PreviewStrings } from '../../../src/protocol/preview';
import { inPageWords, PageError } from '../../../src/webview/preview/pageError';

const problems = {
  'picture-too-large': { message: '{0} 乘 {1} 太大', remedy: '请裁剪' },
} as PreviewStrings['problems'];

describe('Problems of the page itself', () => {
  it('are told in the words of the page, with their numbers', () => {
    const told = inPageWords(new PageError('picture-too-large', [70000, 3]), problems);
    assert.ok(told instanceof UserError);
    assert.equal(told.message, '70000 乘 3 太大');
    assert.equal(told.remedy, '请裁剪');
  });

  it('leave what others threw as it is', () => {
    const thrown = new Error('a bug');
    assert.equal(inPageWords(thrown, problems), thrown);
  });
});
