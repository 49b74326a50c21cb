/** How many times a browser's engine wants to see code run before it makes fast code of it. */
const TIMES = 5;
/** The pause between two runs, in which a question may come in. */
const PAUSE_MS = 30;

/**
 * Does `work` a few times while nobody waits. A browser runs code several times as fast once it has run it some
 * times: the first change that somebody makes should not be the one that pays for that.
 */
export function warmUp(work: () => void, left = TIMES): void {
  if (left === 0) return;
  setTimeout(() => {
    work();
    warmUp(work, left - 1);
  }, PAUSE_MS);
}
