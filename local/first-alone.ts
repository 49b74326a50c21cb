import { setTimeout as sleep } from 'node:timers/promises';

/** What is told of a process that was started: when it has loaded its code (or ended). */
interface Loading {
  readonly loaded: Promise<void>;
}

/** The others are started then anyway: a laboratory that does not come up says which peer is missing. */
const LOADED_MS_MAX = 5_000;

/**
 * Starts processes that run the same program: the first, and once it has loaded its code all others. They find in
 * Node's compile cache what the first compiled; started at once, each would compile all of it, at the same time.
 * Waits for the first for `loadedMsMax` at most. Throws the reason of `signal` when it is aborted meanwhile.
 */
export async function startFirstAlone<Item>(
  items: readonly Item[],
  start: (item: Item) => Promise<Loading>,
  signal: AbortSignal,
  loadedMsMax = LOADED_MS_MAX,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    signal.throwIfAborted();
    const { loaded } = await start(item);
    if (index === 0) await atMost(loadedMsMax, loaded, signal);
  }
}

/** Resolves with `done`, after `msMax`, or when `signal` is aborted: whichever is first. */
async function atMost(msMax: number, done: Promise<void>, signal: AbortSignal): Promise<void> {
  const finished = new AbortController();
  const either = AbortSignal.any([signal, finished.signal]);
  const late = sleep(msMax, undefined, { signal: either }).catch(() => undefined);
  await Promise.race([done, late]);
  finished.abort();
}
