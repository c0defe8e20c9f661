import type { ModelPreset } from '../core/preset';
import { throwIfCancelled } from '../core/errors';
import { yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import type { Provider } from '../core/run';
import {
  buildImageTower,
  buildTextEncoder,
  buildTextTower,
  inferenceTensors,
  volumeSize,
} from '../networks';
import type { Parameters } from '../networks';
import { createSession, loadRuntime, run } from './runtime';
import type { Session } from './runtime';
import type { TextEncoder } from './texts';
import { copyVolume } from './volumeStore';
import type { VolumeStore } from './volumeStore';

/** Rows of one vector each, by what they were made from. */
export type Vectors = ReadonlyMap<string, Float32Array>;

/** Volumes a run: memory grows with it, speed hardly. */
const volumesPerRun = 4;
const textsPerRun = 32;

/** The towers of one model with its weights, each compiled when first used. */
export class Embedder {
  private readonly sessions = new Map<string, Promise<Session>>();

  constructor(
    private readonly preset: ModelPreset,
    private readonly weights: Parameters,
    private readonly provider: Provider,
  ) {}

  /** Factor from cosine to logit: exp(logit_scale), as CLIP learns it. */
  get logitScale(): number {
    const logarithm = this.weights.get('logit_scale')?.data[0];
    if (logarithm === undefined) {
      throw new Error('the weights have no logit_scale');
    }
    return Math.exp(logarithm);
  }

  /** Embedding of each volume file, length 1. */
  async embedVolumes(
    paths: Iterable<string>,
    store: VolumeStore,
    work: LongWork,
  ): Promise<Vectors> {
    const distinct = [...new Set(paths)];
    const session = await this.session('image', buildImageTower);
    const { Tensor } = await loadRuntime();
    const size = volumeSize(this.preset.volume);
    const voxels = size.reduce((a, b) => a * b, 1);
    const vectors = new Map<string, Float32Array>();
    for (let start = 0; start < distinct.length; start += volumesPerRun) {
      const chunk = distinct.slice(start, start + volumesPerRun);
      const data = new Float32Array(chunk.length * voxels);
      for (const [i, path] of chunk.entries()) {
        copyVolume(await store.read(path, { signal: work.signal }), data, i * voxels);
      }
      const feeds = { volume: new Tensor('float32', data, [chunk.length, 1, ...size]) };
      const result = await run(session, feeds, { [inferenceTensors.imageEmbedding]: null });
      addRows(vectors, chunk, result[inferenceTensors.imageEmbedding].data as Float32Array);
      await report(work, 'Scoring volumes', vectors.size, distinct.length);
    }
    return vectors;
  }

  /** Embedding of each text, length 1. */
  async embedTexts(
    texts: Iterable<string>,
    encoder: TextEncoder,
    work: LongWork,
  ): Promise<Vectors> {
    const session = await this.session('text', buildTextTower);
    return this.encodeTexts(session, inferenceTensors.textEmbedding, texts, encoder, work);
  }

  /** What the text tower says of each text before the projection: input of a frozen training step. */
  async textFeatures(
    texts: Iterable<string>,
    encoder: TextEncoder,
    work: LongWork,
  ): Promise<Vectors> {
    const session = await this.session('features', buildTextEncoder);
    return this.encodeTexts(session, inferenceTensors.textFeatures, texts, encoder, work);
  }

  async dispose(): Promise<void> {
    for (const session of this.sessions.values()) {
      await (await session).release();
    }
    this.sessions.clear();
  }

  private async encodeTexts(
    session: Session,
    output: string,
    texts: Iterable<string>,
    encoder: TextEncoder,
    work: LongWork,
  ): Promise<Vectors> {
    const { Tensor } = await loadRuntime();
    // By length, so that the rows of a run need little padding.
    const distinct = [...new Set(texts)].sort(
      (a, b) => encoder.encode(a).length - encoder.encode(b).length,
    );
    const vectors = new Map<string, Float32Array>();
    for (let start = 0; start < distinct.length; start += textsPerRun) {
      const chunk = distinct.slice(start, start + textsPerRun);
      const length = encoder.rowLength(chunk);
      const ids = new Int32Array(chunk.length * length);
      const mask = new Int32Array(ids.length);
      chunk.forEach((text, row) => {
        encoder.fillRow(text, row, length, ids, mask);
      });
      const shape = [chunk.length, length];
      const feeds = {
        [inferenceTensors.ids]: new Tensor('int32', ids, shape),
        [inferenceTensors.mask]: new Tensor('int32', mask, shape),
      };
      const result = await run(session, feeds, { [output]: null });
      addRows(vectors, chunk, result[output].data as Float32Array);
      await report(work, 'Scoring texts', vectors.size, distinct.length);
    }
    return vectors;
  }

  private session(
    tower: string,
    build: (preset: ModelPreset, weights: Parameters) => Uint8Array,
  ): Promise<Session> {
    let session = this.sessions.get(tower);
    if (session === undefined) {
      session = createSession(build(this.preset, this.weights), this.provider);
      this.sessions.set(tower, session);
    }
    return session;
  }
}

/** Cosine of two embeddings of length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += a[i] * b[i];
  }
  return sum;
}

/** The vector made of `key`, which must be there. */
export function vectorOf(vectors: Vectors, key: string): Float32Array {
  const vector = vectors.get(key);
  if (vector === undefined) {
    throw new Error(`no vector was made of ${key}`);
  }
  return vector;
}

function addRows(vectors: Map<string, Float32Array>, keys: string[], rows: Float32Array): void {
  const width = rows.length / keys.length;
  keys.forEach((key, row) => {
    vectors.set(key, rows.slice(row * width, (row + 1) * width));
  });
}

async function report(work: LongWork, stage: string, done: number, total: number): Promise<void> {
  work.onProgress?.({ stage, done, total });
  await yieldToEvents();
  throwIfCancelled(work.signal);
}
