import type { Report } from '../../control/documents.ts';

/** How a member's run ended, before it is written down. */
export interface Ending {
  readonly outcome: Report['outcome'];
  /** One sentence for a person; absent when there is nothing to explain. */
  readonly reason?: string;
  /** Indices of members that were never heard, or had not finished. */
  readonly missing: readonly number[];
}

/** What a member knows when it asks itself whether its run is over. Times are its own microseconds. */
export interface Knowledge {
  readonly now: number;
  readonly joinByUs: number;
  readonly deadlineUs: number;
  /** The handshake succeeded. */
  readonly started: boolean;
  readonly unheard: readonly number[];
  /** All of the run's messages were delivered here. */
  readonly complete: boolean;
  /** The ordering has nothing scheduled: it waits for nothing. */
  readonly idle: boolean;
  /** A lost message is sent again. */
  readonly retransmits: boolean;
  readonly sentAll: boolean;
  /** Other members that have said neither that they sent everything nor that they ended. */
  readonly othersSending: readonly number[];
  /** Other members that ended before they had sent everything. */
  readonly othersGivenUp: readonly number[];
  readonly othersIncomplete: readonly number[];
  /** When each member was last heard, by index. */
  readonly heardAt: readonly number[];
  readonly lastArrivalAt: number;
  /** Of this run's start before the first one. */
  readonly lastDeliveryAt: number;
  /** A member that still has to send, and is silent for so long, is gone. */
  readonly silenceUs: number;
}

/** Without retransmission: all was sent and nothing came for this long, so the rest is lost. */
export const SETTLE_US = 750_000;

/** A fail-over of an ordering that survives crashes takes less: it must not count as the end. */
export const SILENCE_US_MIN = 4_000_000;

/**
 * When the rest will count as lost, if nothing more comes; `Infinity` while it is too early to say.
 *
 * Nothing more is to be expected once every other member has sent everything, or ended, or is gone:
 * a member between two multicasts is silent for one interval at most. With retransmission what was
 * sent still comes, so that only the rest of a member that left early can be missing.
 */
export function settleAt(knowledge: Omit<Knowledge, 'now'>): number {
  const { started, retransmits, sentAll, othersSending, othersGivenUp, silenceUs } = knowledge;
  if (!started || !sentAll) return Infinity;
  if (retransmits && othersSending.length + othersGivenUp.length === 0) return Infinity;
  const quietAt = retransmits
    ? knowledge.lastDeliveryAt + silenceUs
    : knowledge.lastArrivalAt + SETTLE_US;
  return othersSending.reduce(
    (latest, member) => Math.max(latest, knowledge.heardAt[member]! + silenceUs),
    quietAt,
  );
}

/** How the run has ended for this member, or `null` while it goes on. */
export function decideEnding(knowledge: Knowledge): Ending | null {
  const { now, othersSending } = knowledge;
  if (knowledge.complete && (knowledge.idle || knowledge.othersIncomplete.length === 0)) {
    return { outcome: 'complete', missing: [] };
  }
  if (!knowledge.started && now >= Math.min(knowledge.joinByUs, knowledge.deadlineUs)) {
    return { outcome: 'handshake', reason: handshakeReason(knowledge), missing: knowledge.unheard };
  }
  if (now >= settleAt(knowledge)) {
    return { outcome: 'settled', reason: settledReason(knowledge), missing: othersSending };
  }
  if (now < knowledge.deadlineUs) return null;
  if (knowledge.complete) return { outcome: 'complete', missing: [] };
  const reason = 'the deadline passed before everything was delivered';
  const missing = othersSending.filter(
    (member) => knowledge.heardAt[member]! + knowledge.silenceUs <= now,
  );
  return { outcome: 'deadline', reason, missing };
}

function settledReason({ othersSending }: Knowledge): string {
  return othersSending.length === 0
    ? 'everything was sent and nothing more came: what is missing was lost'
    : `${othersSending.length} of the members fell silent before they had sent everything`;
}

function handshakeReason(knowledge: Knowledge): string {
  return knowledge.unheard.length > 0
    ? `${knowledge.unheard.length} of the members never answered the handshake`
    : 'every member answered the handshake, but some had not heard all the others in time';
}
