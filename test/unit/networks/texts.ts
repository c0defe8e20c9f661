import { Random } from '../../../src/core/random';
import type { Numbers } from '../../graph/onnx';

/** Scans of a batch, and options of each, of the networks' tests. */
export const batch = 2;
export const options = 3;

/** Texts of up to 5 tokens for all options, padded to `length`: [batch, options, length]. */
export function texts(length: number): { ids: Numbers; mask: Numbers } {
  const random = Random.fromSeed(11);
  const shape = [batch, options, length];
  const ids: number[] = [];
  const mask: number[] = [];
  for (let text = 0; text < batch * options; text++) {
    const used = 3 + random.index(3);
    const words = Array.from({ length: 5 }, () => 1 + random.index(29));
    for (let position = 0; position < length; position++) {
      ids.push(position < used ? words[position] : 0);
      mask.push(position < used ? 1 : 0);
    }
  }
  return { ids: { type: 'int32', shape, data: ids }, mask: { type: 'int32', shape, data: mask } };
}

/** The same as one list of texts: [batch * options, length]. */
export function flatTexts(length: number): { input_ids: Numbers; attention_mask: Numbers } {
  const { ids, mask } = texts(length);
  const shape = [batch * options, length];
  return { input_ids: { ...ids, shape }, attention_mask: { ...mask, shape } };
}
