import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { auroc } from '../../../src/core/metrics/auroc';
import { needShared } from '../../shared';

interface ScikitLearn {
  multilabel: {
    labels: (0 | 1)[][];
    scores: number[][];
    results: { per_label: { auroc: number | null }[] };
  };
}

describe('AUROC against scikit-learn', () => {
  it('equals roc_auc_score for 18 labels with tied scores, one of them of one class', async function () {
    const path = needShared(this, 'fixtures', 'ref', 'metrics-sklearn.json');
    const { multilabel } = JSON.parse(await readFile(path, 'utf8')) as ScikitLearn;
    const { labels, scores, results } = multilabel;
    results.per_label.forEach(({ auroc: expected }, label) => {
      const found = auroc(
        scores.map((row) => row[label]),
        labels.map((row) => row[label]),
      );
      if (expected === null) {
        assert.equal(found, undefined);
      } else {
        assert.ok(Math.abs(found! - expected) < 1e-12, `label ${label}: ${found} for ${expected}`);
      }
    });
    assert.equal(results.per_label.length, 18);
  });
});
