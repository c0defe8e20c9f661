import type { ModelPreset } from '../core/preset';
import {
  buildVolumeGradient,
  buildVolumeLogits,
  inferenceTensors,
  readsTokens,
  saliencyTensors,
  volumeSize,
} from '../networks';
import type { Parameters, TextSizes } from '../networks';
import type { LongWork } from '../core/progress';
import { paddedStates, vectorOf } from './embedder';
import type { AnsweringParts, AskedQuestion } from './matcher';
import { loadRuntime, run } from './runtime';
import type { Runtime, Tensor } from './runtime';
import { copyVolume } from './volumeStore';

/** What maps need to know of a model and a volume; tests put in models made by hand. */
export type VolumeLogits = Pick<VolumeProbe, 'volume' | 'logits'>;
export type VolumeGradients = Pick<VolumeProbe, 'volume' | 'logits' | 'gradient'>;

/** Tensors by input name. */
type Feeds = Readonly<Record<string, Tensor>>;

/**
 * A question whose texts have passed the text tower once, so that its volume can be changed and the
 * logits be had again, and their gradient.
 */
export class VolumeProbe {
  private constructor(
    private readonly parts: AnsweringParts,
    private readonly runtime: Runtime,
    /** The input of the networks as scoring feeds it, [depth, height, width] voxels in [-1, 1]. */
    readonly volume: Float32Array,
    private readonly metadata: readonly number[],
    private readonly textFeeds: Feeds,
    private readonly sizes: TextSizes,
  ) {}

  /** @throws UserError `volume-…`; CancelledError */
  static async open(
    parts: AnsweringParts,
    { imagePath, texts, metadata = [] }: AskedQuestion,
    work: LongWork,
  ): Promise<VolumeProbe> {
    const { encoder, store } = parts;
    await encoder.prepare(texts, work);
    const prepared = await store.read(imagePath, work);
    const volume = new Float32Array(prepared.data.length);
    copyVolume(prepared, volume, 0);
    const runtime = await loadRuntime();
    const { feeds, tokens } = await textFeeds(parts, texts, runtime, work);
    const sizes = { texts: texts.length, tokens };
    return new VolumeProbe(parts, runtime, volume, metadata, feeds, sizes);
  }

  /** Logits of the texts for each of `count` volumes that lie one after the other. */
  async logits(volumes: Float32Array, count: number): Promise<number[][]> {
    const session = await this.parts.embedder.session('volume logits', buildVolumeLogits);
    const { similarity } = inferenceTensors;
    const result = await run(session, this.feeds(volumes, count), { [similarity]: null });
    const rows = result[similarity].data as Float32Array;
    const { texts } = this.sizes;
    return Array.from({ length: count }, (_, row) => [
      ...rows.subarray(row * texts, (row + 1) * texts),
    ]);
  }

  /** The gradient, in each voxel of `volume`, of the logits' sum weighted by `target`. */
  async gradient(volume: Float32Array, target: readonly number[]): Promise<Float32Array> {
    const { sizes } = this;
    const build = (preset: ModelPreset, weights: Parameters): Uint8Array =>
      buildVolumeGradient(preset, weights, sizes);
    const name = `volume gradient ${sizes.texts} ${sizes.tokens}`;
    const session = await this.parts.embedder.session(name, build);
    const { Tensor } = this.runtime;
    const weights = new Tensor('float32', Float32Array.from(target), [1, sizes.texts]);
    const feeds = { ...this.feeds(volume, 1), [saliencyTensors.target]: weights };
    const result = await run(session, feeds, { [saliencyTensors.gradient]: null });
    return result[saliencyTensors.gradient].data as Float32Array;
  }

  private feeds(volumes: Float32Array, count: number): Feeds {
    const { Tensor } = this.runtime;
    const { metadata } = this;
    const size = volumeSize(this.parts.embedder.preset.volume);
    const known = Array.from({ length: count }, () => metadata).flat();
    return {
      ...this.textFeeds,
      [inferenceTensors.volume]: new Tensor('float32', volumes, [count, 1, ...size]),
      ...(metadata.length > 0 && {
        [inferenceTensors.metadata]: new Tensor('float32', Float32Array.from(known), [
          count,
          metadata.length,
        ]),
      }),
    };
  }
}

/** What the text tower says of the texts, in their order. */
async function textFeeds(
  { embedder, encoder }: AnsweringParts,
  texts: readonly string[],
  { Tensor }: Runtime,
  work: LongWork,
): Promise<{ readonly feeds: Feeds; readonly tokens: number }> {
  const { preset } = embedder;
  if (!readsTokens(preset)) {
    const { dimension } = preset.fusion;
    const vectors = await embedder.embedTexts(texts, encoder, work);
    const rows = new Float32Array(texts.length * dimension);
    texts.forEach((text, row) => {
      rows.set(vectorOf(vectors, text), row * dimension);
    });
    const embedding = new Tensor('float32', rows, [texts.length, dimension]);
    return { feeds: { [inferenceTensors.textEmbedding]: embedding }, tokens: 1 };
  }
  const { hidden } = preset.text;
  const features = await embedder.textFeatures(texts, encoder, work);
  const own = texts.map((text) => vectorOf(features, text));
  const { states, mask, length } = paddedStates(own, hidden);
  const feeds = {
    [inferenceTensors.textFeatures]: new Tensor('float32', states, [texts.length, length, hidden]),
    [inferenceTensors.mask]: new Tensor('int32', mask, [texts.length, length]),
  };
  return { feeds, tokens: length };
}
