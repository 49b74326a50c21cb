import { randomUUID } from 'node:crypto';

/** A name that no other test uses: stores and buses are shared. Fits a peer's id. */
export function uniqueName(): string {
  return `test-${randomUUID()}`;
}
