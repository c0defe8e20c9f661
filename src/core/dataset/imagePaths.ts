import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { isFile, isFolder } from '../storage/presence';
import { FolderListings } from './folderListings';
import type { DatasetSideFile } from './record';
import { ctRateLayout, parseVolumeName } from './volumeName';
import { slashed } from './writtenPaths';

/** Only these are ever looked for, so that a question file cannot make anybody open anything else. */
const imageFile = /\.(nii|nii\.gz|png|jpe?g)$/i;
const driveOrRoot = /^([a-z]:)?\/+/i;
/** A network share: opening one would hand the user's credentials to whoever wrote the file. */
export function isNetworkShare(path: string): boolean {
  return /^[\\/]{2}/.test(path);
}

/** Where the image of a question is looked for. */
interface Search {
  /** The path as it stands, absolute; undefined where it must not or cannot be asked for. */
  readonly asItStands: string | undefined;
  /** Steps to take below each image root, best first. */
  readonly below: readonly (readonly string[])[];
}

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
  const { asItStands, below } = searchFor(imagePath, dirname(resolve(datasetPath)));
  const candidates = new Set(asItStands === undefined ? [] : [asItStands]);
  for (const root of imageRootsOf(datasetPath, sideFile, moreRoots)) {
    for (const steps of below) {
      candidates.add(join(root, ...steps));
    }
  }
  return [...candidates];
}

/** The folders that images are looked for below, absolute, best first; the question file's own is last. */
export function imageRootsOf(
  datasetPath: string,
  sideFile?: DatasetSideFile,
  moreRoots: readonly string[] = [],
): string[] {
  const folder = dirname(resolve(datasetPath));
  const named = [...(sideFile?.image_roots ?? []), ...moreRoots];
  return [...named.map((root) => resolve(folder, slashed(root))), folder];
}

/** @param folder of the question file. */
function searchFor(imagePath: string, folder: string): Search {
  if (!imageFile.test(imagePath) || imagePath.includes('\0')) {
    return { asItStands: undefined, below: [] };
  }
  const path = slashed(imagePath);
  const below = tailsOf(path);
  if (parseVolumeName(path) !== undefined) {
    const layout = ctRateLayout(path);
    const extension = imageFile.exec(path)?.[0] ?? '';
    // CT-RATE's root is `dataset`; people also name the folder of one split as the root.
    below.push(...tailsOf(layout.replace(imageFile, extension)), ['dataset', ...layout.split('/')]);
  }
  const mayBeAsked = !isNetworkShare(imagePath) && !isForeign(path);
  return { asItStands: mayBeAsked ? resolve(folder, path) : undefined, below };
}

/** An absolute path of another operating system. */
function isForeign(slashed: string): boolean {
  return driveOrRoot.test(slashed) && !isAbsolute(slashed);
}

/** `a/b/c.nii.gz`, `b/c.nii.gz`, `c.nii.gz`; nothing before a `..`, so that no tail climbs out of a root. */
function tailsOf(slashed: string): string[][] {
  const segments = slashed
    .replace(driveOrRoot, '')
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  const lastClimb = segments.lastIndexOf('..');
  const safe = segments.slice(lastClimb + 1);
  return safe.map((_, index) => safe.slice(index));
}

/** More folders than this are forgotten at once. */
const mostFolders = 50_000;

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
      return folder && isFile(path);
    }
    return folder.then((exists) => exists && isFile(path));
  }

  private hasFolder(path: string): boolean | Promise<boolean> {
    const known = this.folders.get(path);
    if (known !== undefined) {
      return known;
    }
    const answer = this.askForFolder(path);
    // What is below an absent folder is as quickly worked out again as remembered.
    if (answer !== false) {
      if (this.folders.size >= mostFolders) {
        this.folders.clear();
      }
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
    const asked = Promise.resolve(aboveIt).then((exists) => exists && isFolder(path));
    return asked.then((exists) => {
      this.folders.set(path, exists);
      return exists;
    });
  }
}

/** More images than this are forgotten at once and looked for again. */
const mostRemembered = 50_000;

/** Finds the images of one question file, as they are on disk when they are first asked for. */
export class ImageResolver {
  private readonly found = new Map<string, string | undefined>();
  private readonly listings = new FolderListings();
  private readonly existence = new FileExistence();
  private readonly folder: string;
  private readonly roots: readonly string[];

  constructor(
    datasetPath: string,
    sideFile: DatasetSideFile | undefined,
    moreRoots: readonly string[] = [],
  ) {
    this.folder = dirname(resolve(datasetPath));
    this.roots = imageRootsOf(datasetPath, sideFile, moreRoots);
  }

  /**
   * The absolute path of the image, or undefined where no candidate exists; a promise only where the
   * disk must be asked.
   */
  resolve(imagePath: string): string | undefined | Promise<string | undefined> {
    if (this.found.has(imagePath)) {
      return this.found.get(imagePath);
    }
    const remember = (path: string | undefined): string | undefined => {
      if (this.found.size >= mostRemembered) {
        this.found.clear();
      }
      this.found.set(imagePath, path);
      return path;
    };
    const answer = firstFound(this.answers(imagePath));
    return answer instanceof Promise ? answer.then(remember) : remember(answer);
  }

  /** Where the image is looked for first: what to show when it is nowhere. */
  expected(imagePath: string): string {
    const { asItStands, below } = searchFor(imagePath, this.folder);
    return asItStands ?? (below.length > 0 ? join(this.roots[0], ...below[0]) : imagePath);
  }

  /** Each of the {@link imageCandidates} that exists, best first, worked out when it is asked for. */
  private *answers(imagePath: string): Generator<Answer, undefined> {
    const { asItStands, below } = searchFor(imagePath, this.folder);
    if (asItStands !== undefined) {
      yield this.answerAsItStands(asItStands);
    }
    for (const root of this.roots) {
      for (const steps of below) {
        yield this.listings.find(root, steps);
      }
    }
    return undefined;
  }

  private answerAsItStands(path: string): Answer {
    if (path.startsWith(this.folder + sep)) {
      return this.listings.find(this.folder, path.slice(this.folder.length + 1).split(sep));
    }
    const exists = this.existence.has(path);
    return exists === false ? undefined : exists.then((found) => (found ? path : undefined));
  }
}

/** A path, or nothing; a promise where the disk is asked. */
type Answer = string | undefined | Promise<string | undefined>;

function firstFound(answers: Iterator<Answer, undefined>): Answer {
  for (;;) {
    const { value: answer, done } = answers.next();
    if (answer instanceof Promise) {
      return answer.then((path) => path ?? firstFound(answers));
    }
    if (done === true || answer !== undefined) {
      return answer;
    }
  }
}

/**
 * The absolute path of one question's image, or undefined where it is nowhere (see
 * {@link imageCandidates}). Each candidate is asked for by itself: for a single image, listing
 * folders of many thousand files would take a thousand times as long ({@link ImageResolver} is for
 * whole question files).
 */
export async function resolveImagePath(
  imagePath: string,
  datasetPath: string,
  sideFile?: DatasetSideFile,
  moreRoots: readonly string[] = [],
): Promise<string | undefined> {
  for (const candidate of imageCandidates(imagePath, datasetPath, sideFile, moreRoots)) {
    if (await isFile(candidate)) {
      return candidate;
    }
  }
  return undefined;
}
