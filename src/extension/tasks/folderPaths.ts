import * as nodePath from 'node:path';

/** Parts of `node:path`; those of another platform in tests. */
type PathRules = Pick<typeof nodePath, 'isAbsolute' | 'join' | 'relative' | 'sep'>;

/**
 * Paths as people write them who work in a folder: relative to it where they are inside, else
 * absolute. Both ways mean this one folder, also in a workspace of several: what is written is read back.
 */
export class FolderPaths {
  constructor(
    private readonly folder: string | undefined,
    private readonly rules: PathRules = nodePath,
  ) {}

  shown(path: string): string {
    const { folder, rules } = this;
    if (folder === undefined || !rules.isAbsolute(path)) {
      return path;
    }
    const inside = rules.relative(folder, path);
    const isOutside =
      inside === '..' || inside.startsWith(`..${rules.sep}`) || rules.isAbsolute(inside);
    return isOutside ? path : inside.replaceAll(rules.sep, '/') || '.';
  }

  absolute(path: string): string {
    const { folder, rules } = this;
    return rules.isAbsolute(path) || folder === undefined ? path : rules.join(folder, path);
  }
}
