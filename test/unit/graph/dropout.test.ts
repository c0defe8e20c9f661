import assert from 'node:assert/strict';
import { dropout, GraphBuilder, serialise, ShapeError } from '../../../src/graph';
import { loadModel, type Numbers, type RunnableModel } from '../../graph/onnx';

const [rows, columns] = [64, 96];
const count = rows * columns;
const probability = 0.3;
const site = 2;

describe('dropout', () => {
  let model: RunnableModel;

  before(async () => {
    const graph = new GraphBuilder('dropout');
    const x = graph.input('x', 'float32', [rows, columns]);
    const seed = graph.input('seed', 'int32', []);
    model = await loadModel(
      serialise(graph, {
        y: dropout(x, probability, seed, site),
        elsewhere: dropout(x, probability, seed, site + 1),
      }),
    );
  });

  const x: Numbers = {
    type: 'float32',
    shape: [rows, columns],
    data: new Float64Array(count).fill(7),
  };
  const run = (seed: number): Promise<Record<string, Float64Array>> =>
    model.run({ x, seed: { type: 'int32', shape: [], data: [seed] } });

  it('drops the same numbers for the same seed, as this arithmetic says, on every device', async () => {
    const { y } = await run(12345);
    assert.deepEqual(
      [...y],
      Array.from({ length: count }, (_, place) =>
        isDropped(place, 12345) ? 0 : Math.fround(7 * Math.fround(1 / (1 - probability))),
      ),
    );
  });

  it('drops the share asked for, of every row and column, and others for another seed or site', async () => {
    const seeds = [1, 2, 3, 4, -5, 2 ** 31 - 1];
    const results = await Promise.all(seeds.map(run));
    const masks = results.flatMap(({ y, elsewhere }) =>
      [y, elsewhere].map((numbers) => Array.from(numbers, (number) => (number === 0 ? 1 : 0))),
    );
    for (const mask of masks) {
      assertShare(mask, 'all');
      const byRow = Array.from({ length: rows }, (_, row) =>
        mask.slice(row * columns, (row + 1) * columns),
      );
      byRow.forEach((numbers, row) => {
        assertShare(numbers, `row ${row}`);
      });
      for (let column = 0; column < columns; column++) {
        assertShare(
          byRow.map((numbers) => numbers[column]),
          `column ${column}`,
        );
      }
      assertIndependent(mask.slice(0, -1), mask.slice(1), 'neighbours in a row');
      assertIndependent(mask.slice(0, -columns), mask.slice(columns), 'neighbours in a column');
    }
    masks.forEach((mask, index) => {
      masks.slice(0, index).forEach((other) => {
        assertIndependent(mask, other, 'two seeds or sites');
      });
    });
  });

  it('is the identity at 0, and refuses what is no probability', () => {
    const graph = new GraphBuilder('edges');
    const input = graph.input('x', 'float32', [2]);
    const seed = graph.input('seed', 'int32', []);
    assert.equal(dropout(input, 0, seed, 0), input);
    assert.throws(() => dropout(input, 1, seed, 0), ShapeError);
    assert.throws(() => dropout(input, NaN, seed, 0), ShapeError);
    assert.throws(() => dropout(input, 0.5, input, 0), ShapeError);
  });
});

/** The hash once more, in JavaScript's own 32-bit arithmetic. */
function isDropped(place: number, seed: number): boolean {
  const permuted = (n: number): number => Math.imul(n, (2 * n + 1) | 0);
  const mixed = (n: number): number => {
    const once = permuted(n);
    return permuted((once + Math.trunc(once / 2 ** 16)) | 0);
  };
  const key = mixed((Math.imul(seed, 0x9e3779b1) + Math.imul(site + 1, 0x85ebca6b)) | 0);
  const bits = mixed((Math.imul(place, 0x9e3779b1) + key) | 0);
  return bits < Math.round(probability * 2 ** 32 - 2 ** 31);
}

/** Within five standard deviations of what chance gives. */
function assertShare(mask: readonly number[], name: string): void {
  const sum = mask.reduce((total, number) => total + number, 0);
  const deviation = Math.sqrt(mask.length * probability * (1 - probability));
  const distance = Math.abs(sum - probability * mask.length) / deviation;
  assert(distance < 5, `${name}: ${distance} deviations`);
}

function assertIndependent(a: readonly number[], b: readonly number[], name: string): void {
  const sum = a.reduce(
    (total, number, i) => total + (number - probability) * (b[i] - probability),
    0,
  );
  const distance = Math.abs(sum) / (Math.sqrt(a.length) * probability * (1 - probability));
  assert(distance < 5, `${name}: ${distance} deviations`);
}
