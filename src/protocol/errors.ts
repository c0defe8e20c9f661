import { CancelledError, messageOf, UserError } from '../core/errors';

/** An error as it crosses a process or webview border. */
export type SerialisedError =
  | {
      readonly kind: 'user';
      readonly code: string;
      readonly message: string;
      readonly remedy: string;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'bug'; readonly message: string; readonly stack?: string };

export function serialiseError(thrown: unknown): SerialisedError {
  if (thrown instanceof UserError) {
    const cause = thrown.cause === undefined ? '' : ` (${messageOf(thrown.cause)})`;
    return {
      kind: 'user',
      code: thrown.code,
      message: thrown.message + cause,
      remedy: thrown.remedy,
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
      return new UserError(error.code, error.message, error.remedy);
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
