import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { attempt, readIfPresent, type StateDirectory } from '../state-directory.ts';
import { exposedFile } from './permissions.ts';

/**
 * The laboratory's master secret, 64 hexadecimal characters: drawn once, then read from a file that
 * only this user can read. Two laboratories that start at once agree, because only one creates it. One
 * that others could read is replaced, and `onNote` hears of it: it may be known. Throws when the file
 * holds anything else.
 */
export async function readOrCreateSecret(
  directory: StateDirectory,
  onNote: (note: string) => void = () => undefined,
): Promise<string> {
  const { path, secretFile: file } = directory;
  const secret = await attempt(path, file, async () => {
    const found = await readIfPresent(file);
    if (found === null) await drawSecret(file, linkIfAbsent);
    else if (isSecret(found)) await replaceExposed(file, onNote);
    return readFile(file, 'utf8');
  });
  if (isSecret(secret)) return secret.trim();
  throw new Error(
    `${file} does not hold the 64 hexadecimal characters of a secret; delete it to draw a new one`,
  );
}

function isSecret(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text.trim());
}

async function replaceExposed(file: string, onNote: (note: string) => void): Promise<void> {
  const exposed = process.getuid === undefined ? null : exposedFile(file, await stat(file));
  if (exposed === null) return;
  await drawSecret(file, rename);
  onNote(`${file}: ${exposed.problem}; a new secret was drawn, because the old one may be known`);
}

/** Draws a secret and writes it whole before it gets its name: nobody reads half a secret. */
async function drawSecret(
  file: string,
  giveName: (draft: string, file: string) => Promise<void>,
): Promise<void> {
  const drawn = randomBytes(32).toString('hex');
  const draft = `${file}.${process.pid}.${drawn.slice(0, 8)}`;
  try {
    await writeFile(draft, drawn, { mode: 0o600 });
    await giveName(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function linkIfAbsent(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
