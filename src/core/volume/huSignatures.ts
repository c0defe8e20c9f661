import { sentence, type Sentence } from '../sentence';
import type { ValueCounts } from './valueCounts';

/** What the values of a volume were recognised as. */
export type HuKind =
  /** Nothing speaks against HU. */
  | 'hounsfield'
  | 'none_finite'
  | 'constant'
  /** A mask or a map of labels. */
  | 'labels'
  /** Divided or standardised for a network: [0, 1], [-1, 1] or a few deviations around 0. */
  | 'normalised'
  /** A picture of 0 to 255, or HU in at most 256 steps. */
  | 'eight_bit'
  | 'rescaled_twice'
  | 'too_low'
  /** As the scanner stored them: the intercept is missing. */
  | 'raw_stored'
  /** Cut off at the ends of a range. */
  | 'clipped'
  | 'not_chest_ct';

/** How values of one kind are told from others. */
export interface HuSignature {
  readonly kind: HuKind;
  readonly applies: (values: ValueCounts) => boolean;
  /** What it is, in one sentence. */
  readonly note: (values: ValueCounts) => Sentence;
  /** The numbers that led to it. */
  readonly reason: (values: ValueCounts) => Sentence;
  /** What helps, where no other slope and intercept does. */
  readonly remedy: Sentence;
  /** Whether such values are HU all the same where air and soft tissue stand where HU have them. */
  readonly mayBeHu?: true;
}

/** HU ranges that any chest CT shows; noise and partial volume included. */
const airAndLung = [-1150, -650] as const;
const softTissue = [-200, 300] as const;
const belowAir = -1150;
/** CT-RATE's lowest padding is -3024; no tissue lies lower. */
const lowestHu = -3100;
/** Minus the intercepts of CT-RATE's scanners: raw values lie that much above HU. */
const rawOffsets = [1024, 8192] as const;
/** A value that takes this many times the place of its neighbours is where values were cut off. */
const pileFactor = 20;
const leastPile = 4;
/** Fewer values, or fewer different ones, come from no scanner: nothing can be said of their steps. */
const leastMeasured = 4096;
const leastDistinct = 32;

/** Signatures of values that are no HU, or not all that HU could be; the most telling first. */
export const huSignatures: readonly HuSignature[] = [
  {
    kind: 'none_finite',
    applies: ({ count }) => count === 0,
    note: () => sentence`No finite voxel: nothing can be said about HU.`,
    reason: () => sentence`every voxel is NaN or infinite`,
    remedy: sentence`Write the file again with the tool that made it.`,
  },
  {
    kind: 'constant',
    applies: ({ lowest, highest }) => lowest === highest,
    note: () => sentence`Every voxel has the same value: nothing can be said about HU.`,
    reason: ({ lowest }) => sentence`every voxel is ${number(lowest)}`,
    remedy: sentence`Look whether this is the right file.`,
  },
  {
    kind: 'labels',
    applies: (values) =>
      values.lowest === 0 &&
      values.highest <= 255 &&
      values.distinct(129) <= 128 &&
      values.areWhole,
    note: () => sentence`Few whole numbers from 0 on: a mask or a map of labels, no CT.`,
    reason: (values) =>
      sentence`${values.distinct(129)} different values from 0 to ${values.highest}`,
    remedy: sentence`Open the CT volume that it was drawn on.`,
  },
  {
    kind: 'normalised',
    applies: (values) => values.lowest >= -20 && values.highest <= 20 && !values.areWhole,
    note: ({ lowest, highest }) =>
      lowest >= -1 && highest <= 1
        ? sentence`Values lie in [${lowest < 0 ? -1 : 0}, 1]: they were normalised and are no HU.`
        : sentence`Values lie within a few units of 0: they were standardised and are no HU.`,
    reason: range,
    remedy: sentence`Take the volume as it was before it was normalised.`,
  },
  {
    kind: 'eight_bit',
    applies: ({ lowest, highest }) => lowest >= 0 && highest <= 255,
    note: () =>
      sentence`Values of 0 to 255: a picture of 8 bits, in which a window was fixed; no HU.`,
    reason: range,
    remedy: sentence`Take the volume as it was before it was made into pictures.`,
  },
  {
    kind: 'rescaled_twice',
    applies: (values) => values.share(-Infinity, belowAir) > 0.05,
    note: () =>
      sentence`Much lies far below air (-1000 HU): slope and intercept were probably applied twice.`,
    reason: lowEnd,
    remedy: sentence`Undo one of the two in the file: add what the intercept took away.`,
  },
  {
    kind: 'too_low',
    applies: (values) => values.within(-Infinity, lowestHu) > 0,
    note: () =>
      sentence`Values below -3024 HU, where no tissue lies: slope or intercept is probably wrong.`,
    reason: lowEnd,
    remedy: sentence`Compare slope and intercept of the header with the source of the file.`,
  },
  ...rawOffsets.map(rawStored),
  {
    kind: 'eight_bit',
    applies: (values) =>
      isMeasured(values) && values.highest - values.lowest >= 300 && values.distinct(257) <= 256,
    note: (values) =>
      sentence`Only ${values.distinct(257)} different values, about ${number(step(values))} HU apart: 8-bit data, in which small differences are lost.`,
    reason: (values) => sentence`${values.distinct(257)} different values, ${range(values)}`,
    remedy: sentence`Take the volume as it was before it was written in 8 bits.`,
    mayBeHu: true,
  },
  {
    kind: 'clipped',
    applies: (values) => isMeasured(values) && (isCutAbove(values) || isCutBelow(values)),
    note: (values: ValueCounts): Sentence => {
      const [low, high] = [number(values.lowest), number(values.highest)];
      return isCutAbove(values)
        ? hasPile(values, 'lowest')
          ? sentence`Clipped to [${low}, ${high}] HU: what lay beyond is lost.`
          : sentence`Clipped at ${high} HU: what lay above is lost.`
        : sentence`Clipped at ${low} HU: what lay below is lost.`;
    },
    reason: (values) =>
      sentence`${percent(values, values.lowest, values.lowest)} of voxels at exactly ${number(values.lowest)} HU, ${percent(values, values.highest, values.highest)} at exactly ${number(values.highest)} HU`,
    remedy: sentence`Take the volume as it was before it was clipped.`,
    mayBeHu: true,
  },
  {
    kind: 'not_chest_ct',
    applies: (values) => values.share(...softTissue) < 0.01,
    note: () => sentence`Hardly any value of soft tissue (near 0 HU): these are probably no HU.`,
    reason: (values) =>
      sentence`${percent(values, ...softTissue)} of voxels from -200 to 300 HU; ${range(values)}`,
    remedy: sentence`Look whether this is a CT, and what its slope and intercept should be.`,
  },
  {
    kind: 'not_chest_ct',
    applies: (values) => values.share(...airAndLung) < 0.001,
    note: () => sentence`No air or lung (near -1000 HU): not a chest CT, or not in HU.`,
    reason: (values) =>
      sentence`${percent(values, ...airAndLung)} of voxels from -1150 to -650 HU; ${range(values)}`,
    remedy: sentence`Look whether this is a chest CT, and what its slope and intercept should be.`,
  },
];

