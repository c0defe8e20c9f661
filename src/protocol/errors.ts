import { CancelledError, messageOf, UserError } from '../core/errors';
import type { Sentence } from '../core/sentence';

/** An error as it crosses a process or webview border. */
export type SerialisedError =
  | {
      readonly kind: 'user';
      readonly code: string;
      readonly message: Sentence;
      readonly remedy: Sentence;
      /** For the log; what a person must know of it stands in `message`. */
      readonly cause?: string;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'bug'; readonly message: string; readonly stack?: string };

export function serialiseError(thrown: unknown): SerialisedError {
  if (thrown instanceof UserError) {
    const { code, told, cause } = thrown;
    return {
      kind: 'user',
      code,
      ...told,
      ...(cause !== undefined && { cause: messageOf(cause) }),
    };
  }
  if (thrown instanceof CancelledError) {
    return { kind: 'cancelled' };
  }
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { kind: 'bug', message: messageOf(thrown), ...(stack === undefined ? {} : { stack }) };
}

/** The error that {@link serialiseError} was given, as this side throws it. */
export function reviveError(error: SerialisedError): Error {
  switch (error.kind) {
    case 'user':
      return new UserError(error.code, error.message, error.remedy, error.cause);
    case 'cancelled':
      return new CancelledError();
    case 'bug': {
      const bug = new Error(error.message);
      if (error.stack !== undefined) {
        bug.stack = error.stack;
      }
      return bug;
    }
  }
}
