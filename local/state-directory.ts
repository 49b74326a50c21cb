import { constants } from 'node:fs';
import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FileError, fileReason, readingReason } from './state/file-error.ts';

export const STATE_DIRECTORY_DEFAULT = '.mpcomm';

/** Where one laboratory keeps what outlives its processes. */
export interface StateDirectory {
  readonly path: string;
  /** The embedded backend's SQLite file: commands, runs, reports and comparisons. */
  readonly stateFile: string;
  /** The laboratory's master secret (state/secret.ts). */
  readonly secretFile: string;
  /** Says which laboratory is up; absent when none is. */
  readonly laboratoryFile: string;
  /** Comparisons of followed runs as JSON: emulators forget theirs when they end. */
  readonly comparisonFile: (runId: string) => string;
  /** The space-time diagram that the demonstration draws of its first run. */
  readonly pictureFile: (runId: string) => string;
  /** What one process of the laboratory printed since the laboratory's start. */
  readonly logFile: (process: string) => string;
}

/**
 * Names the files; creates nothing, so that a command that only reads leaves no directory behind.
 * Throws where `directory` is the empty text, as an unset variable of a script would give it.
 */
export function stateDirectoryAt(directory: string): StateDirectory {
  if (directory === '') throw new Error('the state directory is named by an empty text');
  const path = resolve(directory);
  return {
    path,
    stateFile: join(path, 'state.sqlite'),
    secretFile: join(path, 'secret'),
    laboratoryFile: join(path, 'laboratory.json'),
    comparisonFile: (runId) => join(path, 'comparisons', `${runId}.json`),
    pictureFile: (runId) => join(path, 'comparisons', `${runId}.svg`),
    logFile: (process) => join(path, 'logs', `${process}.log`),
  };
}

/**
 * Creates the directory and its folders for this user alone. Throws an error that names the place
 * where that failed, and why.
 */
export async function createStateDirectory(directory: StateDirectory): Promise<void> {
  for (const folder of ['logs', 'comparisons']) {
    await createFolders(directory.path, join(directory.path, folder));
  }
}

// Creates folders one by one: the recursive mkdir of Node never returns in a file system that can hold
// none.
async function createFolders(state: string, folder: string): Promise<void> {
  for (const path of await missingFolders(state, folder)) {
    await attempt(state, path, () => createFolder(path));
  }
  await attempt(state, folder, () => access(folder, constants.W_OK | constants.X_OK));
}

// Another process may have been quicker.
async function createFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The folders that are missing of `folder` and those around it, from the outermost. */
async function missingFolders(state: string, folder: string): Promise<string[]> {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    const found = await attempt(state, path, () => statIfPresent(path));
    if (found?.isDirectory() === true) return missing.reverse();
    if (found !== null) throw unusable(state, `${path} is no directory`);
    missing.push(path);
  }
}

async function statIfPresent(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Does `work` on `path`, a part of the state directory `state`; what goes wrong becomes an error that
 * names both, the reason, and how another directory is chosen.
 */
export async function attempt<Result>(
  state: string,
  path: string,
  work: () => Promise<Result>,
  reasonOf = fileReason,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const place = path === state ? '' : `${path}: `;
    throw unusable(state, place + reasonOf(error), error);
  }
}

/** The same of work that only reads `path`. */
export function attemptToRead<Result>(
  state: string,
  path: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return attempt(state, path, work, readingReason);
}

function unusable(state: string, reason: string, cause?: unknown): Error {
  const cure = 'name another folder with --state';
  return new Error(`${state} cannot be the state directory: ${reason}; ${cure}`, { cause });
}

/**
 * Replaces `file` in one step: a reader finds the old text or the new, never a part. Throws `FileError`,
 * and then leaves the old text as it was.
 */
export async function writeWhole(file: string, text: string, mode = 0o600): Promise<void> {
  const draft = `${file}.${process.pid}.draft`;
  try {
    await writeFile(draft, text, { mode });
    await rename(draft, file);
  } catch (error) {
    // A part of a file on a full disk helps nobody.
    await rm(draft, { force: true }).catch(() => undefined);
    throw new FileError(file, error);
  }
}

/** The text of `file`, or `null` when there is no such file. */
export async function readIfPresent(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

/** Whether an error of the file system says that there is no such file, nor can be one there. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}
