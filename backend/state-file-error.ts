/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
export const SqliteCode = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/**
 * What is wrong with the file. `damaged`: its contents may be lost; the others pass once somebody mends
 * them.
 */
export type StateFileTrouble = 'damaged' | 'full' | 'unwritable' | 'unreadable';

/** The file of the embedded backend cannot be used; the message is one sentence, with the cure. */
export class StateFileError extends Error {
  override name = 'StateFileError';
  readonly file: string;
  readonly trouble: StateFileTrouble;

  constructor(file: string, trouble: StateFileTrouble, reason: string, cause?: unknown) {
    super(`${file} ${reason}; ${CURES[trouble]}`, { cause });
    this.file = file;
    this.trouble = trouble;
  }
}

/** The primary code of an error that SQLite gave (extended ones have it in their low byte), or `null`. */
export function sqliteCodeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return Number(error.errcode) & 0xff;
}

/**
 * What SQLite, or the file system under it, said about `file`, as an error that names the file and the
 * cure; any other error as it is.
 */
export function explainStateFile(file: string, error: unknown): unknown {
  const said = error instanceof Error ? error.message : String(error);
  switch (sqliteCodeOf(error)) {
    case SqliteCode.corrupt:
      return new StateFileError(file, 'damaged', `is damaged (SQLite: ${said})`, error);
    case SqliteCode.notADatabase:
      return new StateFileError(
        file,
        'damaged',
        'is not an SQLite file, or its beginning is damaged',
        error,
      );
    case SqliteCode.full:
      return new StateFileError(file, 'full', 'cannot be written: the file system is full', error);
    case SqliteCode.readOnly:
      return new StateFileError(file, 'unwritable', 'cannot be written: it is read-only', error);
    case SqliteCode.ioError:
      return new StateFileError(file, 'unwritable', `cannot be used (SQLite: ${said})`, error);
    case SqliteCode.cannotOpen:
      return new StateFileError(file, 'unreadable', 'cannot be opened', error);
    default:
      return explainSystem(file, error);
  }
}

const SYSTEM: Readonly<Record<string, readonly [StateFileTrouble, string]>> = {
  EACCES: ['unreadable', 'cannot be opened: this user may not'],
  EPERM: ['unreadable', 'cannot be opened: this user may not'],
  EROFS: ['unwritable', 'cannot be written: the file system is read-only'],
  ENOSPC: ['full', 'cannot be written: the file system is full'],
  EDQUOT: ['full', 'cannot be written: this user’s share of the file system is full'],
  EISDIR: ['unreadable', 'is a directory'],
};

function explainSystem(file: string, error: unknown): unknown {
  const [trouble, reason] = SYSTEM[(error as NodeJS.ErrnoException | null)?.code ?? ''] ?? [];
  if (trouble === undefined || reason === undefined) return error;
  return new StateFileError(file, trouble, reason, error);
}

// The command line has its file in the state directory, whatever MPCOMM_STATE_FILE says.
const ELSEWHERE = 'name another folder with --state';

const CURES: Readonly<Record<StateFileTrouble, string>> = {
  damaged: `move it away with its -wal and -shm, and the next laboratory begins with an empty one; or ${ELSEWHERE}`,
  full: `make room, or ${ELSEWHERE}`,
  unwritable: ELSEWHERE,
  unreadable: ELSEWHERE,
};
