import { GUARANTEE_NAMES, type GuaranteeName } from '../guarantees.ts';
import type { Create } from '../ordering.ts';
import { Kind, type Message } from '../message.ts';
import { packing } from '../channels/packing.ts';
import * as causal from './causal.ts';
import * as fifo from './fifo.ts';
import * as lamport from './lamport.ts';
import * as ring from './ring.ts';
import * as sequencer from './sequencer.ts';
import * as sequencerBb from './sequencer-bb.ts';
import * as sequencerUub from './sequencer-uub.ts';
import * as skeen from './skeen.ts';
import { DIRECT, type Theory } from './theory.ts';
import * as token from './token.ts';
import * as unordered from './unordered.ts';

/** What an ordering declares before it runs; the comparison holds it to that. */
export interface OrderingEntry {
  readonly name: string;
  readonly create: Create;
  /**
   * The same ordering without packs, for runs of which pictures are drawn; absent where `create`
   * makes none.
   */
  readonly createUnpacked?: Create;
  /** One line for a list. */
  readonly summary: string;
  /**
   * The guarantees that hold in every run (agreement and validity: in every run that `survives`
   * allows).
   */
  readonly guarantees: readonly GuaranteeName[];
  /** Whether a lost message is sent again, so that waiting for it makes sense. */
  readonly retransmits: boolean;
  /**
   * Whether it must cope with packets that the network repeats; by default, whether it retransmits,
   * since for the others the daemon drops repeated datagrams before they see them
   * (docs/wire-format.md).
   */
  readonly seesRepetition?: boolean;
  /** What a message says in the ordering's own words, for stories and traces; by default its fields. */
  readonly describe?: (message: Message) => string | null;
  /** Explains what the ordering threw: where, and what may help, or both in one line; by default, the error's own text. */
  readonly explain?: (error: unknown, inOneLine?: boolean) => string;
  /**
   * Watches a simulated run for what the ordering changes of objects that all members have in common, as they run in
   * one process; what is returned ends that, and says what was changed, or `null`. Absent: nobody needs to watch.
   */
  readonly watchShared?: () => () => string | null;
  /** The same with other variables of the file for each member; absent: they are trusted to share nothing. */
  readonly createApart?: Create;
  /** Says what went wrong after the last call of a run, in what runs by itself, as a program does; absent: nothing does. */
  readonly failureAfterRun?: () => Error | null;
  /** Whether each of its events takes long, as a program's does: a check spares it the largest runs. */
  readonly moderate?: boolean;
  /** Which crashes leave the guarantees and the survivors' progress intact. */
  readonly survives: 'none' | 'minority';
  /**
   * `false` when the ordering is told which message it orders, but not what is in it, so that no
   * content is judged.
   */
  readonly handsOnPayloads?: boolean;
}

/**
 * By what mechanism an ordering decides on one order for all: the classes of Défago, Schiper and Urbán,
 * "Total order broadcast and multicast algorithms" (2004).
 */
export type Mechanism =
  | 'fixed sequencer'
  | 'moving sequencer'
  | 'privilege-based'
  | 'communication history'
  | 'destinations agreement';

/** The messages that an ordering sends besides the application's. */
export interface OwnMessages {
  /** Their kinds, 10 to 49, by name: no two orderings share a number, unless they share the file. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Whether `sender` and `sequence` name the multicast that such a message is about. */
  readonly areAboutMulticasts: boolean;
  /** The kinds that are sent while nobody multicasts: they are no part of a multicast's cost. */
  readonly idle?: readonly number[];
}

/** What the project says besides of one of its own orderings: in lists, charts, diagrams and documents. */
export interface RegisteredOrdering extends OrderingEntry {
  /** How the total order is decided on; absent where there is none. */
  readonly mechanism?: Mechanism;
  /** Absent where the ordering sends only what the application multicasts. */
  readonly ownMessages?: OwnMessages;
  readonly theory: Theory;
  /** Who published it, shortened for a list; the header of its file has title and year. */
  readonly source: string;
}

const SEQUENCER_MESSAGES = { kinds: sequencer.SequencerKind, areAboutMulticasts: false };
const SKEEN_MESSAGES = { kinds: skeen.SkeenKind, areAboutMulticasts: true };
const TOKEN_MESSAGES = {
  kinds: token.TokenKind,
  areAboutMulticasts: false,
  idle: [token.TokenKind.token],
};