/** Whether values have air or lung, and soft tissue, where HU have them. */
export function showsChest(values: ValueCounts): boolean {
  return values.share(...softTissue) >= 0.01 && values.share(...airAndLung) >= 0.001;
}

/** Values as stored by a scanner that takes `offset` away. */
function rawStored(offset: (typeof rawOffsets)[number]): HuSignature {
  const [air, tissue] = offset === 1024 ? [0, 1000] : [offset - 1000, offset];
  return {
    kind: 'raw_stored',
    applies: (values) =>
      values.share(-Infinity, air - 300) < (offset === 1024 ? 0.001 : 0.5) &&
      values.share(tissue - 300, tissue + 400) > 0.05 &&
      values.share(air - 300, air + 400) > 0.001,
    note: () =>
      sentence`Air seems to stand near ${air} and tissue near ${tissue}: an intercept of about -${offset} is probably missing.`,
    reason: (values) =>
      sentence`${percent(values, tissue - 300, tissue + 400)} of voxels from ${tissue - 300} to ${tissue + 400}, ${percent(values, -Infinity, air - 300)} below ${air - 300}; ${range(values)}`,
    remedy: sentence`Take slope and intercept from the table of the data set.`,
  };
}

function isMeasured(values: ValueCounts): boolean {
  return values.count >= leastMeasured && values.distinct(leastDistinct) === leastDistinct;
}

/** Cut off above: a pile at the very end, at a number that a person chooses and no scanner has. */
function isCutAbove(values: ValueCounts): boolean {
  const { highest } = values;
  const isChosen = highest % 10 === 0 || highest === 1023 || highest === 1024;
  return highest > 0 && highest <= 2000 && isChosen && hasPile(values, 'highest');
}

/** Cut off below where there is lung or tissue; what is cut off near -1000 HU and below is noise. */
function isCutBelow(values: ValueCounts): boolean {
  const { lowest } = values;
  return (
    lowest > -990 && lowest <= 0 && values.share(lowest, lowest) > 0.01 && hasPile(values, 'lowest')
  );
}

function hasPile(values: ValueCounts, end: 'lowest' | 'highest'): boolean {
  const at = values[end];
  const neighbours = end === 'lowest' ? values.within(at, at + 100) : values.within(at - 100, at);
  const pile = values.within(at, at);
  return pile >= leastPile && pile > (pileFactor * (neighbours - pile)) / 100;
}

function step(values: ValueCounts): number {
  return (values.highest - values.lowest) / (values.distinct(257) - 1);
}

function lowEnd(values: ValueCounts): Sentence {
  return sentence`${percent(values, -Infinity, belowAir)} of voxels below -1150 HU; lowest ${number(values.lowest)}`;
}

function range({ lowest, highest }: ValueCounts): Sentence {
  return sentence`lowest ${number(lowest)}, highest ${number(highest)}`;
}

function percent(values: ValueCounts, from: number, to: number): Sentence {
  const share = 100 * values.share(from, to);
  return share > 0 && share < 0.1
    ? sentence`less than 0.1 %`
    : sentence`${number(share, share < 10 ? 1 : 0)} %`;
}

function number(value: number, digits = Math.abs(value) < 10 ? 2 : 0): string {
  return String(Number(value.toFixed(digits)));
}
