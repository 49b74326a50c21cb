import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../control/ports.ts';
import { paths, registryEntrySchema } from '../control/documents.ts';
import { describeProcessEnd, logTail } from './processes.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * How long a laboratory of any size may take to start, and each of its peers; both bounds are for
 * hangs.
 */
const READY_MS_BASE = 30_000;
const READY_MS_A_PEER = 5_000;

/**
 * How long the start of `peers` peers may take, from the first process's start to the last heartbeat.
 * A peer takes about half a second of a core, so that 32 of them were ready after 20 s on two idle
 * cores; on a machine with four other things to do, it is five times that.
 */
export function readyMsMaxFor(peers: number): number {
  return READY_MS_BASE + peers * READY_MS_A_PEER;
}

const POLL_MS = 50;

/** The incarnation of every registered peer: what the registry held before this laboratory. */
export async function readIncarnations(store: Store): Promise<Map<string, string>> {
  const incarnations = new Map<string, string>();
  for (const document of await store.list(paths.peers, { bytes: false })) {
    const entry = registryEntrySchema.safeParse(document.fields);
    if (entry.success) incarnations.set(entry.data.peerId, entry.data.incarnation);
  }
  return incarnations;
}

export interface Awaited {
  readonly store: Store;
  /** Incarnations of earlier laboratories: their heartbeats do not count. */
  readonly before: ReadonlyMap<string, string>;
  readonly peerIds: readonly string[];
  readonly supervisors: readonly Supervisor[];
  /** The address of the functions, once they have said it. */
  readonly url: () => string | null;
  readonly signal: AbortSignal;
  readonly readyMsMax: number;
}

/**
 * Waits until the functions answer and every peer has registered itself anew. Throws with the names
 * of those missing and the ends of their logs: at once when one of them ended, else after
 * `readyMsMax`.
 */
export async function waitUntilReady(awaited: Awaited): Promise<void> {
  const untilMs = performance.now() + awaited.readyMsMax;
  for (;;) {
    awaited.signal.throwIfAborted();
    const missing = await findMissing(awaited);
    if (missing.length === 0) return;
    const ended = awaited.supervisors.find(({ current }) => current.hasEnded());
    if (ended !== undefined) throw await endedError(ended);
    if (performance.now() > untilMs) throw lateError(awaited, missing);
    await sleep(POLL_MS);
  }
}

async function findMissing(awaited: Awaited): Promise<string[]> {
  const now = await readIncarnations(awaited.store);
  const missing = awaited.peerIds.filter((peerId) => {
    const incarnation = now.get(peerId);
    return incarnation === undefined || incarnation === awaited.before.get(peerId);
  });
  const url = awaited.url();
  return url !== null && (await answers(url)) ? missing : ['functions', ...missing];
}

/** Whether anything speaks HTTP there, whatever it says. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'GET', signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

async function endedError(supervisor: Supervisor): Promise<Error> {
  const { name, ended } = supervisor.current;
  return new Error(
    `the laboratory did not start: ${name} ${describeProcessEnd(await ended)}; ${explain(supervisor)}`,
  );
}

function lateError(awaited: Awaited, missing: readonly string[]): Error {
  const late = awaited.supervisors.filter(({ current }) => missing.includes(current.name));
  return new Error(
    `the laboratory was not ready after ${awaited.readyMsMax / 1_000} s; missing: ` +
      `${missing.join(', ')}\n${late.map(explain).join('\n')}`,
  );
}

function explain({ current }: Supervisor): string {
  return `the log of ${current.name} (${current.logFile}) ends with\n${logTail(current.logFile)}`;
}
