import { resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { OrderingModuleError, readOrderingModule } from './ordering-module.ts';
import { ORDERINGS, type OrderingEntry } from '../core/orderings/registry.ts';

/** The variable by which a laboratory tells its processes of an ordering that is in a file. */
export const ORDERING_FILE_VARIABLE = 'MPCOMM_ORDERING_FILE';

const FILE_FORM = /\.(?:ts|mts|js|mjs)$/;

/** Whether `text`, as given to --ordering, means a file rather than a name. */
export function isOrderingFile(text: string): boolean {
  return FILE_FORM.test(text) || text.includes('/') || text.includes('\\');
}

/**
 * Loads the ordering in a file: TypeScript whose types can be stripped, or JavaScript, as a module.
 * The same file is loaded once in a process. Throws `OrderingModuleError`, which says what is wrong.
 */
export async function loadOrdering(file: string): Promise<OrderingEntry> {
  const path = resolve(file);
  if (!FILE_FORM.test(path)) {
    throw new OrderingModuleError(`${file} is no module; allowed: a .ts, .mts, .js or .mjs file`);
  }
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new OrderingModuleError(`there is no file ${file} with an ordering`);
  return readOrderingModule(await importModule(path, file), file);
}

async function importModule(path: string, file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new OrderingModuleError(`${file} cannot be loaded: ${reason}`, { cause: error });
  }
}

/** A name of the registry, or a file. Throws `OrderingModuleError`, which lists the names. */
export async function findOrdering(nameOrFile: string): Promise<OrderingEntry> {
  const entry = ORDERINGS.get(nameOrFile);
  if (entry !== undefined) return entry;
  if (isOrderingFile(nameOrFile)) return loadOrdering(nameOrFile);
  throw new OrderingModuleError(
    `there is no ordering ${nameOrFile}; allowed: ${[...ORDERINGS.keys()].join(', ')}, ` +
      'or a .ts or .js file with an ordering of your own',
  );
}

/** The registry, and the ordering in the file that the environment names, if it names one. */
export async function orderingsOf(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, OrderingEntry>> {
  const file = environment[ORDERING_FILE_VARIABLE] ?? '';
  if (file === '') return ORDERINGS;
  const entry = await loadOrdering(file);
  return new Map([...ORDERINGS, [entry.name, entry]]);
}
