import { z } from 'zod';
import { ORDERING_DEFAULT, ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { intervalSchema } from '../command.ts';
import { INTERVAL_MS_DEFAULT, JOIN_MS, LIMITS } from '../limits.ts';
import { zoneSchema } from '../names.ts';
import {
  MIXED_BYTES_DEFAULT,
  payloadBytesOf,
  payloadConflict,
  type Workload,
  WORKLOADS,
} from '../workload.ts';

/** The time that the members have after all messages were sent, to recover what was lost. */
const SETTLE_MS = 10_000;

/**
 * A pace that any machine keeps up, for runs whose intervals are so short that only the work bounds
 * them.
 */
const TRANSMISSIONS_PER_MS = 10;

/**
 * The same for what payloads add, because small messages share datagrams and large ones do not: bytes of all transmissions
 * together. Eight members on two cores manage eight times as many; around the world, a token that is passed on needs half a
 * second for each 64 messages of a member.
 */
const PAYLOAD_BYTES_PER_MS = 1_000;

/**
 * The time that each pair of a large group needs besides, for hellos, heartbeats and what members say of the end: 64 of them on
 * two cores that were busy needed more for it than for their messages.
 */
const PAIR_MS = 10;
const PAIRS_AT_LEISURE = 16 * 15;

/** The words in which an error says what each field may be; the orderings are added where there is one. */
const ALLOWED: Readonly<Record<string, string>> = {
  peers: `an integer from ${LIMITS.peersMin} to ${LIMITS.peersMax}`,
  messages:
    `an integer from 1 to ${LIMITS.messagesMax}, with ` +
    `peers x (peers - 1) x messages at most ${LIMITS.transmissionsMax}; without a deadlineMs, as many as take ` +
    `${LIMITS.deadlineMsMax / 60_000} min at the mean interval`,
  ordering: 'one of',
  intervalMs: `{"min": A, "max": B}, integers with 0 <= A <= B <= ${LIMITS.intervalMsMax}`,
  payloadBytes: `an integer from 0 to ${LIMITS.payloadBytesMax}; ${MIXED_BYTES_DEFAULT} unless given with the workload mixed, none with bank`,
  workload: `one of ${WORKLOADS.join(', ')}`,
  deadlineMs: `an integer from ${LIMITS.deadlineMsMin} to ${LIMITS.deadlineMsMax}`,
  seed: `an integer from 0 to ${LIMITS.seedMax}`,
  record: 'true or false',
  zones: 'an array of as many zones as there are peers, such as "southamerica-east1-b"',
};
const FIELDS = Object.keys(ALLOWED);
const FIELDS_ALLOWED = `a JSON object with peers, messages and optionally ${FIELDS.slice(2).join(', ')}`;

/** The most errors that an answer tells, so that it stays short however much of a body is wrong. */
const ERRORS_MAX = 16;
const FIELD_CHARACTERS_MAX = 64;

/** The JSON body of POST /run, for a laboratory that has these orderings. */
export function runBodySchema(orderings: readonly string[]) {
  return z
    .strictObject({
      peers: z.int().min(LIMITS.peersMin).max(LIMITS.peersMax),
      messages: z.int().min(1).max(LIMITS.messagesMax),
      ordering: z.enum(orderings as [string, ...string[]]).optional(),
      intervalMs: intervalSchema
        .refine(({ min, max }) => min <= max, 'min is greater than max')
        .optional(),
      payloadBytes: z.int().min(0).max(LIMITS.payloadBytesMax).optional(),
      workload: z.enum(WORKLOADS).optional(),
      deadlineMs: z.int().min(LIMITS.deadlineMsMin).max(LIMITS.deadlineMsMax).optional(),
      seed: z.int().min(0).max(LIMITS.seedMax).optional(),
      record: z.boolean().optional(),
      zones: z.array(zoneSchema).max(LIMITS.peersMax).optional(),
    })
    .superRefine(({ peers, messages, intervalMs, deadlineMs, ...body }, context) => {
      const { zones, workload, payloadBytes } = body;
      const conflict = payloadConflict(workload ?? 'none', payloadBytesOf(workload, payloadBytes));
      if (conflict !== null) {
        context.addIssue({ code: 'custom', path: ['payloadBytes'], message: conflict });
      }
      const transmissions = transmissionsOf(peers, messages);
      if (transmissions > LIMITS.transmissionsMax) {
        const message = `peers x (peers - 1) x messages is ${transmissions}`;
        context.addIssue({ code: 'custom', path: ['messages'], message });
      }
      const { min, max } = intervalMs ?? INTERVAL_MS_DEFAULT;
      const sendsMs = (messages * (min + max)) / 2;
      // Who gives a deadline means it; otherwise nobody would be told that this run ends before its last message.
      if (deadlineMs === undefined && sendsMs > LIMITS.deadlineMsMax) {
        const message = `${messages} messages take about ${Math.round(sendsMs / 60_000)} min at the mean interval`;
        context.addIssue({ code: 'custom', path: ['messages'], message });
      }
      if (zones !== undefined && zones.length !== peers) {
        const message = `there are ${zones.length} zones for ${peers} peers`;
        context.addIssue({ code: 'custom', path: ['zones'], message });
      }
    });
}

/** A valid request, with every default filled in but the seed, which is drawn when the run begins. */
export interface RunRequest {
  readonly peers: number;
  /** How many messages each peer multicasts. */
  readonly messages: number;
  readonly ordering: string;
  readonly intervalMs: { readonly min: number; readonly max: number };
  readonly payloadBytes: number;
  readonly workload: Workload;
  /** The deadline in milliseconds from the run's beginning. */
  readonly deadlineMs: number;
  readonly seed: number | null;
  /** Whether the members write down every event, for space-time diagrams. */
  readonly record: boolean;
  /** The zone of each member in turn; `null` when any live peers will do. */
  readonly zones: readonly string[] | null;
}

/** What is wrong with one field. */
export interface FieldError {
  /** The field's path, such as `intervalMs.min`; empty for the body as a whole. */
  readonly field: string;
  readonly problem: string;
  readonly allowed: string;
}

export type ParsedRunRequest =
  | { readonly valid: true; readonly request: RunRequest }
  | { readonly valid: false; readonly errors: readonly FieldError[] };

/** Checks the JSON body of a request to run one of `orderings`; gives at most 16 errors. */
export function parseRunRequest(
  body: unknown,
  orderings: readonly string[] = ORDERING_NAMES,
): ParsedRunRequest {
  const parsed = runBodySchema(orderings).safeParse(body);
  if (!parsed.success) {
    const errors = parsed.error.issues
      .slice(0, ERRORS_MAX)
      .flatMap((issue) => toErrors(issue, body, orderings));
    return { valid: false, errors: errors.slice(0, ERRORS_MAX) };
  }
  const { peers, messages, ordering, payloadBytes, workload, deadlineMs, seed, zones } =
    parsed.data;
  const intervalMs = parsed.data.intervalMs ?? INTERVAL_MS_DEFAULT;
  const bytes = payloadBytesOf(workload, payloadBytes);
  const request: RunRequest = {
    peers,
    messages,
    ordering: ordering ?? ORDERING_DEFAULT,
    intervalMs: { min: intervalMs.min, max: intervalMs.max },
    payloadBytes: bytes,
    workload: workload ?? 'none',
    deadlineMs: deadlineMs ?? defaultDeadlineMs(peers, messages, intervalMs.max, bytes),
    seed: seed ?? null,
    record: parsed.data.record ?? false,
    zones: zones ?? null,
  };
  return { valid: true, request };
}

/**
 * How long a run may take when its request does not say: the handshake, every interval at its
 * longest, and the time to settle, which grows with what is to be sent, its bytes and the pairs of members; at most the
 * longest deadline that a request could have asked for.
 */
export function defaultDeadlineMs(
  peers: number,
  messages: number,
  intervalMsMax: number,
  payloadBytes = 0,
): number {
  const busyPairs = Math.max(0, peers * (peers - 1) - PAIRS_AT_LEISURE);
  const msEach = 1 / TRANSMISSIONS_PER_MS + payloadBytes / PAYLOAD_BYTES_PER_MS;
  const sentMs = transmissionsOf(peers, messages) * msEach;
  const settleMs = SETTLE_MS + sentMs + busyPairs * PAIR_MS;
  return Math.min(JOIN_MS + messages * intervalMsMax + Math.ceil(settleMs), LIMITS.deadlineMsMax);
}

function transmissionsOf(peers: number, messages: number): number {
  return peers * (peers - 1) * messages;
}

function toErrors(
  issue: z.core.$ZodIssue,
  body: unknown,
  orderings: readonly string[],
): FieldError[] {
  const path = issue.path.map(String);
  const field = path[0] ?? '';
  const names = field === 'ordering' ? ` ${orderings.join(', ')}` : '';
  const allowed = (ALLOWED[field] ?? FIELDS_ALLOWED) + names;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, ERRORS_MAX)
      .map((key) => ({ field: nameField([...path, key]), problem: 'unknown field', allowed }));
  }
  const value = valueAt(body, issue.path);
  const problem = issue.code === 'custom' ? issue.message : describe(value);
  return [{ field: nameField(path), problem, allowed }];
}

function nameField(path: readonly string[]): string {
  return path.join('.').slice(0, FIELD_CHARACTERS_MAX);
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array of this length or kind is not allowed';
  if (typeof value === 'object' && value !== null) return 'an object is not allowed';
  return `${JSON.stringify(value).slice(0, FIELD_CHARACTERS_MAX)} is not allowed`;
}
