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
export interface Standing {
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
export function settleAt(standing: Omit<Standing, 'now'>): number {
  const { started, retransmits, sentAll, othersSending, othersGivenUp, silenceUs } = standing;
  if (!started || !sentAll) return Infinity;
  if (retransmits && othersSending.length + othersGivenUp.length === 0) return Infinity;
  const quietAt = retransmits
    ? standing.lastDeliveryAt + silenceUs
    : standing.lastArrivalAt + SETTLE_US;
  return othersSending.reduce(
    (latest, member) => Math.max(latest, standing.heardAt[member]! + silenceUs),
    quietAt,
  );
}

/** How the run has ended for this member, or `null` while it goes on. */
export function decideEnding(standing: Standing): Ending | null {
  const { now, othersSending } = standing;
  if (standing.complete && (standing.idle || standing.othersIncomplete.length === 0)) {
    return { outcome: 'complete', missing: [] };
  }
  if (!standing.started && now >= Math.min(standing.joinByUs, standing.deadlineUs)) {
    return { outcome: 'handshake', reason: handshakeReason(standing), missing: standing.unheard };
  }
  if (now >= settleAt(standing)) {
    return { outcome: 'settled', reason: settledReason(standing), missing: othersSending };
  }
  if (now < standing.deadlineUs) return null;
  if (standing.complete) return { outcome: 'complete', missing: [] };
  const reason = 'the deadline passed before everything was delivered';
  const missing = othersSending.filter(
    (member) => standing.heardAt[member]! + standing.silenceUs <= now,
  );
  return { outcome: 'deadline', reason, missing };
}

function settledReason({ othersSending }: Standing): string {
  return othersSending.length === 0
    ? 'everything was sent and nothing more came: what is missing was lost'
    : `${othersSending.length} of the members fell silent before they had sent everything`;
}

function handshakeReason(standing: Standing): string {
  return standing.unheard.length > 0
    ? `${standing.unheard.length} of the members never answered the handshake`
    : 'every member answered the handshake, but some had not heard all the others in time';
}
