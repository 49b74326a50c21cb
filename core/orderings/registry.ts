import { GUARANTEE_NAMES, type GuaranteeName } from '../guarantees.ts';
import type { Create } from '../ordering.ts';
import { create as createUnordered } from './unordered.ts';
import { create as createSequencer, createFast as createSequencerFast } from './sequencer.ts';
import { create as createFifo } from './fifo.ts';
import { create as createCausal } from './causal.ts';
import { create as createLamport } from './lamport.ts';
import { create as createRing } from './ring.ts';
import { create as createSkeen, createUniform as createSkeenUniform } from './skeen.ts';
import { create as createToken, createMovingSequencer } from './token.ts';

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
  /**
   * Whether it is to bear packets that the network repeats; by default whether it retransmits, since for
   * the others the daemon drops repeated datagrams before they see them (docs/wire-format.md).
   */
  readonly seesRepetition?: boolean;
  /** Each of its events takes long, as a program's does: it is spared the largest runs of a check. */
  readonly moderate?: boolean;
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
  {
    name: 'causal',
    create: createCausal,
    summary: 'vector clocks; a message after everything that its sender knew when it multicast it',
    guarantees: ['integrity', 'validity', 'agreement', 'fifo', 'causal'],
    retransmits: true,
    survives: 'none',
  },
  {
    name: 'lamport',
    create: createLamport,
    summary:
      'one order by logical timestamps, once every member acknowledged; waits for the crashed',
    guarantees: [
      'integrity',
      'validity',
      'agreement',
      'fifo',
      'causal',
      'total',
      'uniformTotal',
      'gapFree',
    ],
    retransmits: true,
    survives: 'none',
  },
  {
    name: 'sequencer',
    create: createSequencer,
    summary: 'total order: one member numbers all messages, a majority holds each; fails over',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
  },
  {
    name: 'sequencer-fast',
    create: createSequencerFast,
    summary: "total order on the sequencer's word alone: faster, and not uniform",
    guarantees: ['integrity', 'validity', 'agreement', 'fifo', 'causal', 'total'],
    retransmits: true,
    survives: 'minority',
  },
  {
    name: 'token',
    create: createToken,
    summary:
      'total order: a circulating token lets its holder order its messages; reforms when it is lost',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
  },
  {
    name: 'moving-sequencer',
    create: createMovingSequencer,
    summary: 'total order: the holder of a circulating token orders what everybody multicast',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
  },
  {
    name: 'skeen',
    create: createSkeen,
    summary:
      'total order: all propose a timestamp, the sender decides on the greatest; its order is not uniform',
    guarantees: [
      'integrity',
      'validity',
      'agreement',
      'uniformAgreement',
      'fifo',
      'causal',
      'total',
    ],
    retransmits: true,
    survives: 'minority',
  },
  {
    name: 'skeen-uniform',
    create: createSkeenUniform,
    summary: 'skeen, with each decision stored by a majority before anybody delivers',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
  },
  {
    name: 'ring',
    create: createRing,
    summary: 'total order for throughput: messages and acknowledgements travel round a ring (LCR)',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
  },
];

export const ORDERINGS: ReadonlyMap<string, OrderingEntry> = new Map(
  ENTRIES.map((entry) => [entry.name, entry]),
);

export const ORDERING_NAMES: readonly string[] = ENTRIES.map((entry) => entry.name);
