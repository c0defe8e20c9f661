import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  adamW,
  addOptimiser,
  add,
  concat,
  conv,
  exp,
  gradients,
  groupNorm,
  GraphBuilder,
  inspectModel,
  layerNorm,
  less,
  linear,
  matmul,
  maxPool,
  MissingGradientError,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  resize,
  serialise,
  ShapeError,
  sizeOf,
  slice,
  softmax,
  where,
  type Operator,
  type Value,
} from '../../../src/graph';
import { broadcastAxes, broadcastShapes } from '../../../src/graph/broadcast';
import { evaluate, loadModel } from '../../graph/onnx';

function newInput(shape: Value['shape'], type: Value['type'] = 'float32'): Value {
  return new GraphBuilder('test').input('x', type, shape);
}

const typesOf = (graph: GraphBuilder, outputs: Record<string, Value>): string[] =>
  inspectModel(serialise(graph, outputs)).nodes.map(({ type }) => type);

describe('shapes', () => {
  it('broadcast as NumPy does', () => {
    assert.deepEqual(broadcastShapes([2, 1, 4], [3, 1], []), [2, 3, 4]);
    assert.deepEqual(broadcastShapes(['batch', 1], ['batch', 5]), ['batch', 5]);
    assert.deepEqual(broadcastAxes([3, 1], [2, 3, 4]), [0, 2]);
    assert.throws(() => broadcastShapes([2, 3], [2, 4]), ShapeError);
    assert.throws(() => broadcastShapes(['batch'], ['texts']), ShapeError);
  });

  it('are what onnxruntime computes, for convolution and pooling of any geometry', async () => {
    const small = fc.integer({ min: 1, max: 3 });
    const geometry = fc.record({
      size: fc.integer({ min: 5, max: 9 }),
      kernel: small,
      stride: small,
      dilation: small,
    });
    await fc.assert(
      fc.asyncProperty(geometry, async ({ size, kernel, stride, dilation }) => {
        fc.pre(dilation * (kernel - 1) < size);
        const shapes: number[] = [];
        const results = await evaluate(
          {
            x: { type: 'float32', shape: [1, 1, size, size], data: new Array(size * size).fill(1) },
            w: { type: 'float32', shape: [2, 1, kernel, 1], data: new Array(2 * kernel).fill(1) },
          },
          ({ x, w }) => {
            const outputs = {
              conv: conv(x, w, undefined, { stride, dilation, padding: [1, 0] }),
              pool: maxPool(x, kernel, { stride }),
            };
            shapes.push(
              ...Object.values(outputs).map(({ shape }) =>
                shape.reduce<number>((n, s) => n * Number(s), 1),
              ),
            );
            return outputs;
          },
        );
        assert.deepEqual([results.conv.length, results.pool.length], shapes);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('keep the names of sizes through a reshape', () => {
    const x = newInput(['texts', 'tokens', 12]);
    assert.deepEqual(reshape(x, ['texts', 'tokens', 3, 4]).shape, ['texts', 'tokens', 3, 4]);
    assert.deepEqual(reshape(newInput(['texts', 'tokens']), ['texts', 1, 1, 'tokens']).shape, [
      'texts',
      1,
      1,
      'tokens',
    ]);
    assert.deepEqual(
      slice(newInput([9, 2]), { axis: 0, end: sizeOf(newInput([4]), 0) }).shape,
      [4, 2],
    );
  });

  it('keep the name of the batch through what networks do to features', () => {
    const x = newInput(['batch', 4, 3, 2]);
    assert.deepEqual(groupNorm(x, 2, 1e-5).shape, x.shape);
    assert.deepEqual(resize(x, [6, 5]).shape, ['batch', 4, 6, 5]);
    assert.throws(() => groupNorm(x, 3, 1e-5), ShapeError);
    assert.throws(() => resize(x, [6]), ShapeError);
  });

  it('refuse what does not fit, in words that name both operands', () => {
    const graph = new GraphBuilder('test');
    const a = graph.input('a', 'float32', [2, 3]);
    const b = graph.input('b', 'float32', [4, 5]);
    const whole = graph.input('whole', 'int32', [2, 3]);
    assert.throws(() => matmul(a, b), /MatMul of float32\[2,3\] and float32\[4,5\]/);
    assert.throws(() => add(a, whole), /float32 is needed, not int32\[2,3\]/);
    for (const wrong of [
      () => add(a, b),
      () => linear(a, b),
      () => reshape(a, [4]),
      () => concat([a, b], 0),
      () => softmax(a, 2),
      () => slice(a, { axis: 1, start: 1, end: 4 }),
      () => reshape(newInput(['texts', 'tokens', 4]), ['rows', 4]),
      () => conv(reshape(a, [1, 2, 3, 1, 1]), reshape(b, [4, 5, 1, 1, 1])),
      () => where(a, a, a),
      () => graph.constant('float32', [2], [1, 2, 3]),
      () => reduceMean(newInput(['batch', 2]), { axes: [3] }),
    ]) {
      assert.throws(wrong, ShapeError);
    }
  });

  it('belong to one graph', () => {
    assert.throws(() => add(newInput([2]), newInput([2])), /another graph/);
  });
});

describe('GraphBuilder', () => {
  it('makes equal nodes and equal small constants once', () => {
    const x = newInput([3]);
    assert.equal(add(exp(x), 1), add(exp(x), 1));
    assert.notEqual(add(exp(x), 1), add(exp(x), 2));
    assert.equal(typesOf(x.graph, { y: mul(add(exp(x), 1), add(exp(x), 1)) }).length, 3);
  });

  it('refuses a name twice', () => {
    const x = newInput([3]);
    assert.throws(() => x.graph.input('x', 'float32', [1]), /two values named x/);
  });
});

describe('gradients', () => {
  it('builds nothing that no parameter needs', () => {
    const graph = new GraphBuilder('frozen');
    const volume = graph.input('volume', 'float32', [1, 1, 4, 4, 4]);
    const frozen = graph.input('frozen', 'float32', [2, 1, 3, 3, 3]);
    const head = graph.input('head', 'float32', [5, 2]);
    const features = reduceMean(conv(volume, frozen), { axes: [2, 3, 4] });
    const loss = reduceSum(linear(features, head));
    const [gradient] = gradients(loss, [head]).values();
    // The convolution itself is there once: forward. Its gradients would be further Conv nodes.
    assert.equal(typesOf(graph, { gradient }).filter((type) => type === 'Conv').length, 1);
  });

  it('computes the gradient of a weight without that of the input volume', () => {
    const graph = new GraphBuilder('first layer');
    const volume = graph.input('volume', 'float32', [2, 1, 4, 4, 4]);
    const weight = graph.input('weight', 'float32', [2, 1, 3, 3, 3]);
    const loss = reduceSum(exp(conv(volume, weight, undefined, { padding: 1 })));
    const count = (wanted: Value[]): number =>
      typesOf(
        graph,
        Object.fromEntries([...gradients(loss, wanted)].map(([v, g]) => [`grad.${v.name}`, g])),
      ).filter((type) => type === 'Conv').length;
    assert.equal(count([weight]), 2);
    assert.equal(count([weight, volume]), 3);
  });

  it('names the operator that has no rule, and where it stands', () => {
    const graph = new GraphBuilder('no rule');
    const x = graph.input('x', 'float32', [3, 2]);
    const unruled: Operator = { type: 'Hardmax', infer: ([input]) => [input] };
    const y = graph.within('head', () => graph.apply(unruled, [x])[0]);
    assert.throws(
      () => gradients(reduceSum(y), [x]),
      (error) =>
        error instanceof MissingGradientError &&
        error.operatorType === 'Hardmax' &&
        error.scope === 'head' &&
        /Hardmax.*head/.test(error.message),
    );
    const compared = less(x, 0);
    assert.throws(
      () => gradients(reduceSum(where(compared, x, 0)), [compared]),
      MissingGradientError,
    );
  });

  it('refuses a loss that is no scalar, or does not depend on a parameter', () => {
    const graph = new GraphBuilder('loss');
    const x = graph.input('x', 'float32', [2]);
    const other = graph.input('other', 'float32', [2]);
    assert.throws(() => gradients(exp(x), [x]), ShapeError);
    assert.throws(() => gradients(reduceSum(exp(x)), [other]), /does not depend on other/);
  });

  it('adds up over every use of a value', async () => {
    const results = await evaluate(
      { x: { type: 'float64', shape: [2], data: [3, -2] } },
      ({ x }) => {
        const loss = reduceSum(add(mul(mul(x, x), x), x));
        return { gradient: gradients(loss, [x]).get(x)! };
      },
    );
    assert.deepEqual([...results.gradient], [28, 13]);
  });
});

describe('serialise', () => {
  it('keeps to the names given, for computed values, inputs and repeats alike', async () => {
    const graph = new GraphBuilder('names');
    const x = graph.input('x', 'float32', [2]);
    graph.input('unused', 'float32', [2]);
    const y = exp(x);
    const bytes = serialise(graph, { y, again: y, same: x }, { metadata: { author: 'test' } });
    const { inputs, outputs, constants } = inspectModel(bytes);
    assert.deepEqual(
      { inputs, outputs, constants },
      { inputs: ['x'], outputs: ['y', 'again', 'same'], constants: [] },
    );
    const results = await (
      await loadModel(bytes)
    ).run({ x: { type: 'float32', shape: [2], data: [0, 1] } });
    assert.deepEqual(results.again, results.y);
    assert.deepEqual([...results.same], [0, 1]);
  });

  it('asks for the statistics of a layer norm only where a gradient reads them', () => {
    const x = newInput([2, 3]);
    const [scale, bias] = [1, 0].map((n) => x.graph.constant('float32', [3], [n, n, n]));
    const normalised = layerNorm(x, scale, bias, 1e-5);
    const outputsOf = (outputs: Record<string, Value>): number =>
      inspectModel(serialise(x.graph, outputs)).nodes.find(
        ({ type }) => type === 'LayerNormalization',
      )!.outputs.length;
    assert.equal(outputsOf({ normalised }), 1);
    const gradient = gradients(reduceSum(exp(normalised)), [x]).get(x)!;
    assert.equal(outputsOf({ gradient }), 3);
  });

  it('stores every type of number as it is', async () => {
    const graph = new GraphBuilder('constants');
    const numbers = {
      float32: [0.5, -1e30],
      float64: [Math.PI, 0],
      int32: [-7, 2 ** 31 - 1],
      int64: [2 ** 40, -1],
      bool: [1, 0],
    };
    const results = await loadModel(
      serialise(
        graph,
        Object.fromEntries(
          Object.entries(numbers).map(([type, data]) => [
            type,
            graph.constant(type as Value['type'], [2], data),
          ]),
        ),
      ),
    ).then((model) => model.run({}));
    for (const [type, data] of Object.entries(numbers)) {
      assert.deepEqual([...results[type]], type === 'float32' ? data.map(Math.fround) : data);
    }
  });
});

describe('AdamW', () => {
  it('moves by the learning rate at first, whatever the size of the gradient, and decays apart', async () => {
    const graph = new GraphBuilder('adamw');
    const weight = graph.input('w', 'float32', [3]);
    const gradient = graph.input('g', 'float32', [3]);
    const optimiser = adamW({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.1 });
    const { state, outputs } = addOptimiser(graph, optimiser, new Map([[weight, gradient]]));
    assert.deepEqual(
      state.map(({ name, next, role }) => [name, next, role]),
      [
        ['w', 'next.w', 'parameter'],
        ['first_moment.w', 'next.first_moment.w', 'moment'],
        ['second_moment.w', 'next.second_moment.w', 'moment'],
      ],
    );
    const vector = (data: number[]) => ({ type: 'float32', shape: [3], data }) as const;
    const scalars = Object.entries(optimiser.scalarsAt(1, 0.01)).map(([name, value]) => [
      name,
      { type: 'float32', shape: [], data: [value] } as const,
    ]);
    const results = await (
      await loadModel(serialise(graph, outputs))
    ).run({
      w: vector([1, 1, 1]),
      g: vector([1000, -0.001, 0]),
      'first_moment.w': vector([0, 0, 0]),
      'second_moment.w': vector([0, 0, 0]),
      ...(Object.fromEntries(scalars) as Record<string, ReturnType<typeof vector>>),
    });
    [0.999 - 0.01, 0.999 + 0.01, 0.999].forEach((expected, index) => {
      assert(Math.abs(results['next.w'][index] - expected) < 1e-6, `${results['next.w'][index]}`);
    });
  });
});
