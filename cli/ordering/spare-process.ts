import { syncBuiltinESMExports } from 'node:module';

const ENDING = ['exit', 'reallyExit', 'abort', 'kill'] as const;

/**
 * Takes from an ordering that will run in this thread what would end the thread, or the whole process: that is an error
 * now, which has a line and is the ordering's. Nothing of the project ends a thread of an ordering from within.
 */
export function spareProcess(): void {
  for (const name of ENDING) {
    const refuse = (): never => {
      throw new Error(
        `the ordering calls process.${name}; a member goes on until its run is over, and throws what is wrong`,
      );
    };
    Object.defineProperty(process, name, { value: refuse, configurable: true, writable: true });
  }
  // For whoever imports it by name from node:process.
  syncBuiltinESMExports();
}
