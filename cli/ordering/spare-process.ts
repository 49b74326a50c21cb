import { syncBuiltinESMExports } from 'node:module';
import { requireImportable } from '../../custom/importable.ts';

const ENDING = ['exit', 'reallyExit', 'abort', 'kill'] as const;

/**
 * Takes from an ordering that will run in this thread what would end the thread, or the whole process: that is an error
 * now, which has a line and is the ordering's. Node gets it back for an error that nobody takes: it ends the thread by
 * `process.exit`, whose refusal there would end the process, with a message that accuses the ordering of that call. Modules of
 * Node that an ordering may not import are not to be had by `process.getBuiltinModule` either.
 */
export function spareProcess(): void {
  const given = ENDING.map((name) => Reflect.getOwnPropertyDescriptor(process, name));
  for (const name of ENDING) {
    const refuse = (): never => {
      throw new Error(
        `the ordering calls process.${name}; a member goes on until its run is over, and throws what is wrong`,
      );
    };
    setEnding(name, { value: refuse, configurable: true, writable: true });
  }
  const builtin = process.getBuiltinModule.bind(process);
  process.getBuiltinModule = (name: string): never => {
    requireImportable(`node:${name.replace(/^node:/, '')}`, name, 'process.getBuiltinModule');
    return builtin(name) as never;
  };
  // For whoever imports it by name from node:process.
  syncBuiltinESMExports();
  process.on('uncaughtExceptionMonitor', () => {
    if (process.listenerCount('uncaughtException') > 0) return;
    for (const [at, name] of ENDING.entries()) setEnding(name, given[at]);
  });
}

/** `undefined`: what is inherited is as it was. */
function setEnding(name: (typeof ENDING)[number], how: PropertyDescriptor | undefined): void {
  if (how === undefined) Reflect.deleteProperty(process, name);
  else Object.defineProperty(process, name, how);
}
