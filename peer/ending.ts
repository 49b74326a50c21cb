import type { Report } from '../control/documents.ts';

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
  /** Other members that have not said that they sent everything, delivered everything. */
  readonly othersSending: readonly number[];
  readonly othersIncomplete: readonly number[];
  readonly lastArrivalAt: number;
}

/** Without retransmission: all was sent and nothing came for this long, so the rest is lost. */
export const SETTLE_US = 750_000;

/** When the rest will count as lost, if nothing more comes; `Infinity` while it is too early to say. */
export function settleAt(standing: Omit<Standing, 'now'>): number {
  const isOver =
    standing.started &&
    !standing.retransmits &&
    standing.sentAll &&
    standing.othersSending.length === 0;
  return isOver ? standing.lastArrivalAt + SETTLE_US : Infinity;
}

/** How the run has ended for this member, or `null` while it goes on. */
export function decideEnding(standing: Standing): Ending | null {
  const { now } = standing;
  if (standing.complete && (standing.idle || standing.othersIncomplete.length === 0)) {
    return { outcome: 'complete', missing: [] };
  }
  if (!standing.started && now >= Math.min(standing.joinByUs, standing.deadlineUs)) {
    return { outcome: 'handshake', reason: handshakeReason(standing), missing: standing.unheard };
  }
  if (now >= settleAt(standing)) {
    const reason = 'everything was sent and nothing more came: what is missing was lost';
    return { outcome: 'settled', reason, missing: [] };
  }
  if (now < standing.deadlineUs) return null;
  if (standing.complete) return { outcome: 'complete', missing: standing.othersIncomplete };
  const reason = 'the deadline passed before everything was delivered';
  return { outcome: 'deadline', reason, missing: standing.othersIncomplete };
}

function handshakeReason(standing: Standing): string {
  return standing.unheard.length > 0
    ? `${standing.unheard.length} of the members never answered the handshake`
    : 'every member answered the handshake, but some had not heard all the others in time';
}
