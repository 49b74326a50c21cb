import asyncHooks from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Preloaded by `npm test`. Node's test runner follows every promise, so that it can say which test an error belongs to that
 * nobody caught. A rehearsal makes a million of them, and following these took half of the time. Such an error still
 * fails its file, and is still shown, but without the name of its test.
 */
const { createHook } = asyncHooks;
asyncHooks.createHook = (callbacks) => createHook({ ...callbacks, trackPromises: false });
syncBuiltinESMExports();
