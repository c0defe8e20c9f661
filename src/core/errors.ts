import { inWords, type Sentence } from './sentence';

/** What a user is told: in English, and where values stand in it, as a sentence that can be translated. */
type Told = string | Sentence;

/**
 * The one error meant for a user: what happened, why, and what to do about it.
 * Every other error that escapes is a bug and keeps its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What the user can do, one sentence. */
  readonly remedy: string;
  /** A stable word for tests and callers, such as `volume-truncated`. */
  readonly code: string;
  /** Message and remedy as they can be translated. */
  readonly told: { readonly message: Sentence; readonly remedy: Sentence };

  constructor(code: string, message: Told, remedy: Told, cause?: unknown) {
    const told = { message: sentenceOf(message), remedy: sentenceOf(remedy) };
    super(inWords(told.message), cause === undefined ? undefined : { cause });
    this.code = code;
    this.remedy = inWords(told.remedy);
    this.told = told;
  }
}

function sentenceOf(told: Told): Sentence {
  // A text without places; braces in it are its own.
  return typeof told === 'string' ? { template: told, values: [] } : told;
}

/** Thrown when an AbortSignal ended the work; never shown as a failure. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor() {
    super('Cancelled.');
  }
}

/** Throws CancelledError once `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new CancelledError();
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
