import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normaliseReport } from '../../../src/core/text/normalise';

describe('normaliseReport', () => {
  it('folds case, spaces and punctuation', () => {
    assert.equal(normaliseReport('  No  Effusion;\r\n(left). '), 'no effusion left');
    assert.equal(normaliseReport('No effusion left'), 'no effusion left');
  });

  it('keeps numbers apart', () => {
    assert.notEqual(normaliseReport('3.5 mm'), normaliseReport('35 mm'));
  });

  it('folds full-width characters and keeps Chinese', () => {
    assert.equal(normaliseReport('ＣＴ：右肺 结节。'), 'ct 右肺 结节');
  });

  it('is empty where there is no word', () => {
    assert.equal(normaliseReport(' .,;\t'), '');
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normaliseReport(text);
        assert.equal(normaliseReport(once), once);
      }),
    );
  });
});
