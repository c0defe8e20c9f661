import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { DatasetSideFile } from './record';
import { ctRateLayout, parseVolumeName } from './volumeName';

/** Only these are ever looked for, so that a question file cannot make anybody open anything else. */
const imageFile = /\.(nii|nii\.gz|png|jpe?g)$/i;
const driveOrRoot = /^([a-z]:)?\/+/i;
/** A network share: opening one would hand the user's credentials to whoever wrote the file. */
const networkShare = /^(\\\\|\/\/)/;

/**
 * Everywhere the image of a question may be, best place first:
 * 1. the path itself: absolute, or relative to the question file's folder;
 * 2. below each image root: the whole path, then ever shorter tails of it, so that
 *    `D:\ct\train\train_3\…` is found on any machine, then CT-RATE's own layout.
 * What leads out of an image root, to a network share, or to no image is not looked for.
 */
export function imageCandidates(
  imagePath: string,
  datasetPath: string,
  sideFile?: DatasetSideFile,
  moreRoots: readonly string[] = [],
): string[] {
  const folder = dirname(resolve(datasetPath));
  if (!imageFile.test(imagePath) || imagePath.includes('\0')) {
    return [];
  }
  const slashed = imagePath.replaceAll('\\', '/');
  const candidates = new Set<string>();
  if (!networkShare.test(imagePath) && !isForeign(slashed)) {
    candidates.add(resolve(folder, slashed));
  }
  const tails = tailsOf(slashed);
  if (parseVolumeName(slashed) !== undefined) {
    const layout = ctRateLayout(slashed);
    const extension = imageFile.exec(slashed)?.[0] ?? '';
    // CT-RATE's root is `dataset`; people also name the folder of one split as the root.
    tails.push(...tailsOf(layout.replace(imageFile, extension)), `dataset/${layout}`);
  }
  const roots = [...(sideFile?.image_roots ?? []), ...moreRoots].map((root) =>
    resolve(folder, root.replaceAll('\\', '/')),
  );
  for (const root of [...roots, folder]) {
    for (const tail of tails) {
      candidates.add(join(root, tail));
    }
  }
  return [...candidates];
}

/** An absolute path of another operating system. */
function isForeign(slashed: string): boolean {
  return driveOrRoot.test(slashed) && !isAbsolute(slashed);
}

/** `a/b/c.nii.gz`, `b/c.nii.gz`, `c.nii.gz`; nothing before a `..`, so that no tail climbs out of a root. */
function tailsOf(slashed: string): string[] {
  const segments = slashed
    .replace(driveOrRoot, '')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  const lastClimb = segments.lastIndexOf('..');
  const safe = segments.slice(lastClimb + 1);
  return safe.map((_, index) => safe.slice(index).join('/'));
}

/**
 * Which files exist. Folders are asked first, once each: a tree that is absent altogether (the image
 * root of another machine) then costs one question, not one a volume.
 */
export class FileExistence {
  private readonly folders = new Map<string, boolean | Promise<boolean>>();

  /** Answers at once, without a promise, where the folder is known to be absent. */
  has(path: string): false | Promise<boolean> {
    const folder = this.hasFolder(dirname(path));
    if (typeof folder === 'boolean') {
      return folder && isKind(path, 'file');
    }
    return folder.then((exists) => exists && isKind(path, 'file'));
  }

  private hasFolder(path: string): boolean | Promise<boolean> {
    let answer = this.folders.get(path);
    if (answer === undefined) {
      answer = this.askForFolder(path);
      this.folders.set(path, answer);
    }
    return answer;
  }

  private askForFolder(path: string): boolean | Promise<boolean> {
    const parent = dirname(path);
    const aboveIt = parent === path || this.hasFolder(parent);
    if (aboveIt === false) {
      return false;
    }
    const asked = Promise.resolve(aboveIt).then((exists) => exists && isKind(path, 'folder'));
    return asked.then((exists) => {
      this.folders.set(path, exists);
      return exists;
    });
  }
}

async function isKind(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  try {
    const stats = await stat(path);
    return kind === 'file' ? stats.isFile() : stats.isDirectory();
  } catch {
    return false;
  }
}

/** Finds the images of one question file. */
export class ImageResolver {
  private readonly found = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly datasetPath: string,
    private readonly sideFile: DatasetSideFile | undefined,
    private readonly moreRoots: readonly string[] = [],
    private readonly existence = new FileExistence(),
  ) {}

  /** The absolute path of the image, or undefined where no candidate exists. */
  resolve(imagePath: string): Promise<string | undefined> {
    let answer = this.found.get(imagePath);
    if (answer === undefined) {
      answer = this.firstExisting(imagePath);
      this.found.set(imagePath, answer);
    }
    return answer;
  }

  /** Where the image is looked for first: what to show when it is nowhere. */
  expected(imagePath: string): string {
    const candidates = imageCandidates(imagePath, this.datasetPath, this.sideFile, this.moreRoots);
    return candidates.at(0) ?? imagePath;
  }

  private async firstExisting(imagePath: string): Promise<string | undefined> {
    const candidates = imageCandidates(imagePath, this.datasetPath, this.sideFile, this.moreRoots);
    for (const candidate of candidates) {
      const exists = this.existence.has(candidate);
      if (exists !== false && (await exists)) {
        return candidate;
      }
    }
    return undefined;
  }
}

/** The absolute path of a question's image, or undefined where it is nowhere (see {@link imageCandidates}). */
export function resolveImagePath(
  imagePath: string,
  datasetPath: string,
  sideFile?: DatasetSideFile,
  moreRoots: readonly string[] = [],
): Promise<string | undefined> {
  return new ImageResolver(datasetPath, sideFile, moreRoots).resolve(imagePath);
}
