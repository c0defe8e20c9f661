import assert from 'node:assert/strict';
import { gradients, mul, reduceSum, type Value } from '../../../src/graph';
import {
  evaluate,
  onProcessor,
  relativeDistance,
  testDevice,
  type Numbers,
} from '../../graph/onnx';
import { readFixture } from '../../graph/safetensors';
import { needShared } from '../../shared';
import { microCases, notOnWebgpu, type MicroCase } from './microCases';

describe('operators and their gradients against PyTorch', () => {
  let fixture: ReadonlyMap<string, Numbers>;
  let names: readonly string[];

  before(function () {
    const path = needShared(this, 'fixtures', 'ref', 'micro-gradients.safetensors');
    const { tensors, metadata } = readFixture(path);
    fixture = tensors;
    names = Object.keys(JSON.parse(metadata.cases) as object);
  });

  it('are compared in every case of the fixture', () => {
    assert.deepEqual(Object.keys(microCases).sort(), [...names].sort());
  });

  for (const [name, microCase] of Object.entries(microCases)) {
    const reason = testDevice === 'webgpu' ? notOnWebgpu[name] : undefined;
    if (reason === undefined) {
      it(name, () => compare(fixture, name, microCase));
    } else {
      it(`${name} does not run on ${testDevice}: ${reason}`);
    }
  }
});

/** Outputs and gradients of Σ output · cotangent. */
async function compare(
  fixture: ReadonlyMap<string, Numbers>,
  name: string,
  { build, type }: MicroCase,
): Promise<void> {
  // GPUs have no float64; 2e-6 and 2e-5 are a few roundings of float32.
  const isSingle = type === 'float32' || !onProcessor;
  const tolerance = isSingle ? (onProcessor ? 2e-6 : 2e-5) : 1e-12;
  const inputs = inputsOf(fixture, name, isSingle);
  const cotangent = fixture.get(`${name}.ct`);
  assert(cotangent, 'the fixture has the case');
  const wanted = Object.keys(inputs).filter((input) => fixture.has(`${name}.grad.${input}`));
  assert(wanted.length > 0);
  const results = await evaluate(
    { ...inputs, ct: isSingle ? single(cotangent) : cotangent },
    ({ ct, ...values }) => {
      const built = build(values);
      const outputs = 'graph' in built ? { out: built as Value } : built;
      const found = gradients(
        reduceSum(mul(outputs.out, ct)),
        wanted.map((input) => values[input]),
      );
      const gradientOutputs = [...found].map(([value, g]) => [`grad.${value.name}`, g] as const);
      return { ...outputs, ...Object.fromEntries(gradientOutputs) };
    },
  );
  for (const [result, numbers] of Object.entries(results)) {
    const reference = fixture.get(`${name}.${result}`);
    assert(reference, result);
    const error = relativeDistance(numbers, reference.data);
    assert(error < tolerance, `${result} is off by ${error}`);
  }
}

function inputsOf(
  fixture: ReadonlyMap<string, Numbers>,
  name: string,
  isSingle: boolean,
): Record<string, Numbers> {
  const prefix = `${name}.in.`;
  return Object.fromEntries(
    [...fixture].flatMap(([key, numbers]) =>
      key.startsWith(prefix)
        ? [[key.slice(prefix.length), isSingle ? single(numbers) : numbers]]
        : [],
    ),
  );
}

function single(numbers: Numbers): Numbers {
  return numbers.type === 'float64' ? { ...numbers, type: 'float32' } : numbers;
}
