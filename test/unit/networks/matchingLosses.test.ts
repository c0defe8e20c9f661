import assert from 'node:assert/strict';
import fc from 'fast-check';
import { infoNce, nPair, triplet } from '../../../src/networks/matchingLosses';
import { evaluate, type Numbers } from '../../graph/onnx';

type Matrix = readonly (readonly number[])[];

/* The formulae once more, as plainly as they can be written, over numbers. */

/** -Σ qⱼ log pⱼ over the allowed choices of a row. */
function plainCrossEntropy(
  row: readonly number[],
  truth: number,
  allowed: readonly boolean[],
  smoothing: number,
): number {
  const choices = [...row.keys()].filter((j) => allowed[j]);
  const total = choices.reduce((sum, j) => sum + Math.exp(row[j]), 0);
  return choices.reduce((loss, j) => {
    const target = (j === truth ? 1 - smoothing : 0) + smoothing / choices.length;
    return loss - target * Math.log(Math.exp(row[j]) / total);
  }, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const logit = fc.double({ min: -4, max: 4, noNaN: true });
const smoothing = fc.constantFrom(0, 0.1, 0.3);

/** B questions of K options: similarities [B, B K], the true options, and which pairs are allowed. */
const batches = fc
  .record({ batch: fc.integer({ min: 1, max: 5 }), options: fc.integer({ min: 2, max: 4 }) })
  .chain(({ batch, options }) =>
    fc.record({
      options: fc.constant(options),
      pairs: matrixOf(batch, batch * options, logit),
      label: fc.array(fc.integer({ min: 0, max: options - 1 }), {
        minLength: batch,
        maxLength: batch,
      }),
      free: matrixOf(batch, batch * options, fc.boolean()),
    }),
  );

function matrixOf<T>(rows: number, columns: number, item: fc.Arbitrary<T>): fc.Arbitrary<T[][]> {
  const row = fc.array(item, { minLength: columns, maxLength: columns });
  return fc.array(row, { minLength: rows, maxLength: rows });
}

describe('losses over a batch are what their formulae say', () => {
  const runs = { numRuns: 12 };

  it('InfoNCE: over scans and over texts, without pairs that are no negatives', async () => {
    await fc.assert(
      fc.asyncProperty(batches, smoothing, async ({ pairs, free }, epsilon) => {
        const logits = pairs.map((row) => row.slice(0, pairs.length));
        const allowed = logits.map((row, i) =>
          row.map((_, j) => i === j || (free[i][j] && free[j][i])),
        );
        const found = await evaluate(
          { logits: matrix(logits), allowed: matrix(allowed.map((row) => row.map(Number))) },
          ({ logits: x, allowed: a }) => ({ loss: infoNce(x, a, epsilon) }),
        );
        const of = (rows: Matrix): number =>
          mean(rows.map((row, i) => plainCrossEntropy(row, i, allowed[i], epsilon)));
        const flipped = logits.map((_, i) => logits.map((row) => row[i]));
        close(found.loss[0], (of(logits) + of(flipped)) / 2);
      }),
      runs,
    );
  });

  it('N-pair: each scan against all texts of the batch', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async ({ pairs, label, options, free }) => {
        const allowed = pairs.map((row, i) =>
          row.map((_, j) => Math.floor(j / options) === i || free[i][j]),
        );
        const found = await evaluate(
          {
            logits: matrix(pairs),
            label: labels(label),
            allowed: matrix(allowed.map((row) => row.map(Number))),
          },
          ({ logits, label: truth, allowed: a }) => ({ loss: nPair(logits, truth, a) }),
        );
        // Sohn's own form.
        const expected = mean(
          pairs.map((row, i) => {
            const truth = i * options + label[i];
            const others = [...row.keys()].filter((j) => j !== truth && allowed[i][j]);
            return Math.log(1 + others.reduce((sum, j) => sum + Math.exp(row[j] - row[truth]), 0));
          }),
        );
        close(found.loss[0], expected);
      }),
      runs,
    );
  });

  it('N-pair with label smoothing', async () => {
    await fc.assert(
      fc.asyncProperty(batches, smoothing, async ({ pairs, label, options, free }, epsilon) => {
        const allowed = pairs.map((row, i) =>
          row.map((_, j) => Math.floor(j / options) === i || free[i][j]),
        );
        const found = await evaluate(
          {
            logits: matrix(pairs),
            label: labels(label),
            allowed: matrix(allowed.map((row) => row.map(Number))),
          },
          ({ logits, label: truth, allowed: a }) => ({ loss: nPair(logits, truth, a, epsilon) }),
        );
        const expected = mean(
          pairs.map((row, i) =>
            plainCrossEntropy(row, i * options + label[i], allowed[i], epsilon),
          ),
        );
        close(found.loss[0], expected);
      }),
      runs,
    );
  });

  it('triplet: every false option that comes closer than the margin', async () => {
    await fc.assert(
      fc.asyncProperty(
        batches,
        fc.constantFrom(0.2, 1),
        async ({ pairs, label, options }, margin) => {
          const similarity = pairs.map((row) => row.slice(0, options));
          const found = await evaluate(
            { similarity: matrix(similarity), label: labels(label) },
            ({ similarity: s, label: truth }) => ({ loss: triplet(s, truth, margin) }),
          );
          const excess = similarity.flatMap((row, i) =>
            row.flatMap((s, k) => (k === label[i] ? [] : Math.max(0, margin + s - row[label[i]]))),
          );
          close(found.loss[0], mean(excess));
        },
      ),
      runs,
    );
  });
});

function matrix(rows: Matrix): Numbers {
  return { type: 'float32', shape: [rows.length, rows[0].length], data: rows.flat() };
}

function labels(data: readonly number[]): Numbers {
  return { type: 'int32', shape: [data.length], data };
}

function close(found: number, expected: number): void {
  assert.ok(
    Math.abs(found - expected) < 1e-5 * (1 + Math.abs(expected)),
    `${found} for ${expected}`,
  );
}
