import { z } from 'zod';
import { GUARANTEE_NAMES } from '../core/guarantees.ts';
import { bankSchema } from './bank-document.ts';
import {
  networkSchema,
  paceSchema,
  percentilesSchema,
  recordedSchema,
  reportSchema,
} from './documents.ts';

/**
 * `comparisons/{runId}`: what the peers of a run disagree about. The one schema that the function
 * writes, the store keeps, the command line prints and the simulator produces.
 *
 * Peers, messages and positions are counted from 0. No array stands directly in an array, because
 * Firestore has no such value.
 */
const countSchema = z.int().min(0);

export const messageIdSchema = z.object({ sender: countSchema, sequence: countSchema });

/** A message. For logs from files, `text` is what these call it, such as `(5001, 17)`. */
const shownMessageSchema = messageIdSchema.extend({ text: z.string().optional() });

/** How logs from files were understood: `notes` are sentences for a person. */
export const readingSchema = z.object({
  notes: z.array(z.string()),
  /** What the logs call each sender: first the senders whose logs there are, then the others. */
  senders: z.array(z.string().nullable()),
  /** The number of each sender's first message; `null` where numbers do not count. */
  first: countSchema.nullable(),
});

/** What one peer did with one message: delivered it at `position`, or never (`null`). */
export const observationSchema = z.object({
  peer: countSchema,
  sender: countSchema,
  sequence: countSchema,
  position: countSchema.nullable(),
});

export const counterexampleSchema = z.object({
  /** One sentence for a person. */
  text: z.string(),
  observations: z.array(observationSchema),
});

/** A verdict; `held` is `null` where the guarantee could not be judged, and then `reason` says why. */
export const verdictSchema = z.object({
  held: z.boolean().nullable(),
  counterexample: counterexampleSchema.optional(),
  reason: z.string().optional(),
});

const guaranteesSchema = z.object({
  integrity: verdictSchema,
  validity: verdictSchema,
  agreement: verdictSchema,
  uniformAgreement: verdictSchema,
  fifo: verdictSchema,
  causal: verdictSchema,
  total: verdictSchema,
  uniformTotal: verdictSchema,
  gapFree: verdictSchema,
} satisfies Record<(typeof GUARANTEE_NAMES)[number], typeof verdictSchema>);

/** Numbers sent and received; `null` where the peer left no report (or the logs came from files). */
const trafficSchema = z.object({ sent: countSchema, received: countSchema }).nullable();

export const peerResultSchema = z.object({
  peer: countSchema,
  peerId: z.string(),
  /**
   * What the logs call their peer, for logs from files, where `peerId` is the file; `null` where they
   * do not tell whose log it is.
   */
  called: z.string().nullable().optional(),
  zone: z.string().nullable(),
  /**
   * What a peer left. `reported`: its report; `crashed`: deliveries, but no report; `silent`: nothing;
   * `rejected`: something that could not be used (see `reason`).
   */
  standing: z.enum(['reported', 'crashed', 'silent', 'rejected']),
  outcome: reportSchema.shape.outcome.nullable(),
  reason: z.string().nullable(),
  /** Present when it took part to the end, but a majority had ended without it: it counts as crashed. */
  leftBehind: z.literal(true).optional(),
  /** How many messages it multicast; `null` where that is not known. */
  multicasts: countSchema.nullable(),
  delivered: countSchema,
  /** Messages that are known to have been multicast and that this peer never delivered. */
  missing: countSchema,
  duplicates: countSchema,
  /** Deliveries of messages that nobody multicast. */
  invented: countSchema,
  /** Deliveries with another content than was multicast; `null` where contents are not known. */
  altered: countSchema.nullable().default(null),
  datagrams: trafficSchema,
  bytes: trafficSchema,
  /** Messages that left, each destination counted. */
  messagesSent: z.object({ data: countSchema, control: countSchema }).nullable(),
  dropped: z.record(z.string(), countSchema).nullable(),
  emulatedLosses: countSchema.nullable(),
  ownLatencyMs: percentilesSchema.nullable(),
  heldMs: percentilesSchema.nullable(),
  heldMax: countSchema.nullable(),
  deliveredAfterLastArrival: countSchema.nullable(),
  /** How long it was busy with messages that came; absent where that is not known. */
  busyMs: z.number().optional(),
  /** How long its process was not run although it was due; absent where that is not known. */
  standstillMs: z.number().optional(),
  /** The longest time of these. */
  standstillMsMax: z.number().optional(),
  roundTripMs: z.record(z.string(), z.number()).nullable(),
  durationMs: z.number().nullable(),
  /** The time in which it was to multicast, and how much more it took; absent where that is not known. */
  pace: paceSchema.optional(),
  /** How much it recorded; present only in a run that recorded its events. */
  recorded: recordedSchema.optional(),
});

