import { readFileSync } from 'node:fs';
import type { Numbers } from './onnx';

const arrays = { F64: Float64Array, F32: Float32Array, I64: BigInt64Array } as const;

/** The tensors of a reference fixture as float64 numbers, and its metadata. */
export function readFixture(path: string): {
  readonly tensors: ReadonlyMap<string, Numbers>;
  readonly metadata: Readonly<Record<string, string>>;
} {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(
    bytes.toString('utf8', 8, start),
  ) as Record<string, Entry> & { __metadata__?: Record<string, string> };
  const tensors = new Map<string, Numbers>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(
    entries as Record<string, Entry>,
  )) {
    const [from, to] = offsets;
    const raw = Uint8Array.from(bytes.subarray(start + from, start + to));
    const data = Float64Array.from(
      new arrays[dtype](raw.buffer) as ArrayLike<number | bigint>,
      Number,
    );
    tensors.set(name, { type: dtype === 'I64' ? 'int64' : 'float64', shape, data });
  }
  return { tensors, metadata };
}

interface Entry {
  readonly dtype: keyof typeof arrays;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}
