import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Real volumes, reports and reference numbers that stand beside some checkouts, never inside. */
const sharedFolder = join(__dirname, '..', '..', 'shared');

export function sharedPath(...parts: readonly string[]): string {
  return join(sharedFolder, ...parts);
}

/** Skips the test or suite (counted as skipped) where the shared material is absent. */
export function needShared(context: Mocha.Context, ...parts: readonly string[]): string {
  const path = sharedPath(...parts);
  if (!existsSync(path)) {
    context.skip();
  }
  return path;
}
