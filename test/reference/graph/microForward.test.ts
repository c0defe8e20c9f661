import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  crossEntropy,
  gelu,
  gradients,
  l2Normalise,
  layerNorm,
  quickGelu,
  resize,
  softmax,
  add,
  mul,
  transpose,
  type Value,
} from '../../../src/graph';
import { evaluate, float32, onProcessor, relativeDistance } from '../../graph/onnx';
import { needShared } from '../../shared';

/** Numbers of PyTorch in float64, in torch-micro.json. */
interface MicroFile {
  readonly input: readonly number[];
  readonly input_shape_NCDHW: readonly number[];
  readonly cases: readonly {
    readonly size: readonly number[];
    readonly mode: 'trilinear' | 'nearest' | 'area';
    readonly align_corners: boolean | null;
    readonly output: readonly number[];
  }[];
  readonly clip_loss_5x5: {
    readonly logits: readonly number[][];
    readonly loss: number;
    readonly grad: readonly number[][];
  };
  readonly layernorm: { readonly x: number[][]; readonly eps: number; readonly y: number[][] };
  readonly gelu_erf: { readonly x: number[]; readonly y: number[]; readonly quickgelu: number[] };
  readonly softmax: { readonly x: number[][]; readonly y: number[][] };
  readonly l2norm: { readonly x: number[][]; readonly y: number[][] };
}

const tolerance = onProcessor ? 1e-6 : 2e-5;

describe('operators against further numbers of PyTorch', () => {
  let file: MicroFile;

  before(function () {
    const path = needShared(this, 'fixtures', 'torch-micro.json');
    file = JSON.parse(readFileSync(path, 'utf8')) as MicroFile;
  });

  it('resize: trilinear, aligned or not, nearest, area', async () => {
    const x = float32(file.input_shape_NCDHW, file.input);
    for (const { size, mode, align_corners: aligned, output } of file.cases) {
      const { y } = await evaluate({ x }, (inputs) => ({
        y: resize(inputs.x, size, {
          mode: mode === 'trilinear' ? 'linear' : mode,
          alignCorners: aligned ?? false,
        }),
      }));
      assertNear(y, output, `${mode} to ${size.join('x')}`);
    }
  });

  it('symmetric cross-entropy of logits, and its gradient', async () => {
    const { logits: numbers, loss, grad } = file.clip_loss_5x5;
    const logits = float32([5, 5], numbers.flat());
    const results = await evaluate({ logits }, (inputs) => {
      const pairs = inputs.logits.graph.constant('int32', [5], [0, 1, 2, 3, 4]);
      const rows = crossEntropy(inputs.logits, pairs);
      const total = mul(add(rows, crossEntropy(transpose(inputs.logits, [1, 0]), pairs)), 0.5);
      return { total, gradient: gradients(total, [inputs.logits]).get(inputs.logits)! };
    });
    assertNear(results.total, [loss], 'loss');
    assertNear(results.gradient, grad.flat(), 'gradient');
  });

  it('layer norm, softmax, L2 normalisation, GELU and QuickGELU', async () => {
    const rowwise = async (
      { x, y }: { readonly x: number[][]; readonly y: number[][] },
      build: (x: Value) => Value,
      name: string,
    ): Promise<void> => {
      const found = await evaluate({ x: float32([3, 8], x.flat()) }, (inputs) => ({
        y: build(inputs.x),
      }));
      assertNear(found.y, y.flat(), name);
    };
    await rowwise(file.softmax, (x) => softmax(x), 'softmax');
    await rowwise(file.l2norm, (x) => l2Normalise(x), 'L2');
    await rowwise(
      file.layernorm,
      (x) => {
        const [ones, zeros] = [1, 0].map((n) =>
          x.graph.constant('float32', [8], Array<number>(8).fill(n)),
        );
        return layerNorm(x, ones, zeros, file.layernorm.eps);
      },
      'layer norm',
    );
    const { x, y, quickgelu } = file.gelu_erf;
    const found = await evaluate({ x: float32([8], x) }, (inputs) => ({
      gelu: gelu(inputs.x),
      quick: quickGelu(inputs.x),
    }));
    assertNear(found.gelu, y, 'GELU');
    assertNear(found.quick, quickgelu, 'QuickGELU');
  });
});

function assertNear(found: ArrayLike<number>, expected: readonly number[], name: string): void {
  const error = relativeDistance(found, expected);
  assert(error < tolerance, `${name} is off by ${error}`);
}
