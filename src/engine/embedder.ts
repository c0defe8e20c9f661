import type { ModelPreset } from '../core/preset';
import { throwIfCancelled } from '../core/errors';
import { yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import type { Provider } from '../core/run';
import { elementCount } from '../graph';
import {
  buildFusionHead,
  buildImageTower,
  buildTextEncoder,
  buildTextTower,
  firstScale,
  inferenceTensors,
  readsTokens,
  usesLogitScale,
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

/** A volume file, and what is known of it where the networks read that (see `metadataVector`). */
export interface ImageRequest {
  readonly imagePath: string;
  readonly metadata?: readonly number[];
}

/** What the image tower gives, by {@link imageKey}. */
export interface EmbeddedVolumes {
  /** What texts are compared with: a vector an image, or its tokens one after the other. */
  readonly compared: Vectors;
  /** A logit a finding, where the preset classifies; else empty. */
  readonly findings: Vectors;
}

/** Volumes a run: memory grows with it, speed hardly. */
const volumesPerRun = 4;
const textsPerRun = 32;

/** The parts of one model with its weights, each compiled when first used. */
export class Embedder {
  private readonly sessions = new Map<string, Promise<Session>>();

  constructor(
    readonly preset: ModelPreset,
    private readonly weights: Parameters,
    private readonly provider: Provider,
  ) {}

  /** Factor from the product of two vectors to the logit: exp(logit_scale) for the cosine. */
  get logitScale(): number {
    if (!usesLogitScale(this.preset)) {
      return firstScale(this.preset);
    }
    const logarithm = this.weights.get('logit_scale')?.data[0];
    if (logarithm === undefined) {
      throw new Error('the weights have no logit_scale');
    }
    return Math.exp(logarithm);
  }

  /** The image side of each distinct request. */
  async embedVolumes(
    requests: Iterable<ImageRequest>,
    store: VolumeStore,
    work: LongWork,
  ): Promise<EmbeddedVolumes> {
    const distinct = [...new Map([...requests].map((request) => [imageKey(request), request]))];
    const session = await this.session('image', buildImageTower);
    const { Tensor } = await loadRuntime();
    const size = volumeSize(this.preset.volume);
    const voxels = elementCount(size);
    const compared = new Map<string, Float32Array>();
    const findings = new Map<string, Float32Array>();
    for (let start = 0; start < distinct.length; start += volumesPerRun) {
      const chunk = distinct.slice(start, start + volumesPerRun);
      const data = new Float32Array(chunk.length * voxels);
      for (const [i, [, { imagePath }]] of chunk.entries()) {
        copyVolume(await store.read(imagePath, { signal: work.signal }), data, i * voxels);
      }
      const known = Float32Array.from(chunk.flatMap(([, { metadata }]) => metadata ?? []));
      const feeds = {
        [inferenceTensors.volume]: new Tensor('float32', data, [chunk.length, 1, ...size]),
        ...(known.length > 0 && {
          [inferenceTensors.metadata]: new Tensor('float32', known, [
            chunk.length,
            known.length / chunk.length,
          ]),
        }),
      };
      const { imageEmbedding, findings: logits } = inferenceTensors;
      const outputs = this.preset.classification ? [imageEmbedding, logits] : [imageEmbedding];
      const fetches = Object.fromEntries(outputs.map((name) => [name, null]));
      const result = await run(session, feeds, fetches);
      const keys = chunk.map(([key]) => key);
      addRows(compared, keys, result[imageEmbedding].data as Float32Array);
      if (logits in result) {
        addRows(findings, keys, result[logits].data as Float32Array);
      }
      await report(work, 'Scoring volumes', compared.size, distinct.length);
    }
    return { compared, findings };
  }

  /** The vector of each text; dual towers only. */
  async embedTexts(
    texts: Iterable<string>,
    encoder: TextEncoder,
    work: LongWork,
  ): Promise<Vectors> {
    const session = await this.session('text', buildTextTower);
    return this.encodeTexts(session, inferenceTensors.textEmbedding, texts, encoder, work);
  }

  /**
   * What the text tower says of each text before the projection: the state of [CLS], or those of all
   * its tokens (without padding) one after the other. Input of a training step with ready-made
   * features, and of {@link fuse}.
   */
  async textFeatures(
    texts: Iterable<string>,
    encoder: TextEncoder,
    work: LongWork,
  ): Promise<Vectors> {
    const session = await this.session('features', buildTextEncoder);
    return this.encodeTexts(session, inferenceTensors.textFeatures, texts, encoder, work);
  }

  /** Cross-attention: the logits of one image's tokens with the token states of each text. */
  async fuse(image: Float32Array, texts: readonly Float32Array[]): Promise<number[]> {
    const session = await this.session('fusion', buildFusionHead);
    const { Tensor } = await loadRuntime();
    const { hidden } = this.preset.text;
    const { dimension } = this.preset.fusion;
    const tokens = new Tensor('float32', image, [1, image.length / dimension, dimension]);
    const logits: number[] = [];
    for (let start = 0; start < texts.length; start += textsPerRun) {
      const chunk = texts.slice(start, start + textsPerRun);
      const { states, mask, length } = paddedStates(chunk, hidden);
      const feeds = {
        [inferenceTensors.imageEmbedding]: tokens,
        [inferenceTensors.textFeatures]: new Tensor('float32', states, [
          chunk.length,
          length,
          hidden,
        ]),
        [inferenceTensors.mask]: new Tensor('int32', mask, [chunk.length, length]),
      };
      const result = await run(session, feeds, { [inferenceTensors.similarity]: null });
      logits.push(...(result[inferenceTensors.similarity].data as Float32Array));
    }
    return logits;
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
    const lengthOf = (text: string): number => encoder.encode(text).length;
    // By length, so that the rows of a run need little padding.
    const distinct = [...new Set(texts)].sort((a, b) => lengthOf(a) - lengthOf(b));
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
      if (readsTokens(this.preset)) {
        // The states of padding say nothing.
        for (const text of chunk) {
          const states = vectorOf(vectors, text);
          vectors.set(text, states.slice(0, lengthOf(text) * this.preset.text.hidden));
        }
      }
      await report(work, 'Scoring texts', vectors.size, distinct.length);
    }
    return vectors;
  }

  /** The part of the model of this name, compiled by the first call and released with the others. */
  session(
    part: string,
    build: (preset: ModelPreset, weights: Parameters) => Uint8Array,
  ): Promise<Session> {
    let session = this.sessions.get(part);
    if (session === undefined) {
      session = createSession(build(this.preset, this.weights), this.provider);
      this.sessions.set(part, session);
    }
    return session;
  }
}

/** Equal for requests that give the same image side. */
export function imageKey({ imagePath, metadata }: ImageRequest): string {
  return metadata === undefined ? imagePath : `${imagePath}\0${metadata.join()}`;
}

/** Token states of several texts as one tensor [texts, length, hidden], and their mask [texts, length]. */
export function paddedStates(
  texts: readonly Float32Array[],
  hidden: number,
): { readonly states: Float32Array; readonly mask: Int32Array; readonly length: number } {
  const length = Math.max(...texts.map((states) => states.length / hidden));
  const states = new Float32Array(texts.length * length * hidden);
  const mask = new Int32Array(texts.length * length);
  texts.forEach((own, row) => {
    states.set(own, row * length * hidden);
    mask.fill(1, row * length, row * length + own.length / hidden);
  });
  return { states, mask, length };
}

/** The product of two vectors: the cosine where their length is 1. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
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
