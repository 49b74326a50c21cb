import { createRequire, registerHooks, type ResolveHookSync } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isOfLaboratory, requireImportable } from './importable.ts';

/** The parameter of a module's address that tells the instances of the same file apart. */
const PARAMETER = 'mpcomm-process';

/** What instances have in common: the classes of the project, such as Message, and installed packages. */
const CORE = new URL('../core/', import.meta.url).href;

/** What Node keeps of CommonJS, by file: one instance in a process. */
const { cache: commonJsCache } = createRequire(import.meta.url);

let isRegistered = false;

/** The addresses of the files of orderings: those that were asked for, and those that these import. */
const ownFiles = new Set<string>();
/** What these import of the project and of Node, which has one instance in a process. */
const sharedModules = new Set<string>();

/**
 * Imports the file of an ordering. What it and its own files import is looked at: the laboratory itself is refused
 * (`ImportRefusedError`), since it is what judges.
 *
 * `instance`: 0 for the file as it is; another number imports it once more, with variables of its own, and so do the modules
 * that it imports by a relative path; the project's core and packages are the same for all instances. The same `instance` is
 * imported once in a process.
 *
 * Source of the hook: https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
export async function importInstance(
  path: string,
  instance: number,
): Promise<Record<string, unknown>> {
  registerOnce();
  const url = pathToFileURL(path);
  ownFiles.add(url.href);
  forgetCommonJs();
  if (instance > 0) url.searchParams.set(PARAMETER, String(instance));
  return (await import(url.href)) as Record<string, unknown>;
}

/** The addresses of the modules of the project's core, and of Node, that files of orderings imported so far. */
export function modulesOfAll(): readonly string[] {
  return [...sharedModules];
}

/** Looks at what the files of orderings import, and hands the instance of a module on to the modules that it imports. */
function registerOnce(): void {
  if (isRegistered) return;
  isRegistered = true;
  try {
    registerHooks({ resolve: resolveInInstance });
  } catch {
    // Where modules are loaded by something else than Node, such as Jest, which refuses hooks, instances have only
    // the variables of the file itself for themselves, and may import what they like.
  }
}

const resolveInInstance: ResolveHookSync = (specifier, context, next) => {
  const resolved = next(specifier, context);
  const { parentURL } = context;
  if (parentURL === undefined || !ownFiles.has(withoutInstance(parentURL))) return resolved;
  requireImportable(resolved.url, specifier, withoutInstance(parentURL));
  if (isOfAll(resolved.url)) sharedModules.add(resolved.url);
  else if (!isPackage(resolved.url)) ownFiles.add(withoutInstance(resolved.url));
  const url = addressInInstance(resolved.url, parentURL);
  return url === resolved.url ? resolved : { ...resolved, url };
};

/** Of the files of CommonJS, Node keeps one instance by their names: the next to import them has them anew. */
function forgetCommonJs(): void {
  for (const file of commonJsFiles()) Reflect.deleteProperty(commonJsCache, file);
}

/** Those files of orderings that are of CommonJS, and were loaded. */
function commonJsFiles(): string[] {
  return Object.keys(commonJsCache).filter((file) => ownFiles.has(pathToFileURL(file).href));
}

/** Whether instances have to be imported one after the other: Node would give two at a time the same files of CommonJS. */
export function isOneAtATime(): boolean {
  return commonJsFiles().length > 0;
}

function isOfAll(address: string): boolean {
  return address.startsWith('node:') || isOfLaboratory(address);
}

function isPackage(address: string): boolean {
  return address.includes('/node_modules/');
}

function withoutInstance(address: string): string {
  if (!address.includes(`?${PARAMETER}=`)) return address;
  return pathToFileURL(fileURLToPath(address)).href;
}

/** The address of a module that `parentUrl` imports: of the same instance, unless all instances share it. */
export function addressInInstance(address: string, parentUrl: string | undefined): string {
  if (parentUrl?.includes(`?${PARAMETER}=`) !== true || !address.startsWith('file:'))
    return address;
  if (address.startsWith(CORE) || isPackage(address)) return address;
  const url = new URL(address);
  url.searchParams.set(PARAMETER, new URL(parentUrl).searchParams.get(PARAMETER)!);
  return url.href;
}
