const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of that path is no directory',
  ENOENT: 'nothing can be created there',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
  ENOSPC: 'the file system is full',
  EDQUOT: 'this user’s share of the file system is full',
};

const READING_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ENOENT: 'there is no such file',
  ELOOP: 'its links lead in a circle',
};

/** What the file system objected to, in words; its own message where we have none. */
export function fileReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The same of a file that could not be read. */
export function readingReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  return READING_REASONS[code] ?? fileReason(error);
}

/**
 * The error that writing `path` failed. Node names no path where a write fails, only where an opening
 * does.
 */
export class FileError extends Error {
  override name = 'FileError';

  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written: ${fileReason(cause)}`, { cause });
  }
}

/** Does `work`, which writes `path`; what goes wrong becomes a `FileError` that names it. */
export async function writing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new FileError(path, error);
  }
}