const ENTRIES: readonly RegisteredOrdering[] = [
  {
    name: 'unordered',
    create: unordered.create,
    summary: 'delivers on arrival; what the network loses is lost',
    guarantees: ['integrity', 'validity'],
    retransmits: false,
    survives: 'none',
    theory: DIRECT,
    source: 'the published experiments',
  },
  {
    name: 'fifo',
    create: fifo.create,
    summary: "recovers losses; each sender's messages in the order in which they were multicast",
    guarantees: ['integrity', 'validity', 'agreement', 'fifo'],
    retransmits: true,
    survives: 'none',
    theory: DIRECT,
    source: 'Hadzilacos and Toueg 1993',
  },
  {
    name: 'causal',
    create: causal.create,
    summary: 'vector clocks; a message after everything that its sender knew when it multicast it',
    guarantees: ['integrity', 'validity', 'agreement', 'fifo', 'causal'],
    retransmits: true,
    survives: 'none',
    theory: DIRECT,
    source: 'Birman, Schiper and Stephenson 1991',
  },
  {
    name: 'lamport',
    create: lamport.create,
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
    mechanism: 'communication history',
    ownMessages: { kinds: lamport.LamportKind, areAboutMulticasts: true },
    theory: lamport.theory,
    source: 'Lamport 1978',
  },
  {
    name: 'sequencer',
    create: sequencer.create,
    summary: 'total order: one member numbers all messages, a majority holds each; fails over',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
    mechanism: 'fixed sequencer',
    ownMessages: SEQUENCER_MESSAGES,
    theory: sequencer.theory,
    source: 'Défago, Schiper and Urbán 2004, 4.1',
  },
  {
    name: 'sequencer-fast',
    create: sequencer.createFast,
    summary: "total order on the sequencer's word alone: faster, and not uniform",
    guarantees: ['integrity', 'validity', 'agreement', 'fifo', 'causal', 'total'],
    retransmits: true,
    survives: 'minority',
    mechanism: 'fixed sequencer',
    ownMessages: SEQUENCER_MESSAGES,
    theory: sequencer.theoryFast,
    source: 'the same, without the majority',
  },
  {
    name: 'sequencer-bb',
    create: sequencerBb.create,
    summary: 'total order: senders multicast, one member only says places; not uniform',
    guarantees: ['integrity', 'validity', 'agreement', 'fifo', 'causal', 'total'],
    retransmits: true,
    survives: 'minority',
    mechanism: 'fixed sequencer',
    ownMessages: { kinds: sequencerBb.PlacesKind, areAboutMulticasts: false },
    theory: sequencerBb.theory,
    source: 'the same, 4.1 (BB); Kaashoek and Tanenbaum 1991',
  },
  {
    name: 'sequencer-uub',
    create: sequencerUub.create,
    summary: 'total order: senders ask one member for a place, then multicast; not uniform',
    guarantees: ['integrity', 'validity', 'agreement', 'fifo', 'causal', 'total'],
    retransmits: true,
    survives: 'minority',
    mechanism: 'fixed sequencer',
    ownMessages: { kinds: sequencerUub.PlaceKind, areAboutMulticasts: false },
    theory: sequencerUub.theory,
    source: 'the same, 4.1 (UUB)',
  },
  {
    name: 'token',
    create: token.create,
    summary:
      'total order: a circulating token lets its holder order its messages; reforms when it is lost',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
    mechanism: 'privilege-based',
    ownMessages: TOKEN_MESSAGES,
    theory: token.theory,
    source: 'Amir and others 1995 (Totem)',
  },
  {
    name: 'moving-sequencer',
    create: token.createMovingSequencer,
    summary: 'total order: the holder of a circulating token orders what everybody multicast',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
    mechanism: 'moving sequencer',
    ownMessages: TOKEN_MESSAGES,
    theory: token.theoryMovingSequencer,
    source: 'Chang and Maxemchuk 1984',
  },
  {
    name: 'skeen',
    create: skeen.create,
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
    mechanism: 'destinations agreement',
    ownMessages: SKEEN_MESSAGES,
    theory: skeen.theory,
    source: 'Birman and Joseph 1987 (ISIS ABCAST)',
  },
  {
    name: 'skeen-uniform',
    create: skeen.createUniform,
    summary: 'skeen, with each decision stored by a majority before anybody delivers',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
    mechanism: 'destinations agreement',
    ownMessages: SKEEN_MESSAGES,
    theory: skeen.theoryUniform,
    source: 'the same, stored by a majority first',
  },
  {
    name: 'ring',
    create: ring.create,
    summary: 'total order for throughput: messages and acknowledgements travel round a ring (LCR)',
    guarantees: GUARANTEE_NAMES,
    retransmits: true,
    survives: 'minority',
    mechanism: 'communication history',
    ownMessages: { kinds: ring.RingKind, areAboutMulticasts: true },
    theory: ring.theory,
    source: 'Guerraoui, Levy, Pochon and Quéma 2010 (LCR)',
  },
];

/** All of these orderings order packs, of which they know nothing. */
export const ORDERINGS: ReadonlyMap<string, RegisteredOrdering> = new Map(
  ENTRIES.map((entry) => [
    entry.name,
    { ...entry, create: packing(entry.create), createUnpacked: entry.create },
  ]),
);

export const ORDERING_NAMES: readonly string[] = ENTRIES.map((entry) => entry.name);

/** The ordering that the published experiments ran, and that a request gets which names none. */
export const ORDERING_DEFAULT = 'unordered';

const KIND_NAMES: ReadonlyMap<number, string> = new Map(
  [Kind, ...ENTRIES.map(({ ownMessages }) => ownMessages?.kinds ?? {})].flatMap((kinds) =>
    Object.entries(kinds).map(([name, kind]): [number, string] => [kind, name]),
  ),
);

/** The name of a kind of message, as in docs/wire-format.md; `kind200` for one that nobody named. */
export function nameOfKind(kind: number): string {
  return KIND_NAMES.get(kind) ?? `kind${kind}`;
}
