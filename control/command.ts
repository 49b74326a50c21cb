import { z } from 'zod';
import { DATAGRAM_BYTES_DEFAULT, DATAGRAM_BYTES_MAX } from '../core/wire/datagram.ts';
import { LIMITS } from './limits.ts';
import { orderingNameSchema, peerIdSchema, runIdSchema, zoneSchema } from './names.ts';
import { WORKLOADS } from './workload.ts';

/** A peer's address as the registry had it when the run began. */
export const memberSchema = z.strictObject({
  peerId: peerIdSchema,
  /** A daemon draws a new one at every start: a restarted peer is another member. */
  incarnation: z.string().min(8).max(64),
  zone: zoneSchema,
  /** A name or an address: a peer writes its own here, and others send datagrams to it. */
  host: z.string().regex(/^[A-Za-z0-9.:-]{1,255}$/, 'a host is a name or an IP address'),
  port: z.int().min(1).max(65_535),
  /** The longest datagram that its paths carry, as it was told; absent: what every path carries. */
  datagramBytes: z.int().min(DATAGRAM_BYTES_DEFAULT).max(DATAGRAM_BYTES_MAX).optional(),
});
export type PlannedMember = z.infer<typeof memberSchema>;

export const intervalSchema = z.strictObject({
  min: z.int().min(0).max(LIMITS.intervalMsMax),
  max: z.int().min(0).max(LIMITS.intervalMsMax),
});

/** Everything that a member needs to know of a run; a member's index is its place in `members`. */
export const runPlanSchema = z
  .strictObject({
    runId: runIdSchema,
    ordering: orderingNameSchema,
    /** How many messages each member multicasts. */
    messages: z.int().min(1).max(LIMITS.messagesMax),
    intervalMs: intervalSchema,
    payloadBytes: z.int().min(0).max(LIMITS.payloadBytesMax),
    /** What the messages carry; absent: nothing in particular. */
    workload: z.enum(WORKLOADS).optional(),
    seed: z.int().min(0).max(LIMITS.seedMax),
    /** Whether the members record every event, up to a bound; absent in runs whose speed matters. */
    record: z.boolean().optional(),
    members: z.array(memberSchema).min(LIMITS.peersMin).max(LIMITS.peersMax),
    /** Milliseconds since 1970. */
    createdAtMs: z.int().min(0),
    /** Until when a member may join; afterwards the handshake gives up and names who is missing. */
    joinByMs: z.int().min(0),
    /** When every member stops and uploads what it has. */
    deadlineMs: z.int().min(0),
  })
  .superRefine((plan, context) => {
    for (const message of planProblems(plan)) context.addIssue({ code: 'custom', message });
  });
export type RunPlan = z.infer<typeof runPlanSchema>;

/** The longest datagram of a run: what all its members said that their paths carry. */
export function datagramBytesOf({ members }: Pick<RunPlan, 'members'>): number {
  return Math.min(...members.map(({ datagramBytes = DATAGRAM_BYTES_DEFAULT }) => datagramBytes));
}

interface PlanParts {
  readonly messages: number;
  readonly members: readonly { readonly peerId: string }[];
  readonly createdAtMs: number;
  readonly joinByMs: number;
  readonly deadlineMs: number;
}

/**
 * What is wrong with a plan that no request could have led to: an invented plan could cost more than
 * any run may.
 */
function planProblems({
  messages,
  members,
  createdAtMs,
  joinByMs,
  deadlineMs,
}: PlanParts): string[] {
  const transmissions = members.length * (members.length - 1) * messages;
  const isInOrder = createdAtMs <= joinByMs && joinByMs <= deadlineMs;
  return [
    ...(transmissions > LIMITS.transmissionsMax ? ['the run is larger than any may be'] : []),
    ...(deadlineMs - createdAtMs > LIMITS.deadlineMsMax
      ? ['the run is longer than any may be']
      : []),
    ...(isInOrder ? [] : ['the times of the run are out of order']),
    ...(new Set(members.map(({ peerId }) => peerId)).size < members.length
      ? ['a member is named twice']
      : []),
  ];
}

/** What travels on the bus. A command carries no secret. */
export const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('run'), plan: runPlanSchema }),
  z.strictObject({
    command: z.literal('exit'),
    /**
     * A daemon that started later ignores the command: a redelivered exit must not end a restarted
     * peer.
     */
    issuedAtMs: z.int().min(0),
    expiresAtMs: z.int().min(0),
  }),
  /** A command that asks for nothing: its arrival shows that the subscription delivers. */
  z.strictObject({ command: z.literal('ping'), issuedAtMs: z.int().min(0) }),
]);
export type Command = z.infer<typeof commandSchema>;
