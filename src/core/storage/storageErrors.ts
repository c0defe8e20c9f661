import { messageOf, UserError } from '../errors';

interface StorageFailure {
  readonly systemCodes: readonly string[];
  readonly code: string;
  readonly message: (path: string) => string;
  readonly remedy: string;
}

const failures: readonly StorageFailure[] = [
  {
    systemCodes: ['ENOSPC', 'EDQUOT'],
    code: 'disk-full',
    message: (path) => `The disk of ${path} is full`,
    remedy:
      'Free some space (old runs and the .ct-mcqa/cache folder can be deleted), then go on; a training does with --resume.',
  },
  {
    systemCodes: ['EACCES', 'EPERM', 'EROFS'],
    code: 'not-writable',
    message: (path) => `${path} cannot be written to`,
    remedy: 'Choose a folder you may write to.',
  },
  {
    systemCodes: ['ENOTDIR', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ENOENT'],
    code: 'no-such-place',
    message: (path) => `${path} cannot be written here`,
    remedy: 'Choose another place: not below a file, not the name of something else, not too long.',
  },
];

/** True where the place refuses to be written to; its disk may have room. */
export function isWriteDenied(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'not-writable' || failureOf(code)?.code === 'not-writable';
}

/** A failed write in the user's words; anything else comes back as it is. */
export function explainStorageError(error: unknown, path: string): unknown {
  const failure = failureOf(errorCode(error));
  return failure === undefined
    ? error
    : new UserError(
        failure.code,
        `${failure.message(path)}: ${messageOf(error)}.`,
        failure.remedy,
        error,
      );
}

function failureOf(systemCode: string): StorageFailure | undefined {
  return failures.find(({ systemCodes }) => systemCodes.includes(systemCode));
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
