import { assert } from '../../core/base/assert.ts';
import { ORDERINGS, type OrderingEntry } from '../../core/orderings/registry.ts';
import { describeAbsent } from './absent-peers.ts';
import { chooseMembers, isLive, registeredPeers, type Shortage } from './choose-members.ts';
import type { PlannedMember, RunPlan } from '../command.ts';
import {
  leaseSchema,
  paths,
  requestRecordSchema,
  runSchema,
  type RegistryEntry,
} from '../documents.ts';
import { JOIN_MS, UPLOAD_GRACE_MS } from '../limits.ts';
import { createRunId } from '../names.ts';
import { PROTOCOL } from '../protocol.ts';
import type { Backend, Transaction, WallClock } from '../ports.ts';
import type { RunRequest } from './run-request.ts';
import { reach, UnavailableError } from '../unavailable.ts';

/** Everything that beginning a run touches. */
export interface BeginRunContext {
  readonly backend: Pick<Backend, 'name' | 'store' | 'bus'>;
  /** It is read again after each wait, since a store may take longer than there is time to join. */
  readonly clock: WallClock;
  /** Uniform in [0, 1): names the run, and seeds it when the request does not. */
  readonly random: () => number;
  /** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
  readonly sha256Hex: (text: string) => string;
  /** What can be run, by name; the registry where it is not given. */
  readonly orderings?: ReadonlyMap<string, OrderingEntry>;
  /**
   * Selects, of the peers with a recent heartbeat, those that are still there; absent: all of them
   * count.
   */
  readonly present?: (peers: readonly RegistryEntry[]) => Promise<readonly RegistryEntry[]>;
}

/**
 * What became of a request. `repeated`: an earlier request with the same key began this run.
 * `unpublished`: the run exists, but its command may not have reached the bus. Repeating the request
 * under its key publishes it again. Peers look for a run that they missed, so that it may take place all the same; otherwise
 * it is closed when it expires.
 */
export type BeginRunOutcome =
  | { readonly outcome: 'begun'; readonly plan: RunPlan }
  | { readonly outcome: 'repeated'; readonly plan: RunPlan }
  | { readonly outcome: 'unpublished'; readonly plan: RunPlan }
  | ({ readonly outcome: 'tooFewPeers'; readonly absent: readonly string[] } & Omit<
      Shortage,
      'members'
    >)
  | { readonly outcome: 'active'; readonly runId: string; readonly untilMs: number }
  | { readonly outcome: 'keyReused' };

/** What identifies a request that may be repeated. */
interface RequestIdentity {
  readonly path: string;
  readonly bodyHash: string;
}

/** A transaction, or the store itself. */
type Reader = Pick<Transaction, 'read'>;

type Recorded = Exclude<BeginRunOutcome, { outcome: 'tooFewPeers' | 'unpublished' }>;

/**
 * Begins a run: in one transaction the lease, the run's document and, under an Idempotency-Key,
 * the record of the request; then the command on the bus. A crash in between leaves a run whose command
 * nobody got: the same request under its key publishes it, peers find it when they look for what they missed, or it is closed
 * when it expires. Throws `UnavailableError` when the store does not answer, or not in time.
 */
export async function beginRun(
  context: BeginRunContext,
  request: RunRequest,
  idempotencyKey: string | null,
): Promise<BeginRunOutcome> {
  const { store } = context.backend;
  const registered = registeredPeers(await reach('store', () => store.list(paths.peers)));
  const nowMs = context.clock();
  const live = registered.filter((entry) => isLive(entry, nowMs) && entry.protocol === PROTOCOL);
  const present = (await context.present?.(live)) ?? live;
  const choice = chooseMembers(present, request.peers, request.zones);
  const plan = choice.members === null ? null : createPlan(context, request, choice.members);
  const identity = identify(context, request, idempotencyKey);
  const recorded = await reach('store', () =>
    store.transact((transaction) => record(transaction, context, plan, identity)),
  );
  if (recorded === null) {
    assert(choice.members === null, 'only too few peers keep a run from being recorded');
    const { live, zones, missingZones } = choice;
    const absent = describeAbsent(registered, present, nowMs);
    return { outcome: 'tooFewPeers', live, zones, missingZones, absent };
  }
  return conclude(context, recorded);
}

/**
 * The outcome of a request while a run is active, found without a transaction; `null` when no run is,
 * so that `beginRun` has to decide. A crowd of requests that all lock the lease would keep each other
 * from ever committing; this locks nothing. It reads the lease first: the record of a request that was
 * committed with that lease is there by then as well.
 */
export async function joinActiveRun(
  context: BeginRunContext,
  request: RunRequest,
  idempotencyKey: string | null,
): Promise<BeginRunOutcome | null> {
  const { store } = context.backend;
  const lease = await reach('store', () => readLease(store, context.clock()));
  if (lease === null) return null;
  const identity = identify(context, request, idempotencyKey);
  const earlier = identity && (await reach('store', () => readEarlier(store, identity)));
  return earlier ? conclude(context, earlier) : { outcome: 'active', ...lease };
}

