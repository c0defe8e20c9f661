import { CancelledError, UserError } from '../core/errors';
import type { AugmentationSettings } from '../core/preset';
import { augmentInto, drawAugmentation } from '../core/volume/augmentation';
import type { AugmentationDraw } from '../core/volume/augmentation';
import type { Rescale } from '../core/volume/rescale';
import { copyVolume, VolumeCache } from './volumeCache';
import type { PreparedVolume, VolumeCacheSettings } from './volumeCache';

/** What a thread can be asked to do with volumes, and what it answers. All of it can be sent to a thread. */
export interface VolumeJobs {
  /** Makes sure that a volume has an entry in the cache. */
  prepare: {
    request: {
      readonly cache: VolumeCacheSettings;
      readonly path: string;
      /** Slope and intercept, where not those of the file. */
      readonly rescale?: Rescale;
    };
    /** `volume` where nothing may be written, so that there is no entry. */
    answer: { readonly key: string; readonly volume?: PreparedVolume };
  };
  /** Writes a prepared volume as float32 into shared memory, augmented where that is asked for. */
  load: { request: LoadRequest; answer: undefined };
}

export interface LoadRequest {
  readonly cache: VolumeCacheSettings;
  readonly path: string;
  /** Slope and intercept, where not those of the file. */
  readonly rescale?: Rescale;
  readonly key: string;
  /** The volume itself, where it is held in memory. */
  readonly held?: PreparedVolume;
  readonly augmentation?: {
    readonly settings: AugmentationSettings;
    readonly draw: AugmentationDraw;
    readonly texts: readonly string[];
  };
  readonly target: Float32Array<SharedArrayBuffer>;
}

export type VolumeJobKind = keyof VolumeJobs;

type Handler<K extends VolumeJobKind> = (
  request: VolumeJobs[K]['request'],
  signal: AbortSignal,
) => Promise<VolumeJobs[K]['answer']>;

export const volumeJobs: { readonly [K in VolumeJobKind]: Handler<K> } = {
  prepare: async ({ cache: settings, path, rescale }, signal) => {
    const cache = new VolumeCache(settings);
    const key = await cache.key(path, { signal, rescale });
    if (await cache.has(key)) {
      return { key };
    }
    const { volume, isStored } = await cache.make(path, key, { signal, rescale });
    return isStored ? { key } : { key, volume: shared(volume) };
  },
  load: async ({ cache, path, rescale, key, held, augmentation, target }, signal) => {
    const volume =
      held ?? (await new VolumeCache(cache).loadOrMake(path, key, { signal, rescale }));
    if (augmentation === undefined) {
      copyVolume(volume, target, 0);
      return undefined;
    }
    const { settings, draw, texts } = augmentation;
    const drawn = drawAugmentation(settings, cache.profile, draw, texts);
    augmentInto(volume.data, volume.shape, cache.profile, drawn, target);
    return undefined;
  },
};

/** A copy in memory that all threads see, so that it is not copied again for each. */
export function shared({ shape, data }: PreparedVolume): PreparedVolume {
  const copy = new Int16Array(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return { shape, data: copy };
}

/** To a thread: begin a job, or end it. */
export type ToThread =
  | { readonly id: number; readonly kind: VolumeJobKind; readonly request: unknown }
  | { readonly id: number; readonly kind: 'cancel' };

/** From a thread: a job's answer, or what was thrown, in a form that can be sent. */
export type FromThread =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: SentError };

export type SentError =
  | {
      readonly kind: 'user';
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'bug'; readonly message: string; readonly stack?: string };

export function sentError(error: unknown): SentError {
  if (error instanceof UserError) {
    const { code, message, remedy } = error;
    return { kind: 'user', code, message, remedy };
  }
  if (error instanceof CancelledError) {
    return { kind: 'cancelled' };
  }
  return error instanceof Error
    ? {
        kind: 'bug',
        message: error.message,
        ...(error.stack !== undefined && { stack: error.stack }),
      }
    : { kind: 'bug', message: String(error) };
}

export function receivedError(sent: SentError): Error {
  if (sent.kind === 'user') {
    return new UserError(sent.code, sent.message, sent.remedy);
  }
  if (sent.kind === 'cancelled') {
    return new CancelledError();
  }
  const error = new Error(sent.message);
  error.stack = sent.stack ?? error.stack;
  return error;
}
