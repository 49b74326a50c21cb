import { credibleNumbers } from './numbers/credible.ts';
import { countFrom, inferNumbering } from './numbers/infer-numbering.ts';
import { isStray, type Numbering } from './numbers/numbering.ts';
import { deliveredBySender, isSeveral } from './numbers/shown-numbers.ts';
import type { LogSet } from './read-logs.ts';
import { findCrashed } from './senders/crashed.ts';
import { LogError } from './text/log-text.ts';
import type { ToldOfLogs } from './told.ts';

/** What is known of one log's peer as a sender. */
export interface Sending {
  /** How many messages it multicast, if its own log tells; `null` otherwise. */
  readonly told: number | null;
  /** How many messages it multicast, as far as the logs show. */
  readonly presumed: number;
  /** Whether its log tells between which deliveries it multicast. */
  readonly isTimed: boolean;
}

/** A run as the judge knows it, made of logs: senders and messages are counted from 0. */
export interface RunOfLogs {
  readonly set: LogSet;
  readonly sendings: readonly Sending[];
  readonly crashed: ReadonlySet<number>;
  /** The logs that seem to be cut off, of peers of which nobody said that they crashed. */
  readonly cutOff: ReadonlySet<number>;
  /** By sender without a log: how many messages it multicast, as far as the logs show. */
  readonly others: readonly number[];
  /** The most messages that a sender multicast. */
  readonly messages: number;
  /** How many messages are known to exist. */
  readonly rounds: number;
  /**
   * The senders of the run: first the sender of each log, then the others, then those that multicast
   * nothing.
   */
  readonly senderAt: readonly number[];
  readonly numbering: Numbering;
}

/**
 * Makes a run of the logs that were read.
 * @throws LogError where what was told contradicts the logs.
 */
export function toRun(set: LogSet, told: ToldOfLogs): RunOfLogs {
  const { owners, parties, shown } = set;
  const crashed = findCrashed(parties, owners, told.crashed);
  const cutOff = new Set(
    [...set.logs.keys()].filter((log) => {
      return !crashed.has(log) && tellsOfMulticasts(set, log) && isCutOff(set, log);
    }),
  );
  const incomplete = new Set([...crashed, ...cutOff]);
  const areOwnersUnknown = owners.by === 'unknown';
  const logOf = parties.senders.map((_name, sender) => owners.senderOf.indexOf(sender));
  const announced = logOf.map((log) => announcedBy(set, log, incomplete));
  const credible = credibleNumbers({ shown, logOf, announced, areOwnersUnknown, incomplete });
  const first = told.first ?? (set.logs.some(isOwnForm) ? 0 : null);
  const numbering = inferNumbering(credible, announced, { messages: told.messages, first });
  checkAnnounced(set, numbering);
  const counts = credible.map((numbers, sender) => {
    const places = numbers.map((number) => numbering.place(sender, number));
    return places.reduce((most, place) => (isStray(place) ? most : Math.max(most, place + 1)), 0);
  });
  const sendings = set.logs.map((_log, log) => {
    return sendingOf(set, log, told.messages, counts[owners.senderOf[log]!] ?? 0, cutOff.has(log));
  });
  const withoutLog = shown.senders.filter((sender) => logOf[sender]! < 0);
  const others = withoutLog.filter((sender) => counts[sender]! > 0);
  const strangers = withoutLog.filter((sender) => counts[sender] === 0);
  const most = Math.max(0, ...counts, ...sendings.map((each) => each.told ?? each.presumed));
  const messages = told.messages ?? most;
  const otherCounts = others.map((sender) => {
    return areOwnersUnknown
      ? (told.messages ?? counts[sender]!)
      : Math.min(counts[sender]!, messages);
  });
  return {
    set,
    sendings,
    crashed,
    cutOff,
    others: otherCounts,
    messages,
    rounds: countRounds(set, sendings, crashed, messages) + sum(otherCounts),
    senderAt: [...owners.senderOf, ...others, ...strangers],
    numbering,
  };
}

function isOwnForm({ columns }: LogSet['logs'][number]): boolean {
  return (columns.remarks?.deliveredBefore ?? null) !== null;
}

/**
 * What the log says that its peer multicast, by number; `null` where it does not tell, and where its last lines may be lost,
 * as those of a peer that crashed.
 */
function announcedBy(set: LogSet, log: number, incomplete: ReadonlySet<number>) {
  if (log < 0 || incomplete.has(log)) return null;
  return set.announcements[log]?.numbers ?? (tellsOfMulticasts(set, log) ? [] : null);
}

/** Whether a log that tells of no multicast is one of those that do. */
function tellsOfMulticasts({ logs, announcements }: LogSet, log: number): boolean {
  const { remarks } = logs[log]!.columns;
  return logs.some(({ columns }, other) => {
    return announcements[other] !== null && remarks?.what === columns.remarks?.what;
  });
}

/**
 * Whether a log that tells what its peer multicast seems to be cut off, as of a peer that was killed: several others show
 * messages of the peer behind the last one that it tells of, and it has delivered none of these.
 */
function isCutOff({ logs, shown, announcements, owners }: LogSet, log: number): boolean {
  const own = owners.senderOf[log]!;
  const last = announcements[log]?.numbers.at(-1) ?? -1;
  const further = [...(shown.bySender[own] ?? [])].filter(
    ([number, by]) => number > last && isSeveral(by),
  );
  if (further.length === 0) return false;
  const delivered = deliveredBySender(logs[log]!.columns, shown.bySender.length)[own]!;
  return !further.some(([number]) => delivered.has(number));
}

function checkAnnounced({ announcements, parties }: LogSet, { first }: Numbering): void {
  if (first === null) return;
  const log = announcements.findIndex((each) => each !== null && !countFrom(first, each.numbers));
  if (log < 0) return;
  const begins = announcements[log]!.numbers[0]!;
  throw new LogError(
    `${parties.files[log]!} tells of multicasts that do not count from ${first} on: they begin with ` +
      `${begins}; allowed is the --first that fits them`,
  );
}

function sendingOf(
  set: LogSet,
  log: number,
  messages: number | null,
  count: number,
  isCutOff: boolean,
): Sending {
  const marks = set.logs[log]!.columns.remarks?.deliveredBefore ?? null;
  const areOwnersUnknown = set.owners.by === 'unknown';
  const presumed = areOwnersUnknown ? 0 : (messages ?? count);
  if (marks !== null && !areOwnersUnknown) {
    return { told: marks.length, presumed: marks.length, isTimed: true };
  }
  const announced = set.announcements[log]?.numbers.length ?? null;
  const told = announced ?? (tellsOfMulticasts(set, log) ? 0 : null);
  if (told === null || areOwnersUnknown) return { told: null, presumed, isTimed: false };
  if (isCutOff) return { told: null, presumed: messages ?? Math.max(told, count), isTimed: true };
  return { told, presumed: told, isTimed: true };
}

/**
 * Counts the messages known to exist: those of a crashed peer only where some log shows them, or its
 * own tells of them.
 */
function countRounds(
  { shown, owners }: LogSet,
  sendings: readonly Sending[],
  crashed: ReadonlySet<number>,
  messages: number,
): number {
  return sum(
    sendings.map(({ told, presumed }, log) => {
      if (!crashed.has(log)) return Math.min(presumed, messages);
      const sender = owners.senderOf[log]!;
      const seen = sender < 0 ? 0 : shown.bySender[sender]!.size;
      return Math.min(Math.max(told ?? 0, seen), messages);
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
