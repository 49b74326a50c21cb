import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import { createByMember, type Process } from './create-by-member.ts';
import { explainThrow, placeInStack } from './explain-throw.ts';
import { ImportRefusedError } from './importable.ts';
import { COMMON_JS_HINT, hintOfImport, placeOfImportError } from './import-errors.ts';
import { importInstance, isOneAtATime, modulesOfAll } from './module-instances.ts';
import { OrderingModuleError, readOrderingModule } from './ordering-module.ts';
import { removeNetworkClasses } from './named-objects.ts';
import { lengthenStacks } from './throw-hints.ts';
import { watchLoading, watchModules, watchSharedObjects } from './shared-objects.ts';
import { toError } from '../core/base/to-error.ts';
import type { Create } from '../core/ordering.ts';
import type { OrderingEntry } from '../core/orderings/registry.ts';

/** The variable by which a laboratory tells its processes of an ordering that is in a file. */
export const ORDERING_FILE_VARIABLE = 'MPCOMM_ORDERING_FILE';

const FILE_FORM = /\.(?:ts|mts|js|mjs)$/;

/** Whether `text`, as given to --ordering, means a file rather than a name. */
export function isOrderingFile(text: string): boolean {
  return FILE_FORM.test(text) || text.includes('/') || text.includes('\\');
}

/** The most members that have variables of their own, since loading the file once more takes about a millisecond. */
const MEMBERS_MAX = 256;

export interface LoadOptions {
  /**
   * How many members of a simulated run have variables of their own, as processes have: the file is loaded twice
   * for each, since a member that crashed may be started again. Members beyond them share those of the others.
   * Default 1: all members that run in this process share the variables of the module.
   */
  readonly members?: number;
}

/**
 * Loads the ordering in a file: TypeScript whose types can be stripped, or JavaScript, as a module.
 * The same file is loaded once in a process, or once for each of the `members`. Throws `OrderingModuleError`, which
 * says what is wrong.
 */
export async function loadOrdering(
  file: string,
  { members = 1 }: LoadOptions = {},
): Promise<OrderingEntry> {
  const path = resolve(file);
  const found = await stat(path).catch(() => null);
  if (found === null && interpreterOf(file) === '') {
    throw new OrderingModuleError(explainAbsence(file));
  }
  if (found?.isDirectory() === true) {
    throw new OrderingModuleError(`${file} is a folder; an ordering is in one file`);
  }
  if (!FILE_FORM.test(path)) throw new OrderingModuleError(explainForm(file));
  // Where members of one thread could keep things that no machine has in common with another, and nobody else needs them.
  if (members > 1 && !isMainThread) removeNetworkClasses();
  const endOfLoading = watchLoading();
  const exported = await importModule(path, file);
  // Below what goes wrong while a file is loaded there is nothing of its author's.
  lengthenStacks();
  // Before anything else uses what the file may have changed.
  requireUnchanged(file, endOfLoading());
  const entry = readOrderingModule(exported, file);
  const explain = (error: unknown, inOneLine?: boolean): string =>
    explainThrow(error, path, inOneLine);
  const explained = { ...entry, explain };
  if (members === 1) return explained;
  const creates = await loadForMembers(path, file, entry, members);
  requireUnchanged(file, endOfLoading());
  await watchModules(modulesOfAll());
  return { ...explained, ...creates, watchShared: watchSharedObjects };
}

function requireUnchanged(file: string, changed: string | null): void {
  if (changed === null) return;
  throw new OrderingModuleError(
    `${file} changes ${changed} as it is loaded, which whoever judges it uses as well, and each member: leave it as JavaScript ` +
      'has it, and keep what is yours in variables of your file, or in what create returns',
  );
}

/**
 * The `create` of an ordering, each member of which has variables of its own; and one whose members have those that in the
 * other belong to the processes that are started again after a crash.
 */
