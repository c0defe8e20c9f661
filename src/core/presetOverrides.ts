/*
 * Single values of a preset that a run replaces, by path: `training.clipNorm` → 1. They come from
 * the command line or a setting and are kept in run.json.
 */

/** JSON values by path; null takes out what stands there. */
export type PresetOverrides = Readonly<Record<string, unknown>>;

/** A copy of JSON `root` with the values at their paths; objects on the way are made where absent. */
export function withOverrides(root: unknown, overrides: PresetOverrides): unknown {
  return Object.entries(overrides).reduce(
    (changed, [path, value]) => withValue(changed, path.split('.'), value),
    root,
  );
}

function withValue(root: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const object: Record<string, unknown> =
    typeof root === 'object' && root !== null && !Array.isArray(root) ? { ...root } : {};
  const next = rest.length === 0 ? value : withValue(object[key], rest, value);
  if (next === null) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  }
  return { ...object, [key]: next };
}
