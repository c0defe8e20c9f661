import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import {
  add,
  cast,
  concat,
  conv,
  crossEntropy,
  div,
  erf,
  exp,
  expand,
  gather,
  gelu,
  gemm,
  gradients,
  GraphBuilder,
  l2Normalise,
  layerNorm,
  less,
  linear,
  log,
  logSoftmax,
  matmul,
  maximum,
  maxPool,
  mul,
  negate,
  operators,
  pad,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  serialise,
  slice,
  softmax,
  sqrt,
  sub,
  transpose,
  where,
  type DataType,
  type Value,
} from '../../../src/graph';
import { inspectModel } from '../../../src/graph/onnx/inspect';
import { loadModel, type Numbers, type RunnableModel } from '../../graph/onnx';

interface Case {
  /** Operators whose rule this case is about. */
  readonly rules: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly build: (inputs: Record<string, Value>) => Value;
  /** float32 where onnxruntime's CPU provider has no float64 kernel. */
  readonly type?: 'float32';
  /** Range of the inputs, away from poles and kinks; default -1 to 1. */
  readonly range?: readonly [number, number];
}

const integerConstant = (
  { graph }: Value,
  numbers: readonly number[],
  type: DataType = 'int32',
): Value => graph.constant(type, [numbers.length], numbers);

