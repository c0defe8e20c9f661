import type { AugmentationSettings } from '../preset';
import { Random } from '../random';
import { clipRange } from './profile';
import type { PreprocessingProfile } from './profile';
import { unitSteps } from './tensorPlan';

/** What one question's volume is changed by in one epoch. */
export interface Augmentation {
  readonly isFlipped: boolean;
  /** Towards higher indices, along depth, height and width. */
  readonly shift: readonly [number, number, number];
  /** Above 1 the chest becomes larger. */
  readonly scale: number;
  /** Factor on the values, 0 being the middle of the clipped range. */
  readonly contrast: number;
  readonly offset: number;
  /** Standard deviation, and the seeds that its numbers are drawn from. */
  readonly noise: number;
  readonly draw: AugmentationDraw;
}

/** Names a draw: the same seed, epoch and question give the same change whenever and wherever it is made. */
export interface AugmentationDraw {
  readonly seed: number;
  readonly epoch: number;
  readonly question: string;
}

/**
 * Words that tell left from right, and names of parts that only one side has. `bilateral` and
 * `both` mean the same mirrored.
 */
const sideWords =
  /\b(left|right)|\blingula|\bmiddle lobe|\b([rl][ul]l|rml|lad|lcx|rca)\b|\b(dextro|l[ae]vo|situs\b)|左|右/i;

/** Whether a mirrored volume would make a text say something else. */
export function namesSide(text: string): boolean {
  return sideWords.test(text);
}

/** Where left and right lie in the tensor: CT-CLIP's axes are (k, i, j), and i runs across the patient. */
const acrossPatient: Readonly<Record<PreprocessingProfile['kind'], 1 | 2>> = { fit: 2, ctclip: 1 };

/** CT-CLIP's values are HU / 1000. */
function huPerUnit(profile: PreprocessingProfile): number {
  const [lowest, highest] = clipRange(profile);
  return (highest - lowest) / 2;
}

/**
 * Draws the change of a question's volume. Every setting takes its own numbers, so that one that is
 * changed leaves the others' draws as they were.
 *
 * @param texts all option texts of the question: where one names a side, nothing is mirrored
 */
export function drawAugmentation(
  settings: AugmentationSettings,
  profile: PreprocessingProfile,
  draw: AugmentationDraw,
  texts: readonly string[],
): Augmentation {
  const {
    flip = 0,
    shiftVoxels = 0,
    scale = 0,
    offsetHu = 0,
    contrast = 0,
    noiseHu = 0,
  } = settings;
  const within = (name: string, most: number): number => randomOf(draw, name).between(-1, 1) * most;
  // Whole voxels: a fraction would blur, and more so the nearer it is to a half.
  const steps = (axis: string): number =>
    randomOf(draw, `shift ${axis}`).index(2 * Math.floor(shiftVoxels) + 1) -
    Math.floor(shiftVoxels);
  return {
    isFlipped: randomOf(draw, 'flip').chance(flip) && !texts.some(namesSide),
    shift: [steps('depth'), steps('height'), steps('width')],
    scale: 1 + within('scale', scale),
    contrast: 1 + within('contrast', contrast),
    offset: within('offset', offsetHu) / huPerUnit(profile),
    noise: noiseHu / huPerUnit(profile),
    draw,
  };
}

function randomOf({ seed, epoch, question }: AugmentationDraw, what: string): Random {
  return Random.fromSeed(seed, 'augmentation', epoch, question, what);
}

/**
 * Writes a stored tensor, [1, depth, height, width] in steps of 1/{@link unitSteps}, changed as
 * drawn, to `target`: mirrored, scaled about its middle and shifted (trilinear, air where nothing
 * is known), then contrast, offset and noise, cut to [-1, 1].
 */
export function augmentInto(
  stored: Int16Array,
  [, depth, height, width]: readonly number[],
  profile: PreprocessingProfile,
  augmentation: Augmentation,
  target: Float32Array,
): void {
  const { isFlipped, shift, scale, contrast, offset, noise } = augmentation;
  const across = isFlipped ? acrossPatient[profile.kind] : undefined;
  const alongZ = samples(depth, shift[0], scale, false);
  const alongY = samples(height, shift[1], scale, across === 1);
  const alongX = samples(width, shift[2], scale, across === 2);
  const row = new Float64Array(width);
  const random = randomOf(augmentation.draw, 'noise');
  for (let z = 0, to = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      blendRows(stored, [height, width], alongZ[z], alongY[y], row);
      for (let x = 0; x < width; x++, to++) {
        const { low, high, share } = alongX[x];
        // Outside, a place weighs nothing in what lies inside and all in air.
        const a = low < 0 ? -1 : row[low];
        const b = high < 0 ? -1 : row[high];
        let value = (a + (b - a) * share) * contrast + offset;
        if (noise > 0) {
          value += noise * random.normal();
        }
        target[to] = value > 1 ? 1 : value > -1 ? value : -1;
      }
    }
  }
}

/** The two inputs that an output lies between, -1 outside, and the share of the second. */
interface Sample {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/** Where each place of an axis comes from. */
function samples(length: number, shift: number, scale: number, isFlipped: boolean): Sample[] {
  const middle = (length - 1) / 2;
  const inside = (index: number): number => (index >= 0 && index < length ? index : -1);
  return Array.from({ length }, (_, out) => {
    const from = middle + (out - shift - middle) / scale;
    const place = isFlipped ? length - 1 - from : from;
    const low = Math.floor(place);
    const share = place - low;
    return { low: inside(low), high: share > 0 ? inside(low + 1) : inside(low), share };
  });
}

/** The row between two planes and two of their rows each, as values. */
function blendRows(
  stored: Int16Array,
  [height, width]: readonly [number, number],
  z: Sample,
  y: Sample,
  row: Float64Array,
): void {
  row.fill(0);
  for (const [plane, inPlane] of [
    [z.low, 1 - z.share],
    [z.high, z.share],
  ]) {
    for (const [line, inLine] of [
      [y.low, 1 - y.share],
      [y.high, y.share],
    ]) {
      const weight = inPlane * inLine;
      if (weight > 0) {
        addRow(stored, plane < 0 || line < 0 ? -1 : (plane * height + line) * width, weight, row);
      }
    }
  }
}

/** Adds a weighted row of stored values, or of air (-1) where it lies outside (`start` is -1). */
function addRow(stored: Int16Array, start: number, weight: number, row: Float64Array): void {
  const unit = weight / unitSteps;
  for (let x = 0; x < row.length; x++) {
    row[x] += start < 0 ? -weight : stored[start + x] * unit;
  }
}
