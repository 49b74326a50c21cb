import type { Report } from '../../control/documents.ts';
import { type Digest, isSameDigest } from '../../core/base/digest.ts';
import type { Parting } from '../../core/wire/status.ts';
import {
  absentMembers,
  deserters,
  leftBehindBy,
  type Companion,
  type PartingCompany,
  hasStopped,
  isParted,
  lostMembers,
} from './parting.ts';

/** How a member's run has ended, as it will be written down. */
export interface Ending {
  readonly outcome: Report['outcome'];
  /** One sentence for a person; absent when there is nothing to explain. */
  readonly reason?: string;
  /** Indices of members that were never heard, or that this one ended without. */
  readonly missing: readonly number[];
  /** How this member parts from the missing ones, as the others are told it. */
  readonly parting?: Parting;
}

/** What a member knows when it asks itself whether its run is over. Times are its own microseconds. */
export interface Knowledge extends PartingCompany {
  readonly joinByUs: number;
  readonly deadlineUs: number;
  /** Whether the handshake succeeded. */
  readonly started: boolean;
  readonly unheard: readonly number[];
  /** Whether all of the run's messages were delivered here. */
  readonly complete: boolean;
  /**
   * Whether the ordering has nothing scheduled: it waits for nothing. That is never so with a failure detector, which always has
   * its next heartbeat to send.
   */
  readonly idle: boolean;
  /** Whether a lost message is sent again. */
  readonly retransmits: boolean;
  /** How many members the ordering can lose and still keep what it promises. */
  readonly lossesMax: number;
  /**
   * Whether a member may have delivered in an order of its own without knowing it yet, because the
   * others went on without it: in an ordering that survives losses, but is not uniform.
   */
  readonly mayBeAstray: boolean;
  readonly sentAll: boolean;
  /** Whether this member delivered all that it multicast, and holds back nothing of anybody's. */
  readonly unburdened: boolean;
  /** The digest of the messages delivered here; of their order, if the ordering promises a total one. */
  readonly delivered: Digest;
  readonly lastArrivalAt: number;
  /**
   * When something last moved here: a delivery, or if it is later, the run's start or the end of a
   * stall.
   */
  readonly quietSince: number;
}

/** Without retransmission, the rest is lost once all was sent and nothing came for this long. */
export const SETTLE_US = 750_000;

/** A member that is astray mostly learns of it within this time, as soon as it can hear anything; one that is to rest may not. */
export const ASTRAY_US = 10_000_000;

/** After this long without a delivery a member looks whether the silent ones are there. */
export const QUIET_US = 1_000_000;

/** How long a member is silent, or delivers nothing, before that means anything. */
export const SILENCE_US_MIN = 4_000_000;

/**
 * A member that has more to multicast waits this many times as long: it loses more by its end than one that only lacks
 * what others multicast, and mostly it waits since channels to a silent member are full, which may only be stopped.
 */
const WAITS_WITH_MORE = 3;

/**
 * A run may be over for the others, by their clocks, up to this long before its deadline: whoever hears then that they
 * ended waits for the deadline instead of counting itself as left behind.
 */
const DEADLINE_NEAR_US = 1_000_000;

/** When to decide again, if nothing happens before; `Infinity` while only an event can change anything. */
export function decideAt(knowledge: Knowledge): number {
  const { started, retransmits, now, silenceUs, others } = knowledge;
  if (!started) return Infinity;
  if (!retransmits) return settleAt(knowledge);
  let next = later(waitedAt(knowledge), now);
  for (const other of others) {
    if (other === null || other.progress.finished) continue;
    next = Math.min(next, later(other.heardAt + silenceUs, now));
  }
  return next;
}

/** When this member will have waited in vain, unless something moves before. */
function waitedAt({ sentAll, quietSince, silenceUs }: Knowledge): number {
  return quietSince + (sentAll ? silenceUs : WAITS_WITH_MORE * silenceUs);
}

function later(at: number, now: number): number {
  return at > now ? at : Infinity;
}

/** How the run has ended for this member, or `null` while it goes on. */
export function decideEnding(knowledge: Knowledge): Ending | null {
  const { now, started, joinByUs, deadlineUs } = knowledge;
  if (isDone(knowledge)) return completeEnding(knowledge);
  if (!started && now >= Math.min(joinByUs, deadlineUs)) {
    return { outcome: 'handshake', reason: handshakeReason(knowledge), missing: knowledge.unheard };
  }
  if (knowledge.complete) return now < deadlineUs ? null : completeEnding(knowledge);
  const ending = knowledge.retransmits ? endWithout(knowledge) : settle(knowledge);
  if (ending !== null || now < deadlineUs) return ending;
  const reason = 'the deadline passed before everything was delivered';
  return { outcome: 'deadline', reason, missing: goneMembers(knowledge) };
}

function completeEnding(knowledge: Knowledge): Ending {
  const missing = goneMembers(knowledge);
  const parting = partingOf(knowledge);
  return { outcome: 'complete', missing, ...(parting === null ? {} : { parting }) };
}

/**
 * Whether everything was delivered here, and no member that is there needs this one any more. Where
 * members may be astray, they must besides have the same order, or have had the time to learn that they
 * are.
 */
function isDone(knowledge: Knowledge): boolean {
  const { complete, idle, mayBeAstray, now, quietSince, others } = knowledge;
  if (!complete) return false;
  const hasTime = mayBeAstray && now < quietSince + ASTRAY_US;
  if (idle && !hasTime) return true;
  const gone = goneMembers(knowledge);
  return others.every((other, member) => {
    if (other === null || gone.includes(member)) return true;
    if (hasTime && other.progress.complete) return hasSameOrder(knowledge, other);
    return other.progress.complete || other.progress.finished;
  });
}

