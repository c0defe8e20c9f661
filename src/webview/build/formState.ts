import type { BuildForm, FieldName, FormBeginning } from '../../protocol/build';

/** What is remembered of the form while its page is away. */
interface Kept {
  readonly form: BuildForm;
  readonly proposed: BuildForm;
}

/** What the form holds: what the user filled in, and what the host proposed for the reports table. */
export class FormState {
  private current: BuildForm = {};
  /** It goes with the reports table, unless the user changed it. */
  private proposed: BuildForm = {};
  private readonly isRestored: boolean;
  private isReadingAllowed = false;

  /** @param kept what an earlier page remembered, if any */
  constructor(kept: unknown) {
    this.isRestored = isKept(kept);
    if (isKept(kept)) {
      this.current = kept.form;
      this.proposed = kept.proposed;
    }
  }

  get form(): BuildForm {
    return this.current;
  }

  get kept(): Kept {
    return { form: this.current, proposed: this.proposed };
  }

  /** Whether the files that the form names may be read for a preview. */
  get mayRead(): boolean {
    return this.isReadingAllowed;
  }

  /** The user asks for it, also where the workspace is not trusted. */
  allowReading(): void {
    this.isReadingAllowed = true;
  }

  /** The user changed some fields. */
  change(changes: BuildForm): void {
    this.allowReading();
    this.current = { ...this.current, ...changes };
  }

  /** The host proposes a form to begin with; one that was filled in before stays. */
  begin({ form, isTrusted }: FormBeginning): void {
    this.isReadingAllowed = isTrusted;
    if (!this.isRestored) {
      this.current = this.proposed = form;
    }
  }

  /**
   * The host proposes what seems to belong to a reports table: it is filled in where the user filled
   * in nothing. False where the form names another table by now.
   */
  propose(reports: string, next: BuildForm): boolean {
    if (this.current.reports !== reports) {
      return false;
    }
    const names = Object.keys(this.current) as FieldName[];
    const own = names.filter((name) => this.current[name] !== undefined && !this.isProposed(name));
    this.current = {
      ...next,
      ...Object.fromEntries(own.map((name) => [name, this.current[name]])),
      reports,
    };
    this.proposed = next;
    return true;
  }

  private isProposed(name: FieldName): boolean {
    return JSON.stringify(this.current[name]) === JSON.stringify(this.proposed[name]);
  }
}

function isKept(kept: unknown): kept is Kept {
  return typeof kept === 'object' && kept !== null && 'form' in kept && 'proposed' in kept;
}
