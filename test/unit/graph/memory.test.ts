import assert from 'node:assert/strict';
import { add, GraphBuilder, matmul, mul, relu, reshape } from '../../../src/graph';
import { peakBytes } from '../../../src/graph/memory';

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
