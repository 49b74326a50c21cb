import { readFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';

/** Says by its imports what an ordering in the page may import. */
const MODULES = 'web/own/own-module.ts';
const ALLOWED = /from '\.\.\/\.\.\/((?:core|examples)\/[^']+)'/g;
const IMPORT = /(?:from|import) '(\.[^']+)'/g;
const LIBRARIES = 'node_modules/typescript/lib';
const LIBRARY = 'lib.es2023.d.ts';
const REFERENCE = /^\/\/\/ <reference lib="([^"]+)"/gm;
/** A broken example's base has no folder in the page. */
const WITHOUT_FOLDER = /^examples\/broken\/lamport-base\.ts$/;

/**
 * The texts that the types of an ordering in the page are checked against, by path: what it may import, with all
 * that this imports, and TypeScript's declarations below `lib/`.
 */
export async function readTypeFiles(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const modules = await readFile(join(root, MODULES), 'utf8');
  const allowed = [...modules.matchAll(ALLOWED)].map(([, path]) => path!);
  await follow(
    root,
    allowed,
    IMPORT,
    (from, specifier) => posix.join(posix.dirname(from), specifier),
    files,
  );
  const libraries: Record<string, string> = {};
  const nextTo = (_from: string, name: string): string => `${LIBRARIES}/lib.${name}.d.ts`;
  await follow(root, [`${LIBRARIES}/${LIBRARY}`], REFERENCE, nextTo, libraries);
  for (const [path, text] of Object.entries(libraries)) files[`lib/${basename(path)}`] = text;
  for (const path of Object.keys(files)) {
    if (WITHOUT_FOLDER.test(path))
      files[basename(path)] = files[path]!.replaceAll("'../../core/", "'core/");
  }
  return files;
}

/** Reads `paths`, and whatever they name, each once. */
async function follow(
  root: string,
  paths: readonly string[],
  pattern: RegExp,
  toPath: (from: string, name: string) => string,
  files: Record<string, string>,
): Promise<void> {
  for (const path of paths) {
    if (path in files) continue;
    const text = await readFile(join(root, path), 'utf8');
    files[path] = text;
    const named = [...text.matchAll(pattern)].map(([, name]) => toPath(path, name!));
    await follow(root, named, pattern, toPath, files);
  }
}
