import { realpath, stat, writeFile } from 'node:fs/promises';
import { fileReason } from '../../local/state/file-error.ts';
import { writeWhole } from '../../local/state-directory.ts';
import { Failure } from './failure.ts';

/** A file of the user's own, as any program makes one; the umask takes from it. */
const MODE_DEFAULT = 0o666;

/**
 * Writes `text` to the file that somebody named, perhaps as the value of `option`. A file that was there is replaced in
 * one step, so that no half-written picture takes the place of a good one. Throws `Failure`.
 */
export async function writeNamedFile(path: string, text: string, option = ''): Promise<void> {
  try {
    const there = await whatIsThere(path);
    // A device or a pipe, such as /dev/stdout, is written into: a file in its place is not what was asked for.
    if (there !== null && !there.isFile) await writeFile(path, text);
    else await writeWhole(there?.path ?? path, text, there?.mode ?? MODE_DEFAULT);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const named = option === '' ? path : `${option} ${path}`;
    throw new Failure(`${named} cannot be written: ${fileReason(cause)}`);
  }
}

/** The file itself, where `path` is a link to it: the link stays, and so does who may read the file. */
async function whatIsThere(path: string) {
  try {
    const found = await stat(path);
    return { path: await realpath(path), isFile: found.isFile(), mode: found.mode & 0o777 };
  } catch {
    // Whatever is wrong with the path, the writing says it.
    return null;
  }
}