const cases: Readonly<Record<string, Case>> = {
  'add, broadcast both ways': {
    rules: ['Add'],
    shapes: { a: [2, 1, 4], b: [3, 1] },
    build: ({ a, b }) => add(a, b),
  },
  'subtract from a scalar': {
    rules: ['Sub'],
    shapes: { a: [], b: [2, 3] },
    build: ({ a, b }) => sub(a, b),
  },
  'multiply, broadcast': {
    rules: ['Mul'],
    shapes: { a: [4], b: [3, 4] },
    build: ({ a, b }) => mul(a, b),
  },
  'square: both operands the same': {
    rules: ['Mul'],
    shapes: { a: [5] },
    build: ({ a }) => mul(a, a),
  },
  'divide, broadcast': {
    rules: ['Div'],
    shapes: { a: [2, 3], b: [3] },
    build: ({ a, b }) => div(a, b),
    range: [0.5, 2],
  },
  maximum: { rules: ['Max'], shapes: { a: [7], b: [2, 7] }, build: ({ a, b }) => maximum(a, b) },
  'where, broadcast': {
    rules: ['Where'],
    shapes: { a: [3, 1], b: [2, 1, 4] },
    build: ({ a, b }) => where(less(integerConstant(a, [0, 3, 1, 5]), 2), a, b),
  },
  negate: { rules: ['Neg'], shapes: { x: [3] }, build: ({ x }) => negate(x) },
  relu: { rules: ['Relu'], shapes: { x: [3, 4] }, build: ({ x }) => relu(x) },
  sqrt: { rules: ['Sqrt'], shapes: { x: [3] }, build: ({ x }) => sqrt(x), range: [0.5, 2] },
  exp: { rules: ['Exp'], shapes: { x: [3] }, build: ({ x }) => exp(x) },
  log: { rules: ['Log'], shapes: { x: [3] }, build: ({ x }) => log(x), range: [0.5, 2] },
  erf: { rules: ['Erf'], shapes: { x: [5] }, build: ({ x }) => erf(x), type: 'float32' },
  gelu: {
    rules: ['Gelu'],
    shapes: { x: [5] },
    build: ({ x }) => gelu(x),
    type: 'float32',
    range: [-3, 3],
  },
  cast: {
    rules: ['Cast'],
    shapes: { x: [3] },
    build: ({ x }) => exp(cast(x, 'float64')),
    type: 'float32',
  },
  'sum of some axes': {
    rules: ['ReduceSum'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => reduceSum(x, { axes: [0, -1] }),
  },
  'mean of some axes, kept': {
    rules: ['ReduceMean'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => reduceMean(x, { axes: [1, 2], keep: true }),
  },
  reshape: { rules: ['Reshape'], shapes: { x: [2, 6] }, build: ({ x }) => reshape(x, [3, 4]) },
  transpose: {
    rules: ['Transpose'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => transpose(x, [2, 0, 1]),
  },
  'slice with a step': {
    rules: ['Slice'],
    shapes: { x: [2, 9] },
    build: ({ x }) => slice(x, { axis: 1, start: 1, end: 8, step: 3 }),
  },
  'pad and cut': {
    rules: ['Pad'],
    shapes: { x: [2, 5] },
    build: ({ x }) => pad(x, { axis: 1, before: 2, after: -1 }),
  },
  concat: {
    rules: ['Concat'],
    shapes: { a: [2, 1], b: [2, 3] },
    build: ({ a, b }) => concat([a, b, a], 1),
  },
  expand: { rules: ['Expand'], shapes: { x: [1, 3, 1] }, build: ({ x }) => expand(x, [2, 3, 4]) },
  'gather the same row twice': {
    rules: ['Gather'],
    shapes: { x: [4, 3] },
    build: ({ x }) => gather(x, integerConstant(x, [2, 0, 2])),
  },
  'matrix product, batched and broadcast': {
    rules: ['MatMul'],
    shapes: { a: [2, 3, 4], b: [4, 2] },
    build: ({ a, b }) => matmul(a, b),
  },
  linear: {
    rules: ['Gemm'],
    shapes: { x: [2, 3, 4], w: [5, 4], b: [5] },
    build: ({ x, w, b }) => linear(x, w, b),
  },
  ...Object.fromEntries(
    [false, true].flatMap((transA) =>
      [false, true].map((transB): [string, Case] => [
        `gemm, transA ${String(transA)}, transB ${String(transB)}`,
        {
          rules: ['Gemm'],
          shapes: { a: transA ? [3, 2] : [2, 3], b: transB ? [4, 3] : [3, 4], bias: [2, 1] },
          build: ({ a, b, bias }) => gemm(a, b, { transA, transB, bias }),
        },
      ]),
    ),
  ),
  'convolution, padded': {
    rules: ['Conv'],
    shapes: { x: [2, 2, 3, 4, 3], w: [3, 2, 3, 3, 3], b: [3] },
    build: ({ x, w, b }) => conv(x, w, b, { padding: 1 }),
    type: 'float32',
  },
  'convolution of one scan and one channel, strided and dilated': {
    rules: ['Conv'],
    shapes: { x: [1, 1, 6, 7], w: [2, 1, 2, 3] },
    build: ({ x, w }) =>
      conv(x, w, undefined, { stride: [2, 1], dilation: [1, 2], padding: [1, 2] }),
    type: 'float32',
  },
  'convolution of many channels, dilated and unevenly padded': {
    rules: ['Conv'],
    shapes: { x: [2, 8, 3, 5], w: [3, 8, 2, 3], b: [3] },
    build: ({ x, w, b }) => conv(x, w, b, { dilation: [1, 2], padding: [0, 1] }),
    type: 'float32',
  },
  'convolution of many channels and few outputs': {
    rules: ['Conv'],
    shapes: { x: [1, 9, 4, 3], w: [1, 9, 3, 2] },
    build: ({ x, w }) => conv(x, w, undefined, { padding: [1, 0] }),
    type: 'float32',
  },
  'max pooling of odd sizes': {
    rules: ['MaxPool'],
    shapes: { x: [2, 2, 4, 5, 3] },
    build: ({ x }) => maxPool(x, 2),
  },
  'overlapping max pooling': {
    rules: ['MaxPool'],
    shapes: { x: [1, 2, 5, 5] },
    build: ({ x }) => maxPool(x, 3, { stride: 2, padding: 1 }),
  },
  softmax: { rules: ['Softmax'], shapes: { x: [2, 3, 4] }, build: ({ x }) => softmax(x, 1) },
  'log softmax': { rules: ['LogSoftmax'], shapes: { x: [2, 4] }, build: ({ x }) => logSoftmax(x) },
  'layer norm': {
    rules: ['LayerNormalization'],
    shapes: { x: [2, 3, 5], scale: [5], bias: [5] },
    build: ({ x, scale, bias }) => layerNorm(x, scale, bias, 1e-5),
    type: 'float32',
  },
  'L2 normalisation': { rules: [], shapes: { x: [3, 4] }, build: ({ x }) => l2Normalise(x) },
  'cross-entropy': {
    rules: ['LogSoftmax'],
    shapes: { x: [3, 4] },
    build: ({ x }) => crossEntropy(x, integerConstant(x, [1, 0, 3])),
  },
};

/** Where the gradient is checked. */
type Point = Numbers & { readonly data: Float64Array };

describe('gradient rules', () => {
  it('cover, with the cases below, every operator that has a rule', () => {
    const ruled = Object.values(operators).filter(({ gradient }) => gradient !== undefined);
    const covered = new Set(Object.values(cases).flatMap(({ rules }) => rules));
    assert.deepEqual(
      ruled.map(({ type }) => type).filter((type) => !covered.has(type)),
      [],
    );
  });

  for (const [name, testCase] of Object.entries(cases)) {
    it(`equal finite differences: ${name}`, () => checkByDifferences(testCase));
  }

  it('give a tie of the maximum to the first voxel of the window', async () => {
    const graph = new GraphBuilder('ties');
    const x = graph.input('x', 'float32', [1, 1, 2, 4]);
    const gradient = gradients(reduceSum(maxPool(x, 2)), [x]).get(x);
    assert(gradient);
    const model = await loadModel(serialise(graph, { gradient }));
    const data = [5, 5, 0, 7, 5, 5, 7, 7];
    const found = await model.run({ x: { type: 'float32', shape: x.shape as number[], data } });
    assert.deepEqual([...found.gradient], [1, 0, 0, 1, 0, 0, 0, 0]);
  });

  it('stay finite where a vector to normalise is 0', async () => {
    const graph = new GraphBuilder('zero');
    const x = graph.input('x', 'float32', [2]);
    const gradient = gradients(reduceSum(l2Normalise(x)), [x]).get(x);
    assert(gradient);
    const model = await loadModel(serialise(graph, { gradient }));
    const found = await model.run({ x: { type: 'float32', shape: [2], data: [0, 0] } });
    assert(found.gradient.every(Number.isFinite));
  });
});

/** Compares with central differences of Σ output · cotangent, for every number of every input. */
async function checkByDifferences({ rules, shapes, build, type, range }: Case): Promise<void> {
  const random = Random.fromSeed(1, rules.join(), ...Object.keys(shapes));
  const numberType = type ?? 'float64';
  const [low, high] = range ?? [-1, 1];
  const point = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, Point] => {
      const count = shape.reduce((product, size) => product * size, 1);
      const data = Float64Array.from({ length: count }, () => random.between(low, high));
      return [name, { type: numberType, shape, data }];
    }),
  );
  const model = await lossModel(point, build, random, rules);
  const results = await model.run(point);
  const lossAt = async (name: string, index: number, shift: number): Promise<number> => {
    const data = point[name].data.map((number, at) => (at === index ? number + shift : number));
    return (await model.run({ ...point, [name]: { ...point[name], data } })).loss[0];
  };
  // Differences in float32 need wide steps, which the smooth functions tested so can bear.
  const [step, tolerance] = type === 'float32' ? [1e-2, 2e-3] : [1e-6, 1e-7];
  for (const [name, { data }] of Object.entries(point)) {
    for (let index = 0; index < data.length; index++) {
      const rise = (await lossAt(name, index, step)) - (await lossAt(name, index, -step));
      const expected = rise / (2 * step);
      const found = results[`grad.${name}`][index];
      const error = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
      assert(error < tolerance, `${name}[${index}]: ${found}, by differences ${expected}`);
    }
  }
}

async function lossModel(
  point: Readonly<Record<string, Numbers>>,
  build: Case['build'],
  random: Random,
  rules: readonly string[],
): Promise<RunnableModel> {
  const graph = new GraphBuilder('differences');
  const inputs = Object.fromEntries(
    Object.entries(point).map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  );
  const output = build(inputs);
  const shape = output.shape.map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  const cotangent = Array.from({ length: count }, () => random.between(-1, 1));
  const loss = reduceSum(mul(output, graph.constant(output.type, shape, cotangent)));
  const found = gradients(loss, Object.values(inputs));
  const outputs = Object.fromEntries([...found].map(([{ name }, g]) => [`grad.${name}`, g]));
  const used = inspectModel(serialise(graph, { loss })).nodes.map((node) => node.type);
  assert(
    rules.every((rule) => used.includes(rule)),
    'the case uses the operators it is about',
  );
  return loadModel(serialise(graph, { loss, ...outputs }));
}
