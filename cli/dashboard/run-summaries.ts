import type { RunList, RunSummary } from '../../control/api/dashboard-documents.ts';
import type { Archive, ArchivedRun } from '../archive/archive.ts';
import { brokenGuarantees } from '../run/broken-guarantees.ts';

/** The most runs that are listed, or looked at by a search: in the cloud each costs two reads. */
export const RUNS_LISTED_MAX = 500;
const KNOWN_MAX = 2_000;

/** Reads runs as lines of a list. A run that was compared never changes, and is read once. */
export class RunSummaries {
  readonly #known = new Map<string, RunSummary>();

  /**
   * The newest first, `limit` at most: those in whose line every word of `search` occurs. `more` says whether a greater
   * limit brings others; a search sees none of the runs before the last 500.
   */
  async list(archive: Archive, search: string, limit: number): Promise<RunList> {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const lookedAt = words.length === 0 ? limit : RUNS_LISTED_MAX;
    const ids = await archive.runIds(lookedAt + 1);
    const recent = ids.slice(-lookedAt).reverse();
    const runs: RunSummary[] = [];
    let searched = 0;
    for (const runId of recent) {
      if (runs.length >= limit) break;
      searched += 1;
      const run = await this.read(archive, runId);
      if (run !== null && isFound(run, words)) runs.push(run);
    }
    const isCutOff = words.length === 0 ? ids.length > limit : searched < recent.length;
    return { runs, searched, more: isCutOff && limit < RUNS_LISTED_MAX };
  }

  /** `null` for a run that cannot be read. */
  async read(archive: Archive, runId: string): Promise<RunSummary | null> {
    const known = this.#known.get(runId);
    if (known !== undefined) return known;
    const run = await archive.read(runId).catch(() => null);
    if (run === null) return null;
    const summary = summaryOf(run);
    if (summary.state === 'compared') this.#keep(summary);
    return summary;
  }

  #keep(summary: RunSummary): void {
    this.#known.set(summary.runId, summary);
    if (this.#known.size <= KNOWN_MAX) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
  }
}

export function summaryOf({ runId, run, phase, comparison }: ArchivedRun): RunSummary {
  const plan = run?.plan;
  return {
    runId,
    backend: run?.backend ?? comparison?.backend ?? null,
    ordering: plan?.ordering ?? comparison?.ordering ?? null,
    peers: plan?.members.length ?? comparison?.peers ?? null,
    messages: plan?.messages ?? comparison?.messages ?? null,
    zones: plan?.members.map(({ zone }) => zone) ?? [],
    seed: plan?.seed ?? comparison?.seed ?? null,
    recorded: plan?.record === true,
    state: phase,
    rounds: comparison?.rounds ?? null,
    unorderedRounds: comparison?.unorderedRounds ?? null,
    broken: comparison === null ? [] : brokenGuarantees(comparison),
  };
}

function isFound(run: RunSummary, words: readonly string[]): boolean {
  const { runId, backend, ordering, peers, messages, zones, seed, state, broken } = run;
  const tells = [runId, backend, ordering, `${peers}x${messages}`, `seed:${seed}`, state];
  const line = [...tells, ...zones, ...broken, run.recorded ? 'recorded' : ''].join(' ');
  return words.every((word) => line.toLowerCase().includes(word));
}
