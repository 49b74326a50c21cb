import { z } from 'zod';
import { ZONE_FORM } from './zone-form.ts';

/** Ids become parts of Firestore paths and Pub/Sub names: letters, digits, hyphens. */
export const peerIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'a peer id is 1 to 63 of a-z, 0-9 and -, from a letter');

export const runIdSchema = z
  .string()
  .regex(/^[0-9]{8}-[0-9]{6}-[0-9a-f]{8}$/, 'a run id looks like 20260131-235959-0a1b2c3d');

export const zoneSchema = z.string().regex(ZONE_FORM, 'a zone looks like southamerica-east1-b');

export const orderingNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'an ordering is named by a-z, 0-9 and -');

/** A run's id: its time of creation in UTC, then 32 random bits. Sorts by time. */
export function createRunId(nowMs: number, random: number): string {
  const [date, time] = new Date(nowMs)
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, '')
    .split('T');
  return `${date}-${time}-${Math.floor(random * 0x1_0000_0000)
    .toString(16)
    .padStart(8, '0')}`;
}
