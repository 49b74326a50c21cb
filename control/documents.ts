import { z } from 'zod';
import { ACCOUNTS } from '../core/bank/bank-operation.ts';
import { GUARANTEE_NAMES } from '../core/guarantees.ts';
import { memberSchema, runPlanSchema } from './command.ts';
import { peerIdSchema, runIdSchema } from './names.ts';

/**
 * The documents of the store, and their paths. All are created once, except a registry entry, the lease and the
 * record of a request whose run is gone. Fields are plain JSON; a chunk's encoded deliveries are its document's bytes.
 */
export const paths = {
  peers: 'peers',
  peer: (peerId: string) => `peers/${peerId}`,
  lease: 'leases/active',
  request: (keyHash: string) => `requests/${keyHash}`,
  runs: 'runs',
  run: (runId: string) => `runs/${runId}`,
  chunks: (runId: string) => `runs/${runId}/chunks`,
  /** Zero-padded, so that the order of ids is the order of chunks. */
  chunk: (runId: string, peerId: string, index: number) =>
    `runs/${runId}/chunks/${peerId}.${String(index).padStart(6, '0')}`,
  events: (runId: string) => `runs/${runId}/events`,
  eventPiece: (runId: string, peerId: string, index: number) =>
    `runs/${runId}/events/${peerId}.${String(index).padStart(6, '0')}`,
  reports: (runId: string) => `runs/${runId}/reports`,
  report: (runId: string, peerId: string) => `runs/${runId}/reports/${peerId}`,
  comparisons: 'comparisons',
  comparison: (runId: string) => `comparisons/${runId}`,
} as const;

/**
 * `peers/{peerId}`: who could take part, renewed by a heartbeat. Fields that it does not know are left out: a peer of
 * another version is there all the same, and whoever asks is told why it cannot take part.
 */
export const registryEntrySchema = z.object({
  ...memberSchema.shape,
  /** The PROTOCOL of its daemon; absent in those that did not say. */
  protocol: z
    .string()
    .regex(/^[0-9.]{1,20}$/)
    .optional(),
  startedAtMs: z.int(),
  /** 0 once the daemon has taken its leave. */
  heartbeatAtMs: z.int(),
  /** When the daemon took its leave; its process ends soon after, whatever it has not uploaded. */
  leftAtMs: z.int().optional(),
});
export type RegistryEntry = z.infer<typeof registryEntrySchema>;

/** `leases/active`: the run that has the laboratory, until its deadline or its comparison. */
export const leaseSchema = z.object({ runId: runIdSchema, untilMs: z.int() });

/** `requests/{hash of the Idempotency-Key}`: the run that the first such request made. */
export const requestRecordSchema = z.object({ runId: runIdSchema, bodyHash: z.string() });

/** `runs/{runId}`: what was asked. */
export const runSchema = z.object({
  plan: runPlanSchema,
  backend: z.string(),
  /** What the ordering declares: one from a user's file is in no registry that could be asked later. */
  declared: z.array(z.enum(GUARANTEE_NAMES)).optional(),
  /** The losses of members that leave these guarantees intact. */
  survives: z.enum(['none', 'minority']).optional(),
});
export type Run = z.infer<typeof runSchema>;

/** Where the datagrams of a run travelled. */
export const networkSchema = z.enum(['real', 'emulated', 'simulated', 'unknown']);
export type Network = z.infer<typeof networkSchema>;

/** `runs/{runId}/chunks/{peerId}.{index}`: deliveries, encoded as in core/records/sequence-codec.ts. */
export const chunkSchema = z.object({
  peerId: peerIdSchema,
  index: z.int().min(0),
  /** How many deliveries and multicasts the bytes hold: progress can be shown without decoding. */
  deliveries: z.int().min(0),
  multicasts: z.int().min(0),
});
export type Chunk = z.infer<typeof chunkSchema>;

/** A time that somebody measured: no time is negative, and none is longer than a number can count. */
const millisecondsSchema = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** `runs/{runId}/events/{peerId}.{index}`: what a member recorded, encoded as in core/records/event-codec.ts. */
export const eventPieceSchema = z.object({
  peerId: peerIdSchema,
  index: z.int().min(0),
  events: z.int().min(0),
});
export type EventPieceFields = z.infer<typeof eventPieceSchema>;

/** How many events a member recorded, and how many came after its record was full. */
export const recordedSchema = z.object({ events: z.int().min(0), leftOut: z.int().min(0) });

