import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { messageOf, UserError } from '../core/errors';
import { writeFileAtomically } from '../core/storage/atomicFile';
import { elementCount } from '../graph';

/*
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes of header length
 * (little-endian), the header as JSON, then the tensors' bytes without gaps.
 */

/** One tensor, row-major. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Int16Array;
}

export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const arrayOf = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I16: Int16Array,
} as const;
type TypeName = keyof typeof arrayOf;

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The reference implementation's limit; a longer header is not one. */
const maxHeaderBytes = 100_000_000;

/** Writes a file atomically, tensors in the order given. */
export async function writeSafetensors(path: string, content: SafetensorsContent): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: content.metadata };
  let offset = 0;
  for (const [name, { shape, data }] of content.tensors) {
    header[name] = {
      dtype: typeName(data),
      shape,
      data_offsets: [offset, offset + data.byteLength],
    };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  // Padded with spaces so that the tensors begin at a multiple of 8 bytes.
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeFileAtomically(path, async (file) => {
    await file.writeFile(length);
    await file.writeFile(padded);
    for (const { data } of content.tensors.values()) {
      await file.writeFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  });
}

/**
 * Reads the tensors whose names are `wanted`; types other than F32, F64, I32 and I16 are refused.
 * @throws UserError `safetensors-invalid`; the file system's own error where there is no file.
 */
export async function readSafetensors(
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<SafetensorsContent> {
  const file = await open(path, 'r');
  try {
    return await readOpenFile(file, wanted);
  } catch (error) {
    throw new UserError(
      'safetensors-invalid',
      `${path} cannot be read: ${messageOf(error)}.`,
      'The file is damaged or no safetensors file; restore it or make it again.',
    );
  } finally {
    await file.close();
  }
}

async function readOpenFile(
  file: FileHandle,
  wanted: (name: string) => boolean,
): Promise<SafetensorsContent> {
  const { size } = await file.stat();
  const headerLength = Number((await readBytes(file, 8, 0)).readBigUInt64LE());
  if (headerLength > Math.min(maxHeaderBytes, size - 8)) {
    throw new RangeError(`its header would be ${headerLength} bytes long`);
  }
  const header = JSON.parse((await readBytes(file, headerLength, 8)).toString('utf8')) as Record<
    string,
    unknown
  >;
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(entries)) {
    if (!wanted(name)) {
      continue;
    }
    const { dtype, shape, data_offsets: offsets } = entry as HeaderEntry;
    const [begin, end] = offsets;
    if (!(dtype in arrayOf)) {
      throw new TypeError(`its tensor ${name} is of the type ${dtype}`);
    }
    const ArrayType = arrayOf[dtype as TypeName];
    const count = elementCount(shape);
    const start = 8 + headerLength + begin;
    if (end - begin !== count * ArrayType.BYTES_PER_ELEMENT || start + (end - begin) > size) {
      throw new RangeError(`its tensor ${name} is cut off`);
    }
    const bytes = await readBytes(file, end - begin, start);
    tensors.set(name, { shape, data: new ArrayType(bytes.buffer, bytes.byteOffset, count) });
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

/** `length` bytes in a buffer of their own (so that typed arrays may view it at offset 0). */
async function readBytes(
  file: FileHandle,
  length: number,
  position: number,
): Promise<Buffer<ArrayBuffer>> {
  const buffer = Buffer.from(new ArrayBuffer(length));
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) {
      throw new RangeError('it ends too early');
    }
    filled += bytesRead;
  }
  return buffer;
}

function typeName(data: StoredTensor['data']): TypeName {
  const names = Object.keys(arrayOf) as TypeName[];
  const name = names.find((each) => data instanceof arrayOf[each]);
  if (name === undefined) {
    throw new TypeError('this type of numbers cannot be stored');
  }
  return name;
}
