import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import {
  add,
  detach,
  elementCount,
  embedding,
  gradients,
  GraphBuilder,
  l2Normalise,
  maxPool,
  mul,
  operators,
  reduceMax,
  reduceSum,
  serialise,
} from '../../../src/graph';
import { inspectModel } from '../../../src/graph/onnx/inspect';
import {
  evaluate,
  loadModel,
  onProcessor,
  relativeDistance,
  runsWholly,
  testDevice,
  type Numbers,
} from '../../graph/onnx';
import type { RuleCase, RuleCases } from '../../graph/ruleCase';
import { activationsRules } from './rules/activations';
import { convolutionRules } from './rules/convolution';
import { elementwiseRules } from './rules/elementwise';
import { indexingRules } from './rules/indexing';
import { layoutRules } from './rules/layout';
import { matrixRules } from './rules/matrix';
import { normalisationRules } from './rules/normalisation';
import { reductionRules } from './rules/reduction';

const cases: RuleCases = {
  ...elementwiseRules,
  ...activationsRules,
  ...reductionRules,
  ...layoutRules,
  ...indexingRules,
  ...matrixRules,
  ...convolutionRules,
  ...normalisationRules,
};

/** Where the gradient is checked. */
type Point = Numbers & { readonly data: Float64Array };

describe('gradient rules', () => {
  it('cover, with the cases below, every operator that has a rule', () => {
    const ruled = Object.values(operators).filter(({ gradient }) => typeof gradient === 'function');
    const covered = new Set(Object.values(cases).flatMap(({ rules }) => rules));
    assert.deepEqual(
      ruled.map(({ type }) => type).filter((type) => !covered.has(type)),
      [],
    );
  });

  for (const [name, testCase] of Object.entries(cases)) {
    if (onProcessor) {
      it(`equal finite differences: ${name}`, () => checkByDifferences(testCase));
    } else {
      it(`give on ${testDevice} what they give on the processor: ${name}`, () =>
        compareWithProcessor(testCase));
    }
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

  it('share the gradient of a largest number among all that are equal', async () => {
    const x = { type: 'float32', shape: [4], data: [3, 1, 3, 2] } as const;
    const { gradient } = await evaluate({ x }, (inputs) => ({
      gradient: gradients(reduceSum(reduceMax(inputs.x)), [inputs.x]).get(inputs.x)!,
    }));
    assert.deepEqual([...gradient], [0.5, 0, 0.5, 0]);
  });

  it('do not pass what is detached', async () => {
    const x = { type: 'float32', shape: [2], data: [3, 5] } as const;
    const { gradient } = await evaluate({ x }, (inputs) => {
      const loss = reduceSum(mul(inputs.x, detach(inputs.x)));
      return { gradient: gradients(loss, [inputs.x]).get(inputs.x)! };
    });
    assert.deepEqual([...gradient], [3, 5]);
    const graph = new GraphBuilder('detached');
    const alone = graph.input('x', 'float32', []);
    assert.throws(() => gradients(add(detach(alone), 1), [alone]), /does not depend on x/);
  });

  it('leave the padding row of an embedding alone', async () => {
    const table = { type: 'float32', shape: [3, 1], data: [7, 8, 9] } as const;
    const index = { type: 'int32', shape: [4], data: [0, 2, 2, 0] } as const;
    const { rows, gradient } = await evaluate({ table, index }, (inputs) => {
      const found = embedding(inputs.table, inputs.index, 0);
      return {
        rows: found,
        gradient: gradients(reduceSum(found), [inputs.table]).get(inputs.table)!,
      };
    });
    assert.deepEqual([...rows], [7, 9, 9, 7]);
    assert.deepEqual([...gradient], [0, 0, 2]);
  });
});

/** Compares with central differences of Σ output · cotangent, for every number of every input. */
async function checkByDifferences(testCase: RuleCase): Promise<void> {
  const type = testCase.type ?? 'float64';
  const random = Random.fromSeed(1, testCase.rules.join(), ...Object.keys(testCase.shapes));
  const point = drawPoint(testCase, type, random);
  const model = await loadModel(lossModel(point, testCase, random));
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

/** The processor's own gradients are checked above; a device must agree with them in float32. */
async function compareWithProcessor(testCase: RuleCase): Promise<void> {
  const random = Random.fromSeed(1, testCase.rules.join(), ...Object.keys(testCase.shapes));
  const point = drawPoint(testCase, 'float32', random);
  const model = lossModel(point, testCase, random);
  if (testDevice === 'webgpu') {
    const isWhole = await runsWholly(model, testDevice);
    assert.equal(isWhole, testCase.notWhollyOnWebgpu === undefined, 'runs there wholly');
  }
  const expected = await (await loadModel(model, 'cpu')).run(point);
  const found = await (await loadModel(model)).run(point);
  for (const [name, numbers] of Object.entries(expected)) {
    const error = relativeDistance(found[name], numbers);
    assert(error < 2e-5, `${name} is off by ${error}`);
  }
}

function drawPoint(
  { shapes, range: [low, high] = [-1, 1] }: RuleCase,
  type: 'float32' | 'float64',
  random: Random,
): Record<string, Point> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const count = elementCount(shape);
      const data = Float64Array.from({ length: count }, () => random.between(low, high));
      return [name, { type, shape, data }];
    }),
  );
}

/** Inputs as in `point` -> Σ output · cotangent as `loss`, and its gradients as `grad.NAME`. */
function lossModel(
  point: Readonly<Record<string, Numbers>>,
  { rules, build }: RuleCase,
  random: Random,
): Uint8Array {
  const graph = new GraphBuilder('differences');
  const inputs = Object.fromEntries(
    Object.entries(point).map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  );
  const output = build(inputs);
  const shape = output.shape.map(Number);
  const count = elementCount(shape);
  const cotangent = Array.from({ length: count }, () => random.between(-1, 1));
  const loss = reduceSum(mul(output, graph.constant(output.type, shape, cotangent)));
  const found = gradients(loss, Object.values(inputs));
  const outputs = Object.fromEntries([...found].map(([{ name }, g]) => [`grad.${name}`, g]));
  const used = inspectModel(serialise(graph, { loss })).nodes.map((node) => node.type);
  assert(
    rules.every((rule) => used.includes(rule)),
    'the case uses the operators it is about',
  );
  return serialise(graph, { loss, ...outputs });
}
