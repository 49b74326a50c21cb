import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLineOf } from './last-words.ts';

const COMPILE_MS_MAX = 60_000;
const ANSWER_MS_MAX = 5_000;

const COMPLAINT = /error: |cannot find |undefined reference /;

/** A file that a system needs, by its name without folders, and the Debian packages that bring it. */
export interface Part {
  readonly file: string;
  /** One, or several with spaces between them. */
  readonly package: string;
}

/** What compiles members in C; the headers are in a package that the compiler only recommends. */
export const C_COMPILER: Part = { file: 'gcc', package: 'gcc libc6-dev' };

/** What is missing of `parts` on this machine and what installs it; `null` when nothing is. */
export function missingPart(
  parts: readonly Part[],
  find: (part: Part) => string | null = locate,
): string | null {
  const missing = parts.filter((part) => find(part) === null);
  if (missing.length === 0) return null;
  const files = missing.map(({ file }) => file).join(', ');
  return `no ${files} here; apt-get install ${missing.map((part) => part.package).join(' ')}`;
}

/** Where a part is: on the PATH, or else among the files of its package; `null` when it is not there. */
export function locate({ file, package: name }: Part): string | null {
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, file));
  const inPackage = (): string[] => askPackages('--listfiles', ...name.split(' ')).split('\n');
  const isIt = (path: string): boolean => path.endsWith(`/${file}`) && existsSync(path);
  return onPath.find(isIt) ?? inPackage().find(isIt) ?? null;
}

/** The version of an installed Debian package; "of unknown version" where that is not known. */
export function packageVersion(name: string): string {
  const version = askPackages('--show', '--showformat=${Version}', name);
  return version === '' ? 'of unknown version' : version;
}

function askPackages(...question: readonly string[]): string {
  try {
    return execFileSync('dpkg-query', question, {
      encoding: 'utf8',
      timeout: ANSWER_MS_MAX,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
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
  compile('gcc', ['-O2', '-o', program, source, ...libraries]);
  return program;
}

/** Runs a compiler; throws with what it complains of when it fails. */
export function compile(compiler: string, parameters: readonly string[]): void {
  const options = { encoding: 'utf8', timeout: COMPILE_MS_MAX } as const;
  const { status, stderr, error } = spawnSync(compiler, parameters, options);
  if (status === 0) return;
  const why = complaintOf(stderr ?? '') || (error?.message ?? 'no reason given');
  throw new Error(`does not compile: ${why}`);
}

/** The line in which a compiler says what is wrong: its last one mostly says only that something was. */
export function complaintOf(errors: string): string {
  const lines = errors.split('\n').filter((line) => !line.startsWith('collect2:'));
  const line = lines.find((each) => COMPLAINT.test(each)) ?? lastLineOf(errors);
  return line.replace(/^\S*\//, '');
}
