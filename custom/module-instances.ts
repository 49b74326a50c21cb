import { registerHooks, type ResolveHookSync } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The parameter of a module's address that tells the instances of the same file apart. */
const PARAMETER = 'mpcomm-process';

/** What instances have in common: the classes of the project, such as Message, and installed packages. */
const CORE = new URL('../core/', import.meta.url).href;

let isRegistered = false;

/**
 * Imports a file once more, with variables of its own, and so do the modules that it imports by a relative path;
 * the project's core and packages are the same for all instances. The same `instance` is imported once in a process.
 *
 * Source of the hook: https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
export async function importInstance(
  path: string,
  instance: number,
): Promise<Record<string, unknown>> {
  registerOnce();
  const url = pathToFileURL(path);
  url.searchParams.set(PARAMETER, String(instance));
  return (await import(url.href)) as Record<string, unknown>;
}

/** Hands the instance of a module on to the modules that it imports. */
function registerOnce(): void {
  if (isRegistered) return;
  isRegistered = true;
  try {
    registerHooks({ resolve: resolveInInstance });
  } catch {
    // Where modules are loaded by something else than Node, such as Jest, which refuses hooks, instances have only
    // the variables of the file itself for themselves.
  }
}

const resolveInInstance: ResolveHookSync = (specifier, context, next) => {
  const resolved = next(specifier, context);
  const url = addressInInstance(resolved.url, context.parentURL);
  return url === resolved.url ? resolved : { ...resolved, url };
};

/** The address of a module that `parentUrl` imports: of the same instance, unless all instances share it. */
export function addressInInstance(address: string, parentUrl: string | undefined): string {
  if (parentUrl?.includes(`?${PARAMETER}=`) !== true || !address.startsWith('file:'))
    return address;
  if (address.startsWith(CORE) || address.includes('/node_modules/')) return address;
  const url = new URL(address);
  url.searchParams.set(PARAMETER, new URL(parentUrl).searchParams.get(PARAMETER)!);
  return url.href;
}
