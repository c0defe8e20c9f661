import assert from 'node:assert/strict';
import { UserError } from '../../src/core/errors';
import { inWords, sentence, translated, type Sentence } from '../../src/core/sentence';
import { reviveError, serialiseError, type SerialisedError } from '../../src/protocol/errors';

const chinese: Readonly<Record<string, string>> = {
  '{0} is not a volume: {1}.': '{1}，{0}不是体数据。',
  'it has {0} bytes': '只有 {0} 字节',
};
const inChinese = (template: string): string => chinese[template] ?? template;

describe('A sentence', () => {
  const said = sentence`${'{0}.nii'} is not a volume: ${sentence`it has ${12} bytes`}.`;

  it('is read in English, whatever its values look like', () => {
    assert.equal(inWords(said), '{0}.nii is not a volume: it has 12 bytes.');
    assert.equal(inWords(sentence`Nothing stands in it.`), 'Nothing stands in it.');
  });

  it('is translated with the sentences in it, its values in the order of the language', () => {
    assert.equal(inWords(translated(said, inChinese)), '只有 12 字节，{0}.nii不是体数据。');
  });

  it('stays as it is where there is no translation', () => {
    assert.equal(inWords(translated(said, (template) => template)), inWords(said));
  });

  it('crosses a border of JSON with numbers that JSON has not', () => {
    const slope = sentence`its slope is ${1} but its intercept is ${NaN}`;
    assert.equal(
      inWords(JSON.parse(JSON.stringify(slope)) as Sentence),
      'its slope is 1 but its intercept is NaN',
    );
  });

  it('crosses a border in an error, to be translated there', () => {
    const sent = new UserError('volume-format', said, 'Copy {0} again.');
    assert.equal(sent.remedy, 'Copy {0} again.');
    const got = reviveError(JSON.parse(JSON.stringify(serialiseError(sent))) as SerialisedError);
    assert.ok(got instanceof UserError);
    assert.deepEqual([got.message, got.remedy, got.code], [sent.message, sent.remedy, sent.code]);
    assert.match(inWords(translated(got.told.message, inChinese)), /^只有 12/);
  });
});
