/** Lists that are too long to be offered whole, cut down to what is being typed. */

/**
 * Values that hold what was typed, in any case: those that begin with it first; each in their own
 * order, at most `most`.
 */
export function fitting(values: readonly string[], typed: string, most: number): string[] {
  const wanted = typed.toLowerCase();
  const beginning: string[] = [];
  const holding: string[] = [];
  for (const value of values) {
    const at = value.toLowerCase().indexOf(wanted);
    if (at >= 0) {
      (at === 0 ? beginning : holding).push(value);
    }
    if (beginning.length >= most) {
      break;
    }
  }
  return [...beginning, ...holding].slice(0, most);
}

/** More of what was typed than this narrows nothing any further. */
const longestTyped = 100;

const volumes = '.{nii,nii.gz}';

/**
 * Globs of the volumes whose path may hold what was typed of it: the last step may be the beginning
 * of a file's name or of a folder's. The first that finds anything will do.
 */
export function volumeGlobs(typed: string): readonly (readonly string[])[] {
  const steps = typed
    .slice(-longestTyped)
    .replaceAll('\\', '/')
    .split('/')
    .filter(
      (step, index, all) => !/^\.{1,2}$/.test(step) && (step !== '' || index === all.length - 1),
    );
  const last = nameOf(steps.at(-1) ?? '');
  const folders = steps.slice(0, -1).map(caseless);
  const narrow = [...folders, last].join('/');
  // What was typed may lead from an image root, or from the disk's root, to the folder that is searched.
  return [...new Set([narrow, last])].map((path) =>
    path === '' ? [`**/*${volumes}`] : [`**/*${path}*${volumes}`, `**/*${path}*/**/*${volumes}`],
  );
}

/** The beginning of a name without the ending that the glob asks for itself. */
function nameOf(step: string): string {
  return caseless(step.replace(/\.nii.*$/i, '').replace(/\.[^.]*$/, ''));
}

/** A glob for the text in any case; what globs know stands for itself. */
function caseless(text: string): string {
  return Array.from(text, (character) => {
    if (/[[\]{}*?!]/.test(character)) {
      return `[${character}]`;
    }
    const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
    return lower === upper || lower.length + upper.length > 2 ? character : `[${lower}${upper}]`;
  }).join('');
}
