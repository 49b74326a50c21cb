/**
 * The field that tells how long a document is kept. Firestore deletes a document some hours after the
 * time in this field, where a policy for its collection says so (infra/ sets one for each of these); no
 * other store looks at it. A run, its chunks, its reports and its comparison expire at about the same
 * time, since deleting a document leaves the documents beneath it alone.
 */
export const EXPIRY_FIELD = 'expiresAt';

/** The collections whose documents expire, wherever they stand. The lease is one document for ever. */
export const EXPIRING_COLLECTIONS: readonly string[] = [
  'chunks',
  'comparisons',
  'events',
  'parts',
  'peers',
  'reports',
  'requests',
  'runs',
];

/**
 * How long documents are kept: long enough for a course's report on what was measured, short enough to
 * cost nothing.
 */
export const RETENTION_DAYS = 30;

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Whether parts of a run of then may be forgotten by now. They go one by one, in no certain order: what is left of a run
 * says nothing about it.
 */
export function isBeingForgotten(createdAtMs: number, nowMs: number): boolean {
  return nowMs >= createdAtMs + (RETENTION_DAYS - 1) * DAY_MS;
}

/** When a document that is written now to `collection` expires; `null` for one that stays. */
export function expiryOf(collection: string, nowMs: number): Date | null {
  const name = collection.slice(collection.lastIndexOf('/') + 1);
  return EXPIRING_COLLECTIONS.includes(name) ? new Date(nowMs + RETENTION_DAYS * DAY_MS) : null;
}
