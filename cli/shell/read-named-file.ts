import { readFile } from 'node:fs/promises';
import { readingReason } from '../../local/state/file-error.ts';
import { Failure } from './failure.ts';

/** The text of a file that somebody named. Throws `Failure`, which says in words why it cannot be read. */
export async function readNamedFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${readingReason(error)}`, { cause: error });
  }
}
