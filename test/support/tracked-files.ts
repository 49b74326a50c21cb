import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATIENCE_MS } from './patience.ts';

const NOT_OURS = new Set(['node_modules', 'build', 'dist', 'coverage', '.git', '.mpcomm']);

/**
 * The project's files by path, relative to `root` and with slashes, with their text. Files that
 * hold a NUL byte are binary and are left out.
 */
export function readTrackedFiles(root: string): Map<string, string> {
  const paths = (listByGit(root) ?? listByWalking(root)).filter((path) =>
    existsSync(join(root, path)),
  );
  const texts = paths.map((path): [string, string] => [
    path,
    readFileSync(join(root, path), 'utf8'),
  ]);
  return new Map(texts.filter(([, text]) => !text.includes('\0')));
}

/** What git tracks or would track; `undefined` where git or its folder is missing. */
function listByGit(root: string): string[] | undefined {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  try {
    const output = execFileSync('git', options, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: PATIENCE_MS,
    });
    return output.split('\0').filter((path) => path !== '');
  } catch {
    return undefined;
  }
}

/** The same as far as folders tell, for an unpacked archive. */
export function listByWalking(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(entry.name)) return [];
    if (entry.isDirectory()) return listByWalking(root, path);
    return entry.isFile() ? [path] : [];
  });
}
