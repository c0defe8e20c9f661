import { isNumber } from '../jsonShape';
import type { MetadataField } from '../preset';
import type { ScanMetadata } from './record';

/*
 * What is known of patient and scan as a vector of fixed length, for networks that read it. Each
 * field gives its own numbers and one more that is 1 where the value is missing (its other numbers
 * are 0 then), so that a network can tell "not known" from 0. Nothing is learnt from a training
 * file: a new manufacturer or kernel has its place already, by hash. A value of another type than
 * the record's shape says counts as missing: lint warns of it, and readers go on.
 */

interface FieldEncoding {
  /** One name a number, for people. */
  readonly names: readonly string[];
  /** The numbers; undefined where the value is missing. */
  readonly encode: (metadata: ScanMetadata) => readonly number[] | undefined;
}

const sexes = ['M', 'F', 'O'] as const;
/** CT scanners come from few makers; kernels have dozens of names. */
const manufacturerBuckets = 8;
const kernelBuckets = 16;

const encodings: Readonly<Record<MetadataField, FieldEncoding>> = {
  age: {
    names: ['age / 100'],
    encode: ({ age }) => (isNumber(age) ? [age / 100] : undefined),
  },
  sex: {
    names: sexes.map((sex) => `sex ${sex}`),
    encode: ({ sex }) =>
      sexes.some((one) => one === sex) ? sexes.map((one) => Number(one === sex)) : undefined,
  },
  manufacturer: hashed('manufacturer', manufacturerBuckets, ({ manufacturer }) => manufacturer),
  kernel: hashed('kernel', kernelBuckets, ({ kernel }) => kernel),
  spacing: {
    names: ['x', 'y', 'z'].map((axis) => `log of the ${axis} spacing in mm`),
    encode: ({ spacing_mm: spacing }) =>
      Array.isArray(spacing) && spacing.every((mm) => isNumber(mm) && mm > 0)
        ? spacing.map((mm) => Math.log(mm))
        : undefined,
  },
};

/** What each number of {@link metadataVector} says. */
export function metadataFeatureNames(fields: readonly MetadataField[]): string[] {
  return fields.flatMap((field) => [...encodings[field].names, `${field} missing`]);
}

/** The fields as numbers, in the order of {@link metadataFeatureNames}. */
export function metadataVector(
  metadata: ScanMetadata | undefined,
  fields: readonly MetadataField[],
): number[] {
  return fields.flatMap((field) => {
    const { names, encode } = encodings[field];
    const numbers = metadata && encode(metadata);
    return numbers === undefined ? [...names.map(() => 0), 1] : [...numbers, 0];
  });
}

/** A word as a 1 in one of a few places. Two words may share a place; the same word never moves. */
function hashed(
  field: string,
  buckets: number,
  wordOf: (metadata: ScanMetadata) => unknown,
): FieldEncoding {
  const places = Array.from({ length: buckets }, (_, place) => place);
  return {
    names: places.map((place) => `${field} in bucket ${place}`),
    encode: (metadata) => {
      const given = wordOf(metadata);
      const word = typeof given === 'string' ? given.trim().toLowerCase() : '';
      return word === ''
        ? undefined
        : places.map((place) => Number(place === fnv1a(word) % buckets));
    },
  };
}

/** 32-bit FNV-1a over the UTF-16 units (Fowler, Noll and Vo). */
function fnv1a(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) {
    hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
