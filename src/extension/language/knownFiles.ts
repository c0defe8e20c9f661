import { FileExistence } from '../../core/dataset/imagePaths';

/**
 * Which files exist, answered at once from what is known: the linter is synchronous and must not
 * wait for a slow disk. What was asked in vain is looked up by {@link lookUp}.
 */
export class KnownFiles {
  private known = new Map<string, boolean>();
  /** What of it the check at hand asked about. */
  private answered = new Map<string, boolean>();
  private readonly asked = new Set<string>();
  private existence = new FileExistence();

  /** Whether the file exists; undefined while that is not known. */
  readonly has = (path: string): boolean | undefined => {
    const answer = this.known.get(path);
    if (answer === undefined) {
      this.asked.add(path);
    } else {
      this.answered.set(path, answer);
    }
    return answer;
  };

  /** After a check: lets go of what it did not ask about, such as each beginning of a typed path. */
  forgetUnasked(): void {
    this.known = this.answered;
    this.answered = new Map();
  }

  /** Looks up what was asked and not known; gives whether there was anything. */
  async lookUp(): Promise<boolean> {
    const paths = [...this.asked];
    this.asked.clear();
    const { existence } = this;
    for (let start = 0; start < paths.length; start += lookUpsAtOnce) {
      const batch = paths.slice(start, start + lookUpsAtOnce);
      const answers = await Promise.all(batch.map(async (path) => existence.has(path)));
      if (this.existence !== existence) {
        return true; // Forgotten meanwhile: these answers are old already.
      }
      batch.forEach((path, index) => this.known.set(path, answers[index]));
    }
    return paths.length > 0;
  }

  /** Files came or went: everything is asked again. */
  forget(): void {
    this.existence = new FileExistence();
    this.known.clear();
    this.answered.clear();
  }
}

/** Enough to keep a network disk busy without a hundred thousand open requests. */
const lookUpsAtOnce = 64;
