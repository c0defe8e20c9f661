import assert from 'node:assert/strict';
import { messageOf } from '../../../src/core/errors';
import { Random } from '../../../src/core/random';
import {
  add,
  attention,
  conv,
  convMaxPool,
  crossEntropy,
  elementCount,
  gemm,
  globalAveragePool,
  gradients,
  GraphBuilder,
  inMixedPrecision,
  inspectModel,
  layerNorm,
  linear,
  matmul,
  mul,
  operators,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  serialise,
  transpose,
  treatments,
  type HalfKind,
  type Value,
} from '../../../src/graph';
import { cast } from '../../../src/graph/operators/elementwise';
import {
  float32,
  loadModel,
  onProcessor,
  relativeDistance,
  runsWholly,
  testDevice,
} from '../../graph/onnx';
import type { Numbers } from '../../graph/onnx';

/** Half precision has 11 significant bits: a rounding is off by up to 2^-11 of the number. */
const unit = 2 ** -11;

describe('the graph in mixed precision', () => {
  it('lists operators that there are', () => {
    for (const type of Object.keys(treatments)) {
      assert.ok(type in operators, type);
    }
  });

  it('leaves long sums in float32 where the device would add halves', () => {
    const casts = (terms: number, kind: HalfKind): number => {
      const feeds = { a: float32([2, terms], []), b: float32([terms, 2], []) };
      const model = modelOf(feeds, ({ a, b }) => inMixedPrecision({ y: matmul(a, b) }, kind));
      return inspectModel(model).nodes.filter(({ type }) => type === 'Cast').length;
    };
    assert.deepEqual([casts(1024, 'float16_sums'), casts(1025, 'float16_sums')], [3, 0]);
    assert.deepEqual([casts(1024, 'float16'), casts(1025, 'float16')], [3, 3]);
  });

  it('counts the terms of every product, gathered and transposed as they may be', () => {
    const isHalf = (build: Build, shapes: Readonly<Record<string, readonly number[]>>): boolean => {
      const feeds = Object.entries(shapes).map(([name, shape]) => [name, float32(shape, [])]);
      const model = modelOf(Object.fromEntries(feeds) as Record<string, Numbers>, (values) =>
        inMixedPrecision(build(values), 'float16_sums'),
      );
      return inspectModel(model).nodes.some(({ type }) => type === 'Cast');
    };
    const product: Build = ({ a, b }) => ({ y: gemm(a, b, { transA: true }) });
    assert.ok(isHalf(product, { a: [1024, 3], b: [1024, 2] }));
    assert.ok(!isHalf(product, { a: [1025, 3], b: [1025, 2] }));
    const convolution: Build = ({ x, w }) => ({ y: conv(x, w) });
    assert.ok(isHalf(convolution, { x: [1, 32, 4, 4, 4], w: [2, 32, 3, 3, 3] }));
    assert.ok(!isHalf(convolution, { x: [1, 38, 4, 4, 4], w: [2, 38, 3, 3, 3] }));
    const products = Object.entries(treatments).filter(([, treatment]) => treatment === 'product');
    assert.deepEqual(
      products.map(([type]) => type),
      ['Conv', 'Gemm', 'MatMul'],
    );
  });

  it('casts each tensor once, and not at all between products', () => {
    const a = float32([4, 4], new Float32Array(16));
    const { nodes } = inspectModel(
      modelOf({ a, b: a }, ({ a: left, b: right }) =>
        inMixedPrecision(
          { y: matmul(transpose(relu(matmul(left, right)), [1, 0]), matmul(right, left)) },
          'float16',
        ),
      ),
    );
    assert.deepEqual(
      nodes.map(({ type }) => type),
      ['Cast', 'Cast', 'MatMul', 'Relu', 'Transpose', 'MatMul', 'MatMul', 'Cast'],
    );
  });

  it('leaves a graph without products as it is', () => {
    const a = float32([3], [1, 2, 3]);
    const model = (wrap: (outputs: Record<string, Value>) => Record<string, Value>): Uint8Array =>
      modelOf({ a }, (values) => wrap({ y: mul(add(values.a, 1), values.a) }));
    assert.deepEqual(
      model((outputs) => inMixedPrecision(outputs, 'float16')),
      model((outputs) => outputs),
    );
  });
});