export const pairResultSchema = z.object({
  first: countSchema,
  second: countSchema,
  /** Messages that both delivered. */
  common: countSchema,
  /** Kendall tau distance: pairs of common messages that the two delivered in opposite orders. */
  discordant: countSchema,
  /** `discordant` over all pairs of common messages, 0 (same order) to 1 (reversed); `null` below two. */
  normalized: z.number().nullable(),
  /** How many first positions are the same at both. */
  commonPrefix: countSchema,
});

export const comparisonSchema = z.object({
  schemaVersion: z.literal(1),
  /** The run; `null` for logs compared from files. */
  runId: z.string().nullable(),
  createdAtMs: z.int(),
  ordering: z.string().nullable(),
  backend: z.string(),
  network: networkSchema,
  seed: countSchema.nullable(),
  peers: countSchema,
  messages: countSchema,
  /** `false` when `messages` was not given and the greatest sequence number seen was taken. */
  messagesKnown: z.boolean(),
  /** peers x messages; for logs from files, the messages known to exist: one round a position. */
  rounds: countSchema,
  /** Rounds at which not all peers delivered the same message (one that has nothing disagrees). */
  unorderedRounds: countSchema,
  /** The unordered rounds at which some peer has nothing. */
  missingRounds: countSchema,
  /** The unordered rounds at which two peers delivered different messages. */
  conflictingRounds: countSchema,
  /** What the published experiments would have printed; see docs/reading-results.md. */
  publishedCount: countSchema,
  /** The peer whose log the published count leaves out, and a caveat where the count says nothing. */
  publishedCountLeavesOut: countSchema.nullable(),
  publishedCountNote: z.string().nullable(),
  firstDivergence: z
    .object({
      position: countSchema,
      deliveries: z.array(z.object({ peer: countSchema, message: shownMessageSchema.nullable() })),
    })
    .nullable(),
  guarantees: guaranteesSchema,
  /** The guarantees that the ordering declares. */
  declared: z.array(z.enum(GUARANTEE_NAMES)),
  /** Whether integrity covers contents, because it is known what every delivery carried. */
  contentsJudged: z.boolean().default(false),
  perPeer: z.array(peerResultSchema),
  kendallTau: z.object({
    /** Mean and maximum of `normalized` over the pairs that have one. */
    mean: z.number().nullable(),
    max: z.number().nullable(),
    pairs: z.array(pairResultSchema),
  }),
  /** What a multicast cost, over all peers that reported. */
  cost: z
    .object({
      datagramsPerMulticast: z.number(),
      bytesPerMulticast: z.number(),
      controlMessagesPerMulticast: z.number(),
    })
    .nullable(),
  /** The replicated bank; `null` for any other workload, and in documents older than the bank. */
  bank: bankSchema.nullable().default(null),
  /** How the logs were understood; present only for logs from files. */
  reading: readingSchema.optional(),
  /** Sentences for a person: who or what was missing, and anything else that looks wrong. */
  findings: z.array(z.string()),
});
export type Comparison = z.infer<typeof comparisonSchema>;
export type PeerResult = z.infer<typeof peerResultSchema>;
export type VerdictDocument = z.infer<typeof verdictSchema>;
export type CounterexampleDocument = z.infer<typeof counterexampleSchema>;
