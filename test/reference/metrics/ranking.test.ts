import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { mean, recallCredit } from '../../../src/core/metrics/ranking';
import { needShared } from '../../shared';

interface ScikitLearn {
  multiclass: {
    labels: number[];
    scores_no_ties: number[][];
    top_k_accuracy: { no_ties: Record<string, number> };
  };
  retrieval: { similarity: number[][]; recall_at_k: Record<string, number> };
}

describe('ranking metrics against scikit-learn', () => {
  it('equals top_k_accuracy_score and recall@k where there are no ties', async function () {
    const path = needShared(this, 'fixtures', 'ref', 'metrics-sklearn.json');
    const { multiclass, retrieval } = JSON.parse(await readFile(path, 'utf8')) as ScikitLearn;
    for (const [k, expected] of Object.entries(multiclass.top_k_accuracy.no_ties)) {
      const credits = multiclass.scores_no_ties.map((scores, i) =>
        recallCredit(scores, multiclass.labels[i], Number(k)),
      );
      assert.ok(Math.abs(mean(credits) - expected) < 1e-12);
    }
    for (const [k, expected] of Object.entries(retrieval.recall_at_k)) {
      const credits = retrieval.similarity.map((row, i) => recallCredit(row, i, Number(k)));
      assert.ok(Math.abs(mean(credits) - expected) < 1e-12);
    }
  });
});
