import type { Report } from '../documents.ts';

/** The outcomes of a member that stayed with the run to its end, whatever it was lacking then. */
const TO_THE_END: readonly Report['outcome'][] = ['complete', 'settled', 'deadline'];

/** Whether a member took part to the end; `null`: its log came from a file, and it is taken for one that did. */
export function isToTheEnd(outcome: Report['outcome'] | null): boolean {
  return outcome === null || TO_THE_END.includes(outcome);
}
