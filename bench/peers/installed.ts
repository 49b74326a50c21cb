import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILE_MS_MAX = 60_000;
const ANSWER_MS_MAX = 5_000;

/** A file that a system needs, and the Debian package that brings it. */
export interface Part {
  readonly path: string;
  readonly package: string;
}

/** What is missing of `parts` on this machine and what installs it; `null` when nothing is. */
export function missingPart(
  parts: readonly Part[],
  exists: (path: string) => boolean = existsSync,
): string | null {
  const missing = parts.filter(({ path }) => !exists(path));
  if (missing.length === 0) return null;
  const paths = missing.map(({ path }) => path).join(', ');
  return `no ${paths} here; apt-get install ${missing.map((part) => part.package).join(' ')}`;
}

/** The version of an installed Debian package; "of unknown version" where that is not known. */
export function packageVersion(name: string): string {
  try {
    return execFileSync('dpkg-query', ['--show', '--showformat=${Version}', name], {
      encoding: 'utf8',
      timeout: ANSWER_MS_MAX,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return 'of unknown version';
  }
}

/** A file of one of the folders beside this one. */
export function besides(folder: string, file: string): string {
  return fileURLToPath(new URL(`${folder}/${file}`, import.meta.url));
}

/** Compiles the member in C of a folder beside this one into `directory`; returns the program's path. */
export function compileMember(
  directory: string,
  folder: string,
  libraries: readonly string[],
): string {
  const program = join(directory, `${folder}-member`);
  const source = besides(folder, 'member.c');
  execFileSync('cc', ['-O2', '-o', program, source, ...libraries], { timeout: COMPILE_MS_MAX });
  return program;
}
