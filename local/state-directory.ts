import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const STATE_DIRECTORY_DEFAULT = '.mpcomm';

/** Where one laboratory keeps what outlives its processes. */
export interface StateDirectory {
  readonly path: string;
  /** The embedded backend's SQLite file: commands, runs, reports and comparisons. */
  readonly stateFile: string;
  /** Says which laboratory is up; absent when none is. */
  readonly laboratoryFile: string;
  /** Comparisons of followed runs as JSON: emulators forget theirs when they end. */
  readonly comparisonFile: (runId: string) => string;
  /** What one process of the laboratory printed since the laboratory's start. */
  readonly logFile: (process: string) => string;
}

/** Names the files; creates nothing, so that a command that only reads leaves no directory behind. */
export function stateDirectoryAt(directory: string): StateDirectory {
  const path = resolve(directory);
  return {
    path,
    stateFile: join(path, 'state.sqlite'),
    laboratoryFile: join(path, 'laboratory.json'),
    comparisonFile: (runId) => join(path, 'comparisons', `${runId}.json`),
    logFile: (process) => join(path, 'logs', `${process}.log`),
  };
}

/** Creates the directory and its folders for this user alone. */
export async function createStateDirectory(directory: StateDirectory): Promise<void> {
  for (const folder of ['logs', 'comparisons']) {
    await mkdir(join(directory.path, folder), { recursive: true, mode: 0o700 });
  }
}

/**
 * The laboratory's master secret, 64 hexadecimal characters: drawn once, then read from a file that
 * only this user can read. Two laboratories that start at once agree, because only one creates it.
 * Throws when the file holds anything else.
 */
export async function readOrCreateSecret(directory: StateDirectory): Promise<string> {
  const file = join(directory.path, 'secret');
  const drawn = randomBytes(32).toString('hex');
  // Written whole before it gets its name: nobody reads half a secret.
  const draft = `${file}.${process.pid}.${drawn.slice(0, 8)}`;
  if ((await readIfPresent(file)) === null) {
    await writeFile(draft, drawn, { mode: 0o600 });
    await linkIfAbsent(draft, file);
  }
  const secret = (await readFile(file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new Error(
      `${file} does not hold the 64 hexadecimal characters of a secret; delete it to draw a new one`,
    );
  }
  return secret;
}

/** Replaces `file` in one step: a reader finds the old text or the new, never a part. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.draft`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

/** The text of `file`, or `null` when there is no such file. */
export async function readIfPresent(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function linkIfAbsent(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