async function conclude(context: BeginRunContext, recorded: Recorded): Promise<BeginRunOutcome> {
  return 'plan' in recorded ? publish(context, recorded) : recorded;
}

function createPlan(
  { clock, random }: BeginRunContext,
  request: RunRequest,
  members: readonly PlannedMember[],
): RunPlan {
  const nowMs = clock();
  const deadlineMs = nowMs + request.deadlineMs;
  return {
    runId: createRunId(nowMs, random()),
    ordering: request.ordering,
    messages: request.messages,
    intervalMs: { ...request.intervalMs },
    payloadBytes: request.payloadBytes,
    ...(request.workload !== 'none' && { workload: request.workload }),
    seed: request.seed ?? Math.floor(random() * 0x1_0000_0000),
    ...(request.record ? { record: true } : {}),
    members: [...members],
    createdAtMs: nowMs,
    joinByMs: Math.min(nowMs + JOIN_MS, deadlineMs),
    deadlineMs,
  };
}

function identify(
  { sha256Hex }: BeginRunContext,
  request: RunRequest,
  idempotencyKey: string | null,
): RequestIdentity | null {
  if (idempotencyKey === null) return null;
  // The hash is taken of the parsed request, not of the body's text, so that white space and
  // spelled-out defaults change nothing.
  return {
    path: paths.request(sha256Hex(idempotencyKey)),
    bodyHash: sha256Hex(JSON.stringify(request)),
  };
}

/**
 * Records a new run; `null` when there are too few peers. It has no effect outside the transaction, as
 * it may run again.
 */
async function record(
  transaction: Transaction,
  context: BeginRunContext,
  plan: RunPlan | null,
  identity: RequestIdentity | null,
): Promise<Recorded | null> {
  const earlier = identity && (await readEarlier(transaction, identity));
  if (earlier) return earlier;
  if (plan === null) return null;
  const nowMs = context.clock();
  const lease = await readLease(transaction, nowMs);
  // An attempt whose answer was lost may have committed: its lease is this same run's, and no obstacle.
  if (lease?.runId === plan.runId) return { outcome: 'begun', plan };
  if (lease !== null) return { outcome: 'active', ...lease };
  // Nobody could join any more, and the laboratory would be taken until the run's deadline.
  if (nowMs >= plan.joinByMs)
    throw new UnavailableError('the store took longer than peers may take to join');
  const entry = (context.orderings ?? ORDERINGS).get(plan.ordering);
  const promises = {
    declared: [...(entry?.guarantees ?? [])],
    survives: entry?.survives ?? 'none',
  };
  const run = { plan, backend: context.backend.name, ...promises };
  transaction.create(paths.run(plan.runId), run);
  const untilMs = plan.deadlineMs + UPLOAD_GRACE_MS;
  transaction.replace(paths.lease, { runId: plan.runId, untilMs });
  if (identity) {
    const { path, bodyHash } = identity;
    transaction.replace(path, { runId: plan.runId, bodyHash });
  }
  return { outcome: 'begun', plan };
}

/** The outcome of an earlier request under the same key; `null` when there was none, or its run is gone. */
async function readEarlier(
  reader: Reader,
  { path, bodyHash }: RequestIdentity,
): Promise<Recorded | null> {
  const earlier = requestRecordSchema.safeParse((await reader.read(path))?.fields);
  if (!earlier.success) return null;
  if (earlier.data.bodyHash !== bodyHash) return { outcome: 'keyReused' };
  const document = await reader.read(paths.run(earlier.data.runId));
  const run = runSchema.safeParse(document?.fields);
  return run.success ? { outcome: 'repeated', plan: run.data.plan } : null;
}

/** The lease in force; `null` when there is none, when its time is over, or when its run was compared. */
async function readLease(
  reader: Reader,
  nowMs: number,
): Promise<{ runId: string; untilMs: number } | null> {
  const lease = leaseSchema.safeParse((await reader.read(paths.lease))?.fields);
  if (!lease.success || nowMs > lease.data.untilMs) return null;
  const compared = await reader.read(paths.comparison(lease.data.runId));
  return compared === undefined ? lease.data : null;
}

/** Publishes the run's command. Peers ignore a command that they know, so publishing twice is harmless. */
async function publish(
  { backend: { bus }, clock }: BeginRunContext,
  recorded: Extract<Recorded, { plan: RunPlan }>,
): Promise<BeginRunOutcome> {
  const { plan } = recorded;
  if (clock() >= plan.joinByMs) {
    return recorded.outcome === 'begun' ? { outcome: 'unpublished', plan } : recorded;
  }
  try {
    await reach('bus', () => bus.publish({ command: 'run', plan }));
    return recorded;
  } catch (error) {
    if (error instanceof UnavailableError) return { outcome: 'unpublished', plan };
    throw error;
  }
}
