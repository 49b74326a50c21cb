import type { RunPlan } from '../../control/command.ts';
import { leaseSchema, paths, runSchema } from '../../control/documents.ts';
import type { Store } from '../../control/ports.ts';

/** A command that is younger than this may still be on its way. */
const ON_ITS_WAY_MS = 2_000;

/**
 * A second way to hear of a run. When a command was handed to a connection just as that broke, Pub/Sub
 * delivers it again only after its acknowledgement deadline, which is too late to join. So each peer
 * looks, at every heartbeat, whether the run that has the laboratory was meant for it.
 */
export class Lookout {
  readonly #store: Pick<Store, 'read'>;
  readonly #incarnation: string;
  /** The run that needs no further look: this peer knows it, or is no member of it, or may not join it any more. */
  #done: string | null = null;

  constructor(store: Pick<Store, 'read'>, incarnation: string) {
    this.#store = store;
    this.#incarnation = incarnation;
  }

  /**
   * The plan of the active run, when this peer is a member of it, may still join, and `knows` does not
   * know it yet; otherwise `null`. `nowMs` is the time of day, as in the plan. Rejects when the store
   * does not answer.
   */
  async look(nowMs: number, knows: (runId: string) => boolean): Promise<RunPlan | null> {
    const lease = leaseSchema.safeParse((await this.#store.read(paths.lease))?.fields);
    if (!lease.success || lease.data.runId === this.#done) return null;
    const { runId } = lease.data;
    if (knows(runId)) return this.#finish(runId);
    const run = runSchema.safeParse((await this.#store.read(paths.run(runId)))?.fields);
    if (!run.success) return this.#finish(runId);
    const { plan } = run.data;
    const isMember = plan.members.some(({ incarnation }) => incarnation === this.#incarnation);
    if (!isMember || nowMs > plan.joinByMs) return this.#finish(runId);
    if (nowMs - plan.createdAtMs < ON_ITS_WAY_MS) return null;
    // Reading took a while, so the command may have come meanwhile. A run that could not be joined is not known, and is
    // found again at the next look.
    return knows(runId) ? this.#finish(runId) : plan;
  }

  #finish(runId: string): null {
    this.#done = runId;
    return null;
  }
}