describe('the numbers of mixed precision', () => {
  before(async function () {
    if (!(await hasHalves())) {
      // What a GPU without 16-bit floats says of itself is in the tests of the devices.
      this.skip();
    }
  });

  it('rounds what a product takes and what it gives, and nothing else', async () => {
    const product = async (a: number, b: number): Promise<number> => {
      const { y } = await halved(
        { a: float32([1, 1], [a]), b: float32([1, 1], [b]) },
        (values) => ({
          y: matmul(values.a, values.b),
        }),
      );
      return y[0];
    };
    assert.equal(await product(2049, 1), 2048);
    assert.equal(await product(1, 2051), 2052);
    assert.equal(await product(63, 33), 2080);
    assert.equal(await product(1e-8, 1), 0);
    assert.equal(await product(70000, 1), Infinity);
    assert.equal(await product(300, 300), Infinity);
    assert.equal(await product(-300, 300), -Infinity);
    const { sum } = await halved({ a: float32([1], [2049]), b: float32([1], [1e6]) }, (values) => ({
      sum: add(values.a, values.b),
    }));
    assert.equal(sum[0], 1_002_049);
  });

  it('gives the gradients of float32 but for the rounding', async () => {
    const { feeds, build } = network();
    const exact = await run(feeds, build);
    for (const kind of ['rounded', 'float16'] as const) {
      const close = await run(feeds, (values) => inMixedPrecision(build(values), kind));
      assert.deepEqual(Object.keys(close), Object.keys(exact));
      for (const [name, numbers] of Object.entries(exact)) {
        const distance = relativeDistance(close[name], numbers);
        assert.ok(distance < 20 * unit, `${name} ${distance}`);
        assert.ok(distance > unit / 100, `${name} was not rounded: ${distance}`);
      }
    }
  });

  it('computes the same whatever else is in halves beside the products', async function () {
    if (!onProcessor) {
      // Elsewhere the kernels of one operator may add in different orders.
      this.skip();
    }
    const { feeds, build } = network();
    const products = Object.fromEntries(
      Object.entries(treatments).filter(([, treatment]) => treatment === 'product'),
    );
    assert.deepEqual(
      await run(feeds, (values) => inMixedPrecision(build(values), 'rounded')),
      await run(feeds, (values) => inMixedPrecision(build(values), 'rounded', products)),
    );
    const casts = (treated: typeof treatments): number =>
      inspectModel(
        modelOf(feeds, (values) => inMixedPrecision(build(values), 'float16', treated)),
      ).nodes.filter(({ type }) => type === 'Cast').length;
    assert.ok(casts(treatments) < 0.8 * casts(products), 'Casts are saved');
  });

  it('compares numbers as they were, not as they are rounded for a product', async () => {
    // 2049 and 2048 are one half.
    const feeds = { a: float32([1, 1], [2049]), b: float32([1, 1], [2048]) };
    const { less } = await halved(feeds, ({ a, b }) => {
      const isLess = cast(a.graph.apply(operators.Less, [b, a])[0], 'float32');
      return { less: isLess, product: matmul(a, b) };
    });
    assert.equal(less[0], 1);
  });

  it('loses small gradients, and keeps them where the loss is scaled', async () => {
    const feeds = { x: float32([1, 2], [1, 2]), w: float32([2, 2], [1, 2, 3, 4]) };
    const gradient = async (scale: number): Promise<number[]> => {
      const { dw } = await halved(feeds, ({ x, w }) => {
        const loss = mul(reduceSum(matmul(x, w)), 2 ** -26);
        const factor = w.graph.scalar('float32', scale);
        return { dw: gradients(loss, [w], factor).get(w)! };
      });
      return [...dw].map((number) => number / scale);
    };
    assert.deepEqual(await gradient(1), [0, 0, 0, 0]);
    assert.deepEqual(
      await gradient(65536),
      [1, 1, 2, 2].map((number) => number * 2 ** -26),
    );
  });
});

