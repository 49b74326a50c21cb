/** How long a note that was just given is not given again. */
const REPEAT_MS_MIN = 60_000;
/** The most notes that are remembered; with more different ones in a minute, each is news each time. */
const NOTES_MAX = 100;

/**
 * Makes an `onLog` that gives the same note only once a minute: what goes wrong in a laboratory is
 * mostly tried again many times a second, and a person wants to read it once. `clockMs` is a clock that
 * never goes back.
 */
export function sparingNotes(
  onLog: (note: string) => void,
  clockMs: () => number = () => performance.now(),
): (note: string) => void {
  const givenAtMs = new Map<string, number>();
  return (note) => {
    const nowMs = clockMs();
    for (const [old, atMs] of givenAtMs) if (nowMs - atMs >= REPEAT_MS_MIN) givenAtMs.delete(old);
    if (givenAtMs.has(note)) return;
    if (givenAtMs.size >= NOTES_MAX) givenAtMs.clear();
    givenAtMs.set(note, nowMs);
    onLog(note);
  };
}
