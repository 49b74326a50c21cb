/**
 * A waiting call looks again at this interval at the latest, and does the work itself after LOOKS_MAX looks.
 */
const WAIT_MS_MAX = 5_000;
const LOOKS_MAX = 4;

/** The work of this instance that is under way; its promise resolves however the work ends. */
let underWay: Promise<void> | null = null;

/**
 * Does `work` unless `look` has found its result already, one work at a time in this instance. Requests
 * that come together would otherwise lock the same document in transactions that abort each other until
 * none is left. So the first request works, and the others, all at once, look for its result. Taking
 * turns only spares the store: the outcome is right without it.
 */
export async function oneAtATime<Result>(
  look: () => Promise<Result | null>,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const found = await look();
    if (found !== null) return found;
    if (underWay === null) return take(work);
    await atMost(WAIT_MS_MAX, underWay);
  }
  return work();
}

async function take<Result>(work: () => Promise<Result>): Promise<Result> {
  let leave!: () => void;
  underWay = new Promise((resolve) => {
    leave = resolve;
  });
  try {
    return await work();
  } finally {
    underWay = null;
    leave();
  }
}

async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, late]);
  clearTimeout(timer);
}
