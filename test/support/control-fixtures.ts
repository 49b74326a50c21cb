import { createHash } from 'node:crypto';
import { createRandom } from '../../core/base/random.ts';
import { beginRun, type BeginRunContext } from '../../control/runs/begin-run.ts';
import type { RunPlan } from '../../control/command.ts';
import { paths, type RegistryEntry, type Report } from '../../control/documents.ts';
import { parseRunRequest, type RunRequest } from '../../control/runs/run-request.ts';
import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import { encodeChunks } from '../../core/records/sequence-codec.ts';
import type { Backend } from '../../control/ports.ts';
import { PROTOCOL } from '../../control/protocol.ts';

export const NOW_MS = Date.UTC(2026, 0, 31, 12);
export const ZONES = ['southamerica-east1-b', 'europe-west1-c', 'asia-east1-a'];

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Peer number `number`, live at `heartbeatAtMs`. */
export function registryEntry(number: number, heartbeatAtMs = NOW_MS): RegistryEntry {
  return {
    peerId: `peer-${number}`,
    incarnation: `incarnation-${number}`,
    zone: ZONES[number % ZONES.length]!,
    // An address of nobody (RFC 5737): whether a peer of this machine is there, its port would tell.
    host: '192.0.2.1',
    port: 10_000 + number,
    protocol: PROTOCOL,
    startedAtMs: NOW_MS - 60_000,
    heartbeatAtMs,
  };
}

export async function registerPeers(
  backend: Backend,
  peers: number,
  heartbeatAtMs = NOW_MS,
): Promise<void> {
  for (let number = 1; number <= peers; number += 1) {
    const entry = registryEntry(number, heartbeatAtMs);
    await backend.store.replace(paths.peer(entry.peerId), { ...entry });
  }
}

/** What `parseRunRequest` makes of a body that is valid. */
export function runRequest(body: object = { peers: 3, messages: 2 }): RunRequest {
  const parsed = parseRunRequest(body);
  if (!parsed.valid) throw new Error(JSON.stringify(parsed.errors));
  return parsed.request;
}

export function beginContext(
  backend: Backend,
  { nowMs = NOW_MS, ...change }: Partial<BeginRunContext> & { readonly nowMs?: number } = {},
): BeginRunContext {
  return { backend, clock: () => nowMs, random: Math.random, sha256Hex, ...change };
}

/** A begun run of three peers with two messages each. */
export async function begunRun(backend: Backend, nowMs = NOW_MS): Promise<RunPlan> {
  await registerPeers(backend, 3, nowMs);
  const begun = await beginRun(beginContext(backend, { nowMs }), runRequest(), null);
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  return begun.plan;
}

/** A log in which all messages of a run are delivered round by round, from the given sender on. */
export function fullLog(plan: RunPlan, first = 0): DeliveredSequence {
  const log = new DeliveredSequence();
  const { length } = plan.members;
  for (let sequence = 0; sequence < plan.messages; sequence += 1) {
    log.appendMulticast();
    for (let place = 0; place < length; place += 1) {
      log.appendDelivery((first + place) % length, sequence);
    }
  }
  return log;
}

/** A log in which all messages of a run are delivered in an order of `member`'s own, some of them twice. */
export function shuffledLog(plan: RunPlan, member: number): DeliveredSequence {
  const log = new DeliveredSequence();
  const { length } = plan.members;
  const random = createRandom(member);
  for (let sequence = 0; sequence < plan.messages; sequence += 1) log.appendMulticast();
  const total = length * plan.messages;
  const order = Array.from({ length: total }, (_, index) => index);
  for (let left = total - 1; left > 0; left -= 1) {
    const other = Math.floor(random() * (left + 1));
    [order[left], order[other]] = [order[other]!, order[left]!];
  }
  for (const index of order) log.appendDelivery(index % length, Math.floor(index / length));
  log.appendDelivery(order[0]! % length, Math.floor(order[0]! / length));
  return log;
}

/** Writes a log as chunks of a few bytes each; returns how many. */
export async function uploadChunks(
  backend: Backend,
  plan: RunPlan,
  peerId: string,
  log: DeliveredSequence,
  bytesMax = 53,
): Promise<number> {
  const start = { deliveries: 0, multicasts: 0 };
  const chunks = encodeChunks(log, plan.members.length, start, bytesMax);
  for (const [index, { bytes, deliveries, multicasts }] of chunks.entries()) {
    const fields = { peerId, index, deliveries, multicasts };
    await backend.store.create(paths.chunk(plan.runId, peerId, index), fields, bytes);
  }
  return chunks.length;
}

const NOTHING_MEASURED = { p50: null, p90: null, p99: null, max: null };

export function report(plan: RunPlan, member: number, change: Partial<Report> = {}): Report {
  const { peerId, incarnation } = plan.members[member]!;
  return {
    runId: plan.runId,
    peerId,
    incarnation,
    outcome: 'complete',
    missing: [],
    chunks: 0,
    deliveries: 0,
    multicasts: 0,
    network: 'emulated',
    roundTripMs: {},
    durationMs: 100,
    counters: {
      datagramsSent: 4,
      datagramsReceived: 4,
      bytesSent: 400,
      bytesReceived: 400,
      dataMessagesSent: 4,
      controlMessagesSent: 0,
      dropped: {},
      emulatedLosses: 0,
      ownLatencyMs: NOTHING_MEASURED,
      heldMs: NOTHING_MEASURED,
      heldMax: 0,
      deliveredAfterLastArrival: 0,
    },
    ...change,
  };
}

/** Uploads a whole log and the report that counts it. */
export async function uploadMember(
  backend: Backend,
  plan: RunPlan,
  member: number,
  change: Partial<Report> = {},
  log: DeliveredSequence = fullLog(plan),
  chunkBytesMax?: number,
): Promise<void> {
  const { peerId } = plan.members[member]!;
  const chunks = await uploadChunks(backend, plan, peerId, log, chunkBytesMax);
  const { length: deliveries, multicasts } = log;
  const fields = report(plan, member, { chunks, deliveries, multicasts, ...change });
  await uploadReport(backend, plan, peerId, fields);
}

export async function uploadReport(
  backend: Backend,
  plan: RunPlan,
  peerId: string,
  fields: object,
): Promise<void> {
  await backend.store.create(paths.report(plan.runId, peerId), { ...fields });
}
