import { z } from 'zod';
import { PROBLEMS } from '../problem.ts';

/** What POST /run answers when a run began, or had begun under the same key. */
export const runAcceptedSchema = z.object({
  runId: z.string(),
  ordering: z.string(),
  peers: z.int(),
  messages: z.int(),
  seed: z.int(),
  zones: z.array(z.string()),
  members: z.array(z.string()),
  /** ISO 8601. */
  deadline: z.iso.datetime(),
  /** Paths of documents in the store. */
  run: z.string(),
  comparison: z.string(),
});

/** What POST /exit answers: the command was published, and holds until it expires. */
export const exitAcceptedSchema = z.object({
  issuedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

/** What is wrong with one field of a request. */
export const fieldErrorSchema = z.object({
  /** Such as `intervalMs.min`; empty for the body as a whole. */
  field: z.string(),
  problem: z.string(),
  allowed: z.string(),
});

/** Problem details (RFC 9457), with further members that depend on the problem. */
export const problemDocumentSchema = z.looseObject({
  type: z.enum(Object.keys(PROBLEMS).map((name) => `urn:mpcomm:problem:${name}`)),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** What is wrong with the fields; only the problem `invalid-request` has this. */
  errors: z.array(fieldErrorSchema).optional(),
});