async function loadForMembers(
  path: string,
  file: string,
  { create }: OrderingEntry,
  members: number,
): Promise<Required<Pick<OrderingEntry, 'create' | 'createApart'>>> {
  const count = Math.min(members, MEMBERS_MAX);
  const load = async (instance: number): Promise<Create> =>
    readOrderingModule(await importInstance(path, instance), file).create;
  const others = Array.from({ length: 2 * count - 1 }, (_, index) => index + 1);
  const creates = [create];
  if (isOneAtATime()) for (const instance of others) creates.push(await load(instance));
  else creates.push(...(await Promise.all(others.map(load))));
  const createOf = ({ self }: Process, isFirst: boolean): Create =>
    creates[(self % count) + (isFirst ? 0 : count)]!;
  return {
    create: createByMember(create, (process) => createOf(process, !isAgain(process))),
    createApart: createByMember(create, (process) => createOf(process, isAgain(process))),
  };
}

/** Whether it is the process that is started after its member crashed. */
function isAgain({ incarnation = 0 }: Process): boolean {
  return incarnation > 0;
}

async function importModule(path: string, file: string): Promise<Record<string, unknown>> {
  try {
    return await importInstance(path, 0);
  } catch (error) {
    const place = await placeOfImportError(path, error);
    const hint = await hintOfImport(error, [...place, ...placeInStack(toError(error), path)]);
    const told = [
      ...place,
      error instanceof ImportRefusedError ? error.message : explainThrow(error, path),
      ...(hint === null ? [] : [`Hint: ${hint}.`]),
    ];
    throw new OrderingModuleError(`${file} cannot be loaded: ${told.join('\n')}`, { cause: error });
  }
}

function explainAbsence(file: string): string {
  const meant = ['.ts', '.js'].map((ending) => file + ending).find((each) => existsSync(each));
  return `there is no file ${file} with an ordering${meant === undefined ? '' : `; is ${meant} meant?`}`;
}

function explainForm(file: string): string {
  const allowed = `${file} is no module; allowed: a .ts, .mts, .js or .mjs file`;
  // Node says itself that a file with require may be called so.
  if (/\.c[jt]s$/.test(file)) return `${allowed}; ${COMMON_JS_HINT}`;
  const program = `--exec "${interpreterOf(file)}${file}"`;
  return `${allowed}. A program in another language is given with ${program} (docs/exec-protocol.md)`;
}

/** How to run a file that is no module, as far as its ending tells. */
function interpreterOf(file: string): string {
  if (file.endsWith('.py')) return 'python3 ';
  if (file.endsWith('.rb')) return 'ruby ';
  return file.endsWith('.jar') ? 'java -jar ' : '';
}

/**
 * Finds an ordering by a name of the registry, or by its file. Throws `OrderingModuleError`, which
 * lists the names.
 */
export async function findOrdering(
  nameOrFile: string,
  options: LoadOptions = {},
): Promise<OrderingEntry> {
  if (isOrderingFile(nameOrFile) || interpreterOf(nameOrFile) !== '')
    return loadOrdering(nameOrFile, options);
  const registry = await loadRegistry();
  const entry = registry.get(nameOrFile);
  if (entry !== undefined) return entry;
  throw new OrderingModuleError(
    `there is no ordering ${nameOrFile}; allowed: ${[...registry.keys()].join(', ')}, ` +
      'or a .ts or .js file with an ordering of your own',
  );
}

/** The orderings of the registry, and the one in the file that the environment names, if it names one. */
export async function orderingsOf(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyMap<string, OrderingEntry>> {
  const file = environment[ORDERING_FILE_VARIABLE] ?? '';
  const registry = await loadRegistry();
  if (file === '') return registry;
  const entry = await loadOrdering(file);
  return new Map([...registry, [entry.name, entry]]);
}

/** All orderings of the project are a fifth of what a thread loads in which only that of a file runs. */
async function loadRegistry(): Promise<ReadonlyMap<string, OrderingEntry>> {
  return (await import('../core/orderings/registry.ts')).ORDERINGS;
}
