import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { orderingNameSchema, peerIdSchema, runIdSchema, zoneSchema } from './names.ts';

/** A peer's address as the registry had it when the run began. */
export const memberSchema = z.strictObject({
  peerId: peerIdSchema,
  /** A daemon draws a new one at every start: a restarted peer is another member. */
  incarnation: z.string().min(8).max(64),
  zone: zoneSchema,
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
});
export type Member = z.infer<typeof memberSchema>;

export const intervalSchema = z.strictObject({
  min: z.int().min(0).max(LIMITS.intervalMsMax),
  max: z.int().min(0).max(LIMITS.intervalMsMax),
});

/** Everything that a member needs to know of a run; a member's index is its place in `members`. */
export const runPlanSchema = z.strictObject({
  runId: runIdSchema,
  ordering: orderingNameSchema,
  /** How many messages each member multicasts. */
  messages: z.int().min(1).max(LIMITS.messagesMax),
  intervalMs: intervalSchema,
  payloadBytes: z.int().min(0).max(LIMITS.payloadBytesMax),
  seed: z.int().min(0).max(LIMITS.seedMax),
  /** The members write down every event, up to a bound; absent in runs whose speed matters. */
  record: z.boolean().optional(),
  members: z.array(memberSchema).min(LIMITS.peersMin).max(LIMITS.peersMax),
  /** Milliseconds since 1970. */
  createdAtMs: z.int().min(0),
  /** Until then a member may join; then the handshake gives up and names who is missing. */
  joinByMs: z.int().min(0),
  /** Then every member stops and uploads what it has. */
  deadlineMs: z.int().min(0),
});
export type RunPlan = z.infer<typeof runPlanSchema>;

/** What travels on the bus. Carries no secret. */
export const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('run'), plan: runPlanSchema }),
  z.strictObject({
    command: z.literal('exit'),
    /** A daemon that started later ignores it: a redelivered exit must not end a restarted peer. */
    issuedAtMs: z.int().min(0),
    expiresAtMs: z.int().min(0),
  }),
]);
export type Command = z.infer<typeof commandSchema>;
