import assert from 'node:assert/strict';
import { sentence } from '../../../src/core/sentence';
import type { HuJudgement } from '../../../src/core/volume/hu';
import type { RescaleChoice } from '../../../src/core/volume/rescale';
import { offeredFixes } from '../../../src/webview/preview/huFixes';

describe('The banner on HU', () => {
  const doubtful = (rescale?: RescaleChoice): HuJudgement => ({
    source: 'uncertain',
    kind: 'raw_stored',
    remedy: { text: sentence`Do this.`, ...(rescale && { rescale }) },
  });

  it('offers what the judgement found to help, and the way back', () => {
    const offers: [HuJudgement, RescaleChoice, RescaleChoice[]][] = [
      [doubtful('csv'), 'auto', ['csv']],
      [doubtful('none'), 'auto', ['none']],
      [doubtful('auto'), 'none', ['auto']],
      [doubtful('none'), 'csv', ['none', 'auto']],
      [doubtful('csv'), 'csv', ['auto']],
      [doubtful(), 'auto', []],
      [doubtful(), 'none', ['auto']],
    ];
    for (const [judgement, current, fixes] of offers) {
      assert.deepEqual(offeredFixes(judgement, current), fixes);
    }
  });

  it('offers nothing where the values are HU', () => {
    const clipped: HuJudgement = { ...doubtful(), kind: 'clipped', source: 'stored' };
    assert.deepEqual(offeredFixes(clipped, 'none'), []);
  });
});
