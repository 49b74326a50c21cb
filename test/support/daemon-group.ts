import { afterEach, beforeEach } from '@jest/globals';
import type { RunPlan } from '../../control/command.ts';
import { paths } from '../../control/documents.ts';
import { beginRun } from '../../control/runs/begin-run.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';
import { systemClock } from '../../peer/clock.ts';
import { readConfiguration } from '../../peer/configuration.ts';
import { Daemon } from '../../peer/daemon.ts';
import { createLog } from '../../peer/log.ts';
import { beginContext, runRequest } from './control-fixtures.ts';
import { eventually } from './eventually.ts';

/** Daemons of this process, over real sockets, with a store and a bus in memory, which each test has anew. */
export class DaemonGroup {
  static readonly secret = 'a secret of thirty-two characters, or more';
  backend = new MemoryBackend();
  #lines: Record<string, unknown>[] = [];
  readonly #daemons = new Set<Daemon>();

  open(): void {
    this.backend = new MemoryBackend();
    this.#lines = [];
  }

  async start(
    peerId: string,
    changes: Record<string, string> = {},
    orderings = ORDERINGS,
    clock = systemClock,
  ): Promise<Daemon> {
    const environment = {
      MPCOMM_PEER_ID: peerId,
      MPCOMM_ZONE: 'us-west1-b',
      MPCOMM_SECRET: DaemonGroup.secret,
      ...changes,
    };
    const stream = { write: (line: string) => void this.#lines.push(JSON.parse(line)) };
    const log = createLog('debug', peerId, stream);
    const daemon = new Daemon(readConfiguration(environment), this.backend, log, orderings, clock);
    await daemon.start();
    this.#daemons.add(daemon);
    return daemon;
  }

  /** Begins a run of them that multicasts every few milliseconds, unless `body` says otherwise. */
  async begin(body: object): Promise<RunPlan> {
    const context = beginContext(this.backend, { nowMs: Date.now() });
    const request = runRequest({ intervalMs: { min: 1, max: 5 }, ...body });
    const begun = await beginRun(context, request, null);
    if (begun.outcome !== 'begun') throw new Error(begun.outcome);
    return begun.plan;
  }

  /** The report of a member, once it is there. */
  async reportOf(plan: RunPlan, peerId: string): Promise<Record<string, unknown>> {
    const path = paths.report(plan.runId, peerId);
    await eventually(path, () => this.backend.store.documents.has(path));
    return { ...this.backend.store.documents.get(path)!.fields };
  }

  /** The lines of the log with this message, of one daemon or of all. */
  said(message: string, peerId?: string): Record<string, unknown>[] {
    return this.#lines.filter(
      (line) => line['message'] === message && (peerId ?? line['peerId']) === line['peerId'],
    );
  }

  /** Says that a daemon was stopped already. */
  forget(daemon: Daemon): void {
    this.#daemons.delete(daemon);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#daemons].map((daemon) => daemon.stop('the test is over')));
    this.#daemons.clear();
    await this.backend.close();
  }
}

export function useDaemonGroup(): DaemonGroup {
  const group = new DaemonGroup();
  beforeEach(() => group.open());
  afterEach(() => group.close());
  return group;
}
