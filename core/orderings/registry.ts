import type { GuaranteeName } from '../guarantees.ts';
import type { Create } from '../ordering.ts';
import { create as createUnordered } from './unordered.ts';
import { create as createFifo } from './fifo.ts';

/** What is said of an ordering before it runs; the comparison holds it to that. */
export interface OrderingEntry {
  readonly name: string;
  readonly create: Create;
  /** One line for a list. */
  readonly summary: string;
  /** What holds in every run (agreement and validity: in every run that `survives` allows). */
  readonly guarantees: readonly GuaranteeName[];
  /** Whether a lost message is sent again, so that waiting for it makes sense. */
  readonly retransmits: boolean;
  /** Which crashes leave the guarantees and the survivors' progress intact. */
  readonly survives: 'none' | 'minority';
}

const ENTRIES: readonly OrderingEntry[] = [
  {
    name: 'unordered',
    create: createUnordered,
    summary: 'delivers on arrival; what the network loses is lost',
    guarantees: ['integrity', 'validity'],
    retransmits: false,
    survives: 'none',
  },
  {
    name: 'fifo',
    create: createFifo,
    summary: "recovers losses; each sender's messages in the order in which they were multicast",
    guarantees: ['integrity', 'validity', 'agreement', 'fifo'],
    retransmits: true,
    survives: 'none',
  },
];

export const ORDERINGS: ReadonlyMap<string, OrderingEntry> = new Map(
  ENTRIES.map((entry) => [entry.name, entry]),
);

export const ORDERING_NAMES: readonly string[] = ENTRIES.map((entry) => entry.name);
