import { flushCompileCache } from 'node:module';

/**
 * Writes what Node compiled of this daemon to its compile cache, if there is one, and tells the laboratory that started
 * the process, if one did: a peer that is started from now on finds it there. Node would write it too, but only when
 * the process ends. What it writes is the same: it keeps of a module what was compiled as the module was loaded.
 */
export function announceLoaded(): void {
  flushCompileCache();
  // A laboratory that is gone hears it no more; the daemon notices that by itself.
  process.send?.('loaded', () => undefined);
}