if (testDevice === 'webgpu') {
  describe('mixed precision on WebGPU', () => {
    it('runs wholly there: it has every operator in halves too', async () => {
      // Kernels are chosen as the session is made, whether this GPU has 16-bit floats or not.
      const { feeds, build } = network();
      assert.ok(await runsWholly(modelOf(feeds, build), testDevice), 'in float32');
      for (const kind of ['float16', 'float16_sums'] as const) {
        const model = modelOf(feeds, (values) => inMixedPrecision(build(values), kind));
        assert.ok(await runsWholly(model, testDevice), kind);
      }
    });
  });
}

type Build = (inputs: Record<string, Value>) => Record<string, Value>;

/** The loss of a network with convolutions, attention and norms, and all of its gradients. */
function network(): { feeds: Record<string, Numbers>; build: Build } {
  const random = Random.fromSeed(4);
  const shapes = {
    x: [2, 1, 8, 8, 8],
    w1: [4, 1, 3, 3, 3],
    b1: [4],
    w2: [8, 4, 3, 3, 3],
    w3: [8, 8, 3, 3, 3],
    tokens: [2, 5, 8],
    query: [8, 8],
    scale: [8],
    offset: [8],
    head: [3, 8],
    bias: [3],
  };
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = Array.from({ length: elementCount(shape) }, () => 0.4 * random.normal());
      return [name, float32(shape, data)];
    }),
  );
  const build: Build = ({ x, w1, b1, w2, w3, tokens, query, scale, offset, head, bias }) => {
    const first = relu(convMaxPool(x, w1, b1, { padding: 1, pool: 2 }));
    const second = relu(conv(first, w2, undefined, { padding: 1, stride: 2 }));
    const image = globalAveragePool(relu(conv(second, w3, undefined, { padding: 1 })));
    const states = attention(linear(tokens, query), tokens, tokens);
    const text = layerNorm(reduceMean(states, { axes: [1] }), scale, offset, 1e-5);
    const both = mul(reshape(image, [2, 8]), text);
    const labels = x.graph.constant('int32', [2], [0, 2]);
    const loss = crossEntropy(linear(both, head, bias), labels);
    const parameters = [w1, b1, w2, w3, tokens, query, scale, offset, head, bias];
    const found = [...gradients(loss, parameters)];
    return { loss, ...Object.fromEntries(found.map(([{ name }, dw]) => [`d ${name}`, dw])) };
  };
  return { feeds, build };
}

function modelOf(feeds: Readonly<Record<string, Numbers>>, build: Build): Uint8Array {
  const graph = new GraphBuilder('test');
  const inputs = Object.entries(feeds).map(([name, { type, shape }]) => [
    name,
    graph.input(name, type, shape),
  ]);
  return serialise(graph, build(Object.fromEntries(inputs) as Record<string, Value>));
}

async function run(
  feeds: Readonly<Record<string, Numbers>>,
  build: Build,
): Promise<Record<string, Float64Array>> {
  return (await loadModel(modelOf(feeds, build))).run(feeds);
}

/** In halves as the device has them. */
function halved(
  feeds: Readonly<Record<string, Numbers>>,
  build: Build,
): Promise<Record<string, Float64Array>> {
  const kind: HalfKind = onProcessor ? 'rounded' : 'float16';
  return run(feeds, (values) => inMixedPrecision(build(values), kind));
}

async function hasHalves(): Promise<boolean> {
  try {
    const feeds = { x: float32([1], [2049]) };
    const { y } = await run(feeds, ({ x }) => ({ y: cast(cast(x, 'float16'), 'float32') }));
    assert.equal(y[0], 2048);
    return true;
  } catch (error) {
    assert.notEqual(testDevice, 'cpu', messageOf(error));
    assert.match(messageOf(error), /requires f16/);
    return false;
  }
}