function hasSameOrder({ delivered }: Knowledge, { parting }: Companion): boolean {
  return parting !== null && isSameDigest(parting.delivered, delivered);
}

/**
 * The other members that have not finished, and fell silent although they had something to send, or
 * were asked for a word. Without being asked, a member that has sent everything may be silent
 * (`asksSilentAt`).
 */
function goneMembers(knowledge: Knowledge): readonly number[] {
  const { others, now, retransmits } = knowledge;
  const wereAsked = retransmits && now >= waitedAt(knowledge);
  return lostMembers(knowledge).filter((member) => {
    const { finished, sentAll } = others[member]!.progress;
    return !finished && (!sentAll || wereAsked);
  });
}

/**
 * When this member asks the silent ones whether they are there, since nothing moves and it might end without them:
 * `Infinity` if it would not. It asks long before it ends, so that a few lost answers do not matter. One that has
 * more to multicast may just be waiting for its time to do so.
 */
export function asksSilentAt(knowledge: Knowledge): number {
  const { started, sentAll, retransmits, quietSince, silenceUs } = knowledge;
  return started && retransmits ? quietSince + (sentAll ? QUIET_US : silenceUs) : Infinity;
}

/**
 * The end of a member that misses others, where lost messages are sent again. If the ordering bears the
 * loss, it ends together with all that stay (parting.ts). If too many are lost for anything to be
 * promised, it ends alone: after it has waited in vain, or at once when nobody is left to wait for.
 */
function endWithout(knowledge: Knowledge): Ending | null {
  const { others, now, started, lossesMax } = knowledge;
  if (!started) return null;
  const parting = partingOf(knowledge);
  if (parting !== null && isParted(knowledge, parting)) {
    return settledWithout(knowledge, parting.without);
  }
  const lost = parting === null ? lostMembers(knowledge) : leftBehindBy(knowledge, parting);
  // Where nothing is promised without them, members that ended for the same reason are not missed.
  const missing = lossesMax === 0 ? deserters(knowledge) : lost;
  if (others.every((other) => other === null || hasStopped(other))) {
    // The run's deadline stops all, some a moment before others, and then nobody ended without anybody.
    if (now + DEADLINE_NEAR_US >= knowledge.deadlineUs) return null;
    return settledWithout(knowledge, missing, 'the others ended the run without this member');
  }
  return now >= waitedAt(knowledge) && lost.length > lossesMax
    ? settledWithout(knowledge, missing)
    : null;
}

function settledWithout(
  knowledge: Knowledge,
  missing: readonly number[],
  why: string | null = null,
): Ending {
  const members = missing.length === 1 ? 'member' : 'members';
  const reason = why ?? `${missing.length} ${members} fell silent or left before the run was over`;
  return { outcome: 'settled', reason, missing, parting: partingFrom(missing, knowledge) };
}

/**
 * How this member would part from the lost members; from nobody, if it has everything and only its
 * order matters. The result is `null` while nobody is lost, while this member is not at rest, or when
 * its ordering promises nothing without them, so that there is nothing to hold anybody to.
 */
export function partingOf(knowledge: Knowledge): Parting | null {
  const { complete, mayBeAstray } = knowledge;
  if (complete) return mayBeAstray ? partingFrom([], knowledge) : null;
  const { started, sentAll, unburdened, now, quietSince, silenceUs, delivered } = knowledge;
  const isAtRest = started && sentAll && unburdened && now >= quietSince + silenceUs;
  if (!isAtRest || !knowledge.retransmits || knowledge.lossesMax === 0) return null;
  const without = absentMembers(knowledge, delivered);
  return without.length === 0 ? null : partingFrom(without, knowledge);
}

/** A parting with a copy of the digest, since the recorder's own grows. */
function partingFrom(
  without: readonly number[],
  { delivered: { first, second } }: Knowledge,
): Parting {
  return { without, delivered: { first, second } };
}

/** The end of a member whose ordering sends nothing again: what has not come by now is lost. */
function settle(knowledge: Knowledge): Ending | null {
  if (knowledge.now < settleAt(knowledge)) return null;
  const missing = [...knowledge.others.keys()].filter((member) => isSending(knowledge, member));
  if (missing.length > 0) return settledWithout(knowledge, missing);
  const reason = 'everything was sent and nothing more came: what is missing was lost';
  return { outcome: 'settled', reason, missing };
}

/** When the rest counts as lost: once all others have sent everything, ended, or fallen silent. */
function settleAt(knowledge: Knowledge): number {
  const { started, sentAll, lastArrivalAt, silenceUs, others } = knowledge;
  if (!started || !sentAll) return Infinity;
  return others.reduce(
    (latest, other, member) =>
      isSending(knowledge, member) ? Math.max(latest, other!.heardAt + silenceUs) : latest,
    lastArrivalAt + SETTLE_US,
  );
}

function isSending({ others }: Knowledge, member: number): boolean {
  const other: Companion | null = others[member]!;
  return other !== null && !other.progress.finished && !other.progress.sentAll;
}

function handshakeReason(knowledge: Knowledge): string {
  return knowledge.unheard.length > 0
    ? `${knowledge.unheard.length} of the members never answered the handshake`
    : 'every member answered the handshake, but some had not heard all the others in time';
}
