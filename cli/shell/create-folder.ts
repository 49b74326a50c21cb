import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsence } from '../../local/state-directory.ts';

/**
 * Creates a folder one level at a time: the recursive mkdir never returns in a file system that can
 * hold none.
 */
export async function createFolder(path: string): Promise<void> {
  if (await exists(path)) return;
  if (dirname(path) !== path) await createFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}
