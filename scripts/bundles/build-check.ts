import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFiles, type BuiltFile } from './built-file.ts';
import { bundleProgram } from './build-peer.ts';

/** What a task of the check runs: nothing is installed beside it but Node itself. */
const CHECK_FILE = 'check.mjs';

/** Builds the program of the check's tasks at `root` into one file, as the daemon's is built. */
export async function buildCheck(root: string): Promise<BuiltFile[]> {
  return bundleProgram(root, './cli/check/job/main.ts', CHECK_FILE);
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/check' } } });
  await writeFiles(resolve(root, values.out), await buildCheck(root));
}
