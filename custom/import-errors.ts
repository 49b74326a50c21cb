import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { toError } from '../core/base/to-error.ts';
import { ImportRefusedError } from './importable.ts';

/** How long a process may take to say where a file does not parse. */
const PLACE_MS_MAX = 10_000;
const IMPORTING = 'await import(process.argv[1]);';

/** The place at which a file cannot be loaded, where the error does not say so itself: file and line, then the line. */
export async function placeOfImportError(path: string, error: unknown): Promise<string[]> {
  if (error instanceof ImportRefusedError) return placeOfImport(error.specifier, error.file);
  const { name, stack = '', message } = toError(error);
  if (name === 'SyntaxError' && stack.startsWith(name)) return placeOfSyntaxError(path);
  const missing = /^Cannot find (?:package|module) '([^']*)' imported from (.*)$/.exec(message);
  return missing === null ? [] : placeOfImport(basename(missing[1]!), missing[2]!);
}

/** The first line of a file that imports something of this name. */
async function placeOfImport(name: string, file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const at = lines.findIndex((line) => /\b(?:from|import)\b/.test(line) && line.includes(name));
  return at < 0 ? [] : [`${file}:${at + 1}`, lines[at]!];
}

/**
 * The place at which a file, or one that it imports, does not parse, with a mark below the line. Node tells that only to whom a process dies of it, so that one does.
 * Nothing of the file runs in it, since what does not parse is not begun.
 */
async function placeOfSyntaxError(path: string): Promise<string[]> {
  const words = ['--input-type=module', '-e', IMPORTING, pathToFileURL(path).href];
  try {
    await promisify(execFile)(process.execPath, words, { timeout: PLACE_MS_MAX });
  } catch (died) {
    const lines = String((died as { stderr?: unknown }).stderr).split('\n');
    const mark = lines.findIndex((line) => /^\s*\^+\s*$/.test(line));
    if (mark === 2) return [lines[0]!.replace(/^file:\/\//, ''), ...lines.slice(1, mark + 1)];
  }
  return [];
}

/** What helps whoever writes CommonJS, for which Node advises another ending. */
export const COMMON_JS_HINT =
  "an ordering is an ES module: write import { reliable } from '...' instead of require, and export const create = ... " +
  'instead of module.exports or exports, in a .js file';

/** What helps against an error with which Node refuses to load a file, of whose place `placeOfImportError` tells. */
export async function hintOfImport(
  error: unknown,
  place: readonly string[],
): Promise<string | null> {
  const { code, message } = toError(error) as NodeJS.ErrnoException;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return (
      'Node only leaves types out, it translates nothing: instead of enum, namespace, or public, private and ' +
      'readonly in front of the parameters of a constructor, write a constant object, or declare the fields ' +
      'and assign them'
    );
  }
  if (/^(?:require|module|exports) is not defined/.test(message)) return COMMON_JS_HINT;
  if (code === 'ERR_MODULE_NOT_FOUND') return hintOfMissing(message);
  if (isAtDecorator(place)) {
    return 'Node only leaves types out, it translates nothing: instead of a decorator, call its function';
  }
  const [, from, name] = NO_EXPORT.exec(message) ?? [];
  return from === undefined ? null : hintOfExport(from, name!, place[0] ?? '');
}

const NO_EXPORT = /^The requested module '([^']*)' does not provide an export named '([^']*)'/;
const TYPES = /\b(?:interface|type)\s+([\w$]+)/g;
const VALUES =
  /^export\s+(?:(?:abstract|async)\s+)*(?:const|let|var|class|function\*?)\s+([\w$]+)/gm;

/** Types are left out when a file runs, so that a type is missing where it was exported. Of other names a reader wants to see those that there are. */
async function hintOfExport(from: string, name: string, place: string): Promise<string> {
  const importer = place.replace(/:\d+$/, '');
  const text = from.startsWith('.')
    ? await readFile(join(dirname(importer), from), 'utf8').catch(() => '')
    : '';
  const namesOf = (form: RegExp) => [...text.matchAll(form)].map(([, each]) => each!);
  if (namesOf(TYPES).includes(name)) {
    return 'a type is imported with import type, or with type in front of its name';
  }
  const values = namesOf(VALUES);
  const exported = values.length === 0 ? '' : `; it exports ${values.join(', ')}`;
  return `${from} has no ${name}, in this spelling and with export in front of it${exported}`;
}

function hintOfMissing(message: string): string | null {
  const name = /Cannot find package '([^']*)'/.exec(message)?.[1];
  if (name !== undefined) return hintOfPackage(name);
  if (message.includes(".js'"))
    return "the project's own files end in .ts, also where they are imported";
  if (/\.[cm]?[jt]s'/.test(message)) return null;
  return "write the ending of the imported file as well: from '../core/message.ts'";
}

function hintOfPackage(name: string): string {
  // No package is called so: names of packages begin with a letter or a number, behind @ as well.
  if (/^(?:[~#]|@\/)/.test(name)) {
    return "Node knows no short names for folders: import by a relative path, from '../core/message.ts'";
  }
  return `no package ${name} is installed where the file is; a file is imported by a relative path, from './queue.ts'`;
}

/** Whether the mark stands below the sign with which a decorator begins. */
function isAtDecorator([, line = '', mark = '']: readonly string[]): boolean {
  return line[mark.indexOf('^')] === '@';
}
