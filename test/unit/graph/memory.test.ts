import assert from 'node:assert/strict';
import { add, GraphBuilder, matmul, mul, relu, reshape, type Value } from '../../../src/graph';
import { swapLast } from '../../../src/graph/operators/matrix';
import { overwritable, peakBytes } from '../../../src/graph/memory';

const side = 16;
const matrix = side * side * 4;

describe('the memory of a graph', () => {
  const graph = new GraphBuilder('memory');
  const x = graph.input('x', 'float32', [side, side]);

  it('is inputs and results where each operator writes over what it read', () => {
    const y = relu(matmul(x, x));
    assert.equal(peakBytes([y]), 2 * matrix);
    assert.equal(peakBytes([mul(y, y)]), 2 * matrix);
  });

  it('holds a value until its last reader, also through another shape of it', () => {
    const y = matmul(x, x);
    const far = matmul(matmul(matmul(y, x), x), x);
    // y, one factor and the product that is being made, beside x.
    assert.equal(peakBytes([add(far, y)]), 4 * matrix);
    const flat = reshape(y, [side * side]);
    const newShape = 8;
    assert.equal(peakBytes([add(reshape(far, [side * side]), flat)]), 4 * matrix + newShape);
  });

  it('lets go of what nobody reads any more', () => {
    let chain = matmul(x, x);
    for (let i = 0; i < 20; i++) {
      chain = matmul(chain, x);
    }
    assert.equal(peakBytes([chain]), 3 * matrix);
  });

  it('counts constants, and every result to the end', () => {
    const weights = graph.constant('float32', [side, side], new Float32Array(side * side));
    const first = matmul(x, weights);
    const second = matmul(first, weights);
    assert.equal(peakBytes([first, second]), 4 * matrix);
    assert.equal(peakBytes([matmul(second, weights)]), 4 * matrix);
  });
});

describe('an input that its successor may be written over', () => {
  const graph = new GraphBuilder('overwriting');
  const moment = graph.input('moment', 'float32', [side, side]);
  const gradient = graph.input('gradient', 'float32', [side, side]);
  const isOverwritable = (next: Value, ...others: Value[]): boolean =>
    overwritable([[moment, next]], [next, ...others]).has(moment);
  const decayed = add(mul(moment, 0.9), mul(gradient, 0.1));

  it('is read by nothing but what leads to it', () => {
    assert.ok(isOverwritable(decayed));
    assert.ok(isOverwritable(decayed, mul(decayed, decayed)));
    assert.ok(!isOverwritable(decayed, mul(moment, 2)));
    assert.ok(!isOverwritable(decayed, mul(reshape(moment, [side * side]), 2)));
    assert.ok(!isOverwritable(decayed, moment));
  });

  it('is read element by element by the node that writes', () => {
    assert.ok(isOverwritable(add(moment, gradient)));
    assert.ok(!isOverwritable(matmul(moment, gradient)));
    assert.ok(isOverwritable(matmul(mul(moment, 2), gradient)));
  });

  it('is read by products of its transpose too, into which onnxruntime takes the transposing', () => {
    const transposed = swapLast(moment);
    const first = matmul(gradient, transposed);
    assert.ok(isOverwritable(add(moment, first)));
    assert.ok(!isOverwritable(add(moment, first), matmul(first, transposed)));
  });

  it('is no constant, nor an input again', () => {
    assert.ok(!isOverwritable(gradient));
    assert.ok(!isOverwritable(graph.constant('float32', [1], [1], 'one')));
  });
});
