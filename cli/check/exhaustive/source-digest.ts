import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isOrderingFile } from '../../../custom/load-ordering.ts';
import type { OrderingSource } from '../../ordering/ordering-source.ts';

const FILES_MAX = 500;
/** What a file imports from other files, as text. */
const RELATIVE_IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * Changes when the ordering or what searches it does: the files of both, with all that they import from files beside
 * them. Of a program, the files that its command names, and all that lie beside these: nobody knows what it reads.
 */
export async function digestOfSource(source: OrderingSource): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(source));
  const seen = new Set<string>();
  const left = [
    ...(await filesOf(source)),
    pathOf('../../../simulation/exhaustive/search-part.ts'),
  ];
  for (let file = left.shift(); file !== undefined && seen.size < FILES_MAX; file = left.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) continue;
    hash.update(text);
    const folder = dirname(file);
    left.push(...[...text.matchAll(RELATIVE_IMPORT)].map(([, path]) => resolve(folder, path!)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesOf(source: OrderingSource): Promise<string[]> {
  if ('exec' in source) return filesOfProgram(source.exec);
  if (isOrderingFile(source.ordering)) return [resolve(source.ordering)];
  return [pathOf('../../../core/orderings/registry.ts')];
}

async function filesOfProgram(command: string): Promise<string[]> {
  const words = command.split(/\s+/).map((word) => resolve(word));
  const isThere = await Promise.all(
    words.map((path) =>
      stat(path).then(
        (each) => each.isFile(),
        () => false,
      ),
    ),
  );
  const named = words.filter((_, index) => isThere[index]);
  const folders = [...new Set(named.map((path) => dirname(path)))];
  const beside = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
    }),
  );
  return [...named, ...beside.flat().sort()];
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
