import { isAbsolute, relative, sep } from 'node:path';
import { slashed } from '../../writtenPaths';
import type { PlacedLine } from '../questionLine';
import type { FileRule, ImageHeader, LineRule, LintContext, ReportInFile } from '../rule';
import { onRecord } from './onRecord';

/** More missing images than this are one finding, not one each: the whole folder is elsewhere. */
export const mostMissingImages = 20;

/** Counts questions without an image; keeps only as many as are ever reported one by one. */
class MissingImages {
  readonly first: { readonly line: PlacedLine; readonly image: string }[] = [];
  count = 0;
  questions = 0;

  constructor(private readonly imageFile: LintContext['imageFile']) {}

  visit(line: PlacedLine): void {
    const image = line.record?.image_path;
    if (image === undefined) {
      return;
    }
    this.questions++;
    if (this.imageFile(image) === null) {
      this.count++;
      if (this.first.length < mostMissingImages) {
        this.first.push({ line, image });
      }
    }
  }
}

/** A rule that judges once all questions without an image are counted. */
function atTheEnd(
  judge: (missing: MissingImages, report: ReportInFile) => void,
): FileRule['start'] {
  return ({ imageFile }) => {
    const missing = new MissingImages(imageFile);
    return {
      visit: (line) => {
        missing.visit(line);
      },
      finish: (report) => {
        judge(missing, report);
      },
    };
  };
}

/** A rule about headers that were read; `judge` gives the values of the finding, if there is one. */
function onHeader(
  judge: (header: ImageHeader) => Readonly<Record<string, string | number>> | undefined,
): FileRule['start'] {
  return ({ imageHeaders }) => ({
    finish: (report) => {
      for (const header of imageHeaders()) {
        const values = judge(header);
        if (values !== undefined) {
          report(header.line, ['image_path'], { image: header.image, ...values });
        }
      }
    },
  });
}