/** Percentiles in milliseconds; `null` where nothing was measured. */
export const percentilesSchema = z.object({
  p50: millisecondsSchema.nullable(),
  p90: millisecondsSchema.nullable(),
  p99: millisecondsSchema.nullable(),
  max: millisecondsSchema.nullable(),
});
export type Percentiles = z.infer<typeof percentilesSchema>;

/** What one member measured of its own run. */
export const countersSchema = z.object({
  /** UDP datagrams sent and received, and their bytes without IP and UDP headers. */
  datagramsSent: z.int().min(0),
  datagramsReceived: z.int().min(0),
  bytesSent: z.int().min(0),
  bytesReceived: z.int().min(0),
  /** Messages that left, each destination counted: those that carry the application's, where a pack is one, and the ordering's own. */
  dataMessagesSent: z.int().min(0),
  controlMessagesSent: z.int().min(0),
  /** Datagrams that were not accepted, by reason. */
  dropped: z.record(z.string(), z.int().min(0)),
  /** Datagrams that the emulated network swallowed on purpose. */
  emulatedLosses: z.int().min(0),
  /** From a multicast to the delivery at its own sender: one clock, so no skew. */
  ownLatencyMs: percentilesSchema,
  /** From a message's first arrival to its delivery. */
  heldMs: percentilesSchema,
  heldMax: z.int().min(0),
  /** Deliveries made only after the last message had arrived. */
  deliveredAfterLastArrival: z.int().min(0),
  /** How long it was busy with messages that came, and with what it sent for them, and had a processor; absent in older reports. */
  busyMs: millisecondsSchema.optional(),
  /**
   * How long its process was not run although it was due, since it was stopped, others had the processor, or it waited for
   * something else than messages: in all, and at most at a time; absent in older reports.
   */
  standstillMs: millisecondsSchema.optional(),
  standstillMsMax: millisecondsSchema.optional(),
});
export type Counters = z.infer<typeof countersSchema>;

/** What a replica of the bank held when its run ended; core/bank/bank.ts says what the fields mean. */
export const bankStateSchema = z.object({
  balancesCents: z.array(z.int().min(0)).length(ACCOUNTS),
  stateHash: z.string().regex(/^[0-9a-f]{16}$/),
  applied: z.int().min(0),
  undecodable: z.int().min(0),
});
export type BankState = z.infer<typeof bankStateSchema>;

export const paceSchema = z.object({ plannedMs: millisecondsSchema, behindMs: millisecondsSchema });

/** `runs/{runId}/reports/{peerId}`: the last thing that a member writes of a run. */
export const reportSchema = z.object({
  runId: runIdSchema,
  peerId: peerIdSchema,
  incarnation: z.string(),
  /**
   * `complete`: delivered everything; `settled`: everything had been sent, and what is missing was
   * lost; `deadline`: the run's time was over; `handshake`: some member never answered;
   * `abandoned`: the daemon was told to stop; `failed`: the ordering is unknown here, or threw.
   */
  outcome: z.enum(['complete', 'settled', 'deadline', 'handshake', 'abandoned', 'failed']),
  /** One sentence for a person, where the outcome is not `complete`. */
  reason: z.string().optional(),
  /** The members that this one never heard, or without which it ended after the handshake. */
  missing: z.array(peerIdSchema),
  /** What its ordering waited for when the run ended: the next message, and whose word it lacked. */
  blocked: z
    .object({ sender: peerIdSchema, sequence: z.int().min(0), waitsFor: z.array(peerIdSchema) })
    .optional(),
  /** How many chunks were written, and what they hold in sum. */
  chunks: z.int().min(0),
  deliveries: z.int().min(0),
  multicasts: z.int().min(0),
  /** How much was recorded; present only in a run that records. */
  recorded: recordedSchema.optional(),
  network: networkSchema,
  /** Smallest round trip to each other member in the handshake. */
  roundTripMs: z.record(peerIdSchema, millisecondsSchema),
  /** From the first multicast to the last delivery. */
  durationMs: millisecondsSchema,
  /** The time in which it was to multicast what it did, and how much more it took; absent in older reports. */
  pace: paceSchema.optional(),
  counters: countersSchema,
  /** What the replica held; present only where the workload is the bank. */
  bank: bankStateSchema.optional(),
});
export type Report = z.infer<typeof reportSchema>;
