/**
 * How a volume becomes the network's input. A profile is data: two profiles with the same
 * fingerprint give the same tensor for the same file.
 */
export type PreprocessingProfile =
  | {
      /** Whole volume, oriented, clipped, resized to `size`: what the default model sees. */
      readonly kind: 'fit';
      readonly name: string;
      /** Output axes are superior-inferior, anterior-posterior, right-left of this orientation code. */
      readonly orientation: 'LPS';
      /** Depth (z), height (y), width (x) of the tensor. */
      readonly size: readonly [number, number, number];
      /** HU range, mapped linearly to [-1, 1]. */
      readonly clipHu: readonly [number, number];
    }
  | {
      /** CT-CLIP's published preprocessing, step by step. */
      readonly kind: 'ctclip';
      readonly name: string;
      /** `before` resampling is CT-CLIP's inference code, `after` its training code. */
      readonly clip: 'before_resampling' | 'after_resampling';
    };

/** The HU that become -1 and 1. */
export function clipRange(profile: PreprocessingProfile): readonly [number, number] {
  return profile.kind === 'fit' ? profile.clipHu : ctclipHu;
}

/** CT-CLIP's data_inference_nii.py clips to these and divides by the second. */
export const ctclipHu = [-1000, 1000] as const;
