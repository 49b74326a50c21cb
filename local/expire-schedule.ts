/** A running schedule. */
export interface ExpireSchedule {
  /** Ends it; a call under way is abandoned. */
  stop(): void;
}

const CALL_MS_MAX = 30_000;

/**
 * Posts to `url()` + /expire every `periodMs`, as Cloud Scheduler would: that is how a run whose
 * deadline passed is closed. At most one call is under way. A call that fails is simply followed by
 * the next one; `onFailure` hears the first of a series.
 */
export function startExpireSchedule(
  url: () => string | null,
  periodMs: number,
  onFailure: (note: string) => void,
): ExpireSchedule {
  const abort = new AbortController();
  let busy = false;
  let failing = false;
  const timer = setInterval(() => {
    const base = url();
    if (busy || base === null) return;
    busy = true;
    void postExpire(base, abort.signal).then((problem) => {
      busy = false;
      if (problem !== null && !failing && !abort.signal.aborted) onFailure(problem);
      failing = problem !== null;
    });
  }, periodMs);
  return {
    stop() {
      clearInterval(timer);
      abort.abort();
    },
  };
}

async function postExpire(base: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(`${base}/expire`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_MS_MAX)]),
    });
    const text = await response.text();
    return response.ok ? null : `POST /expire answered ${response.status}: ${detailOf(text)}`;
  } catch (error) {
    return `POST /expire failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What problem details say of their case; the text itself where it is something else. */
function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : text;
  } catch {
    return text;
  }
}
