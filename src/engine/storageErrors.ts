import { messageOf, UserError } from '../core/errors';

const fullCodes = new Set(['ENOSPC', 'EDQUOT']);
const deniedCodes = new Set(['EACCES', 'EPERM', 'EROFS']);

/** True where the place refuses to be written to; its disk may have room. */
export function isWriteDenied(error: unknown): boolean {
  return deniedCodes.has(errorCode(error));
}

/** A failed write in the user's words; anything else comes back as it is. */
export function explainStorageError(error: unknown, folder: string): unknown {
  const code = errorCode(error);
  if (fullCodes.has(code)) {
    return new UserError(
      'disk-full',
      `The disk of ${folder} is full: ${messageOf(error)}.`,
      'Free some space (old runs and the .ct-mcqa/cache folder can be deleted), then go on with --resume.',
      error,
    );
  }
  if (deniedCodes.has(code)) {
    return new UserError(
      'not-writable',
      `${folder} cannot be written to: ${messageOf(error)}.`,
      'Choose a folder you may write to.',
      error,
    );
  }
  return error;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
