import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isOrderingFile } from '../../../custom/load-ordering.ts';
import type { OrderingSource } from '../../ordering/ordering-source.ts';

const FILES_MAX = 500;
/** What a file imports from other files, as text. */
const RELATIVE_IMPORT = /\bfrom\s+['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * Changes when the ordering or what searches it does: the files of both, with all that they import from files beside
 * them. Of a program, the files that its command names.
 */
export async function digestOfSource(source: OrderingSource): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(source));
  const seen = new Set<string>();
  const left = [...filesOf(source), pathOf('../../../simulation/exhaustive/search-part.ts')];
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

function filesOf(source: OrderingSource): string[] {
  if ('exec' in source) return source.exec.split(/\s+/).map((word) => resolve(word));
  if (isOrderingFile(source.ordering)) return [resolve(source.ordering)];
  return [pathOf('../../../core/orderings/registry.ts')];
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