function isInside(path: string, root: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** `D:\\…`, `D:/…`, or any backslash, which only Windows takes for a separator. */
const windowsPath = /^[a-z]:[\\/]|\\/i;

/** Fewest slices of a chest CT worth the name, and sides in mm that a body has. */
const fewestSlices = 8;
const smallestSide = 50;
const largestSide = 2500;
/** Types of masks and pictures; CT is stored in 16 bits or more, as it has a thousand grey values. */
const pictureTypes: ReadonlySet<string> = new Set(['uint8', 'int8', 'rgb24', 'rgba32', 'bool']);

/** What of a header no CT of a body has; undefined where nothing speaks against one. */
function unlikeCt({ shape, spacingMm, storedType }: ImageHeader): string | undefined {
  if (shape === undefined || spacingMm === undefined) {
    return undefined;
  }
  if (Math.min(...shape) < fewestSlices) {
    return `${shape.join(' x ')} voxels`;
  }
  if (storedType !== undefined && pictureTypes.has(storedType)) {
    return `voxels of type ${storedType}`;
  }
  const sides = shape.map((voxels, axis) => voxels * Math.abs(spacingMm[axis]));
  return sides.some((side) => side < smallestSide || side > largestSide)
    ? `${sides.map((side) => Math.round(side)).join(' x ')} mm`
    : undefined;
}

/** The image path by itself. */
export const imageLineRules: readonly LineRule[] = Object.freeze<LineRule[]>([
  {
    code: 'MCQ401',
    name: 'unknown-image-type',
    severity: 'warning',
    title: 'Image is of an unknown type',
    explain:
      'Volumes are NIfTI files (.nii, .nii.gz); slice models also take .png and .jpg. Other files are never opened.',
    template: '`image_path` should end in .nii.gz, .nii, .png or .jpg.',
    basic: true,
    checkLine: onRecord(({ image_path }, report) => {
      if (!/\.(nii|nii\.gz|png|jpe?g)$/i.test(image_path)) {
        report(['image_path']);
      }
    }),
  },
]);

/** The image files. */
export const imageFileRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'MCQ402',
    name: 'image-missing',
    severity: 'warning',
    title: 'Image file is not there',
    explain: 'The image was looked for as it stands, and below every image root.',
    template: 'The image {image} was not found.',
    remedy: 'Copy it there, or add the folder it is in to "image_roots" of the side file.',
    needs: 'images',
    start: atTheEnd(({ first, count }, report) => {
      if (count <= mostMissingImages) {
        for (const { line, image } of first) {
          report(line, ['image_path'], { image });
        }
      }
    }),
  },
  {
    code: 'MCQ403',
    name: 'images-missing',
    severity: 'warning',
    title: 'Many image files are not there',
    explain:
      'Most often the volumes are in another folder than the question file says, or not downloaded yet.',
    template: '{count} of {questions} questions have no image file; the first is {image}.',
    remedy: 'Add the folder of the volumes to "image_roots" of the side file.',
    needs: 'images',
    start: atTheEnd(({ first: [first], count, questions }, report) => {
      if (count > mostMissingImages) {
        report(first.line, ['image_path'], { count, questions, image: first.image });
      }
    }),
  },
  {
    code: 'MCQ404',
    name: 'image-outside-roots',
    severity: 'info',
    title: 'Image lies outside the image roots',
    explain:
      'The path leads out of the folder of the question file and of every image root: it works on this machine only, and not for whoever gets the folder.',
    template: 'The image {image} lies outside the folder of this file and all image roots.',
    remedy: 'Add its folder to "image_roots" of the side file and shorten the path.',
    needs: 'images',
    start: ({ imageFile, imageRoots }) => ({
      visit: ({ record }, report) => {
        const image = record?.image_path;
        const path = image === undefined ? undefined : imageFile(image);
        if (image !== undefined && path && !imageRoots.some((root) => isInside(path, root))) {
          report(['image_path'], { image });
        }
      },
    }),
  },
  {
    code: 'MCQ405',
    name: 'path-of-another-machine',
    severity: 'info',
    title: 'Path of another machine',
    explain:
      'The path begins with a drive or a root that is not here, or is written with backslashes; the image was found by the end of the path below an image root. The path from that root is the same on every machine.',
    template: 'The path is one of another machine; the image was found as {path}.',
    fix: 'Write {path}',
    needs: 'images',
    start: ({ imageFile, imageRoots }) => ({
      visit: ({ record }, report) => {
        const image = record?.image_path;
        if (image === undefined || !(isAbsolute(image) || windowsPath.test(image))) {
          return;
        }
        const file = imageFile(image);
        const root = file ? imageRoots.find((each) => isInside(file, each)) : undefined;
        if (!file || root === undefined || (file === image && isAbsolute(image))) {
          return;
        }
        const path = slashed(relative(root, file));
        report(['image_path'], { path }, { place: ['image_path'], text: JSON.stringify(path) });
      },
    }),
  },
  {
    code: 'MCQ406',
    name: 'image-unreadable',
    severity: 'warning',
    title: 'Image cannot be read',
    explain:
      'The beginning of the volume was read and is no sound NIfTI header: a download that stopped, or another format under this name. Headers of at most 500 volumes are read, drawn evenly over the file.',
    template: 'The image cannot be read: {problem}',
    needs: 'headers',
    notWhileTyping: true,
    start: onHeader(({ problem }) => (problem === undefined ? undefined : { problem })),
  },
  {
    code: 'MCQ407',
    name: 'image-not-ct',
    severity: 'warning',
    title: 'Image does not look like a CT volume',
    explain:
      'The header tells of too few slices, of a size that no body has, or of voxels of 8 bits, as masks and pictures have them. Voxels are not looked at.',
    template: 'The image {image} does not look like a CT volume: it has {found}.',
    needs: 'headers',
    notWhileTyping: true,
    start: onHeader((header) => {
      const found = unlikeCt(header);
      return found === undefined ? undefined : { found };
    }),
  },
  {
    code: 'MCQ408',
    name: 'image-4d',
    severity: 'warning',
    title: 'Image holds several volumes',
    explain: 'Of a 4-D file only the first volume is read.',
    template: 'The image {image} holds {frames} volumes; only the first is read.',
    needs: 'headers',
    notWhileTyping: true,
    start: onHeader(({ frames = 1 }) => (frames > 1 ? { frames } : undefined)),
  },
]);
