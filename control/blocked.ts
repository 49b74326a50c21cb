import type { Blockage } from '../core/ordering.ts';
import type { Report } from './documents.ts';

/** A blockage as a report has it: with members by their ids, and absent where there is none. */
export function blockedOf(
  blockage: Blockage | null,
  idOf: (member: number) => string,
): Pick<Report, 'blocked'> {
  if (blockage === null) return {};
  const { sender, sequence, waitsFor } = blockage;
  return { blocked: { sender: idOf(sender), sequence, waitsFor: waitsFor.map(idOf) } };
}
