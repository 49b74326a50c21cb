import type { Comparison, VerdictDocument } from '../comparison-document.ts';
import { nameOfPeer } from './names-of-run.ts';
import type { RunOfLogs } from './run-of-logs.ts';
import type { ToldOfLogs } from './told.ts';
import { deliveredBySender, isSeveral, type ShownNumbers } from './numbers/shown-numbers.ts';
import { nameSenders } from './senders/owners.ts';

type Guarantees = Comparison['guarantees'];

/**
 * The verdicts of the judge, except those that logs cannot tell. The judge takes every log for that of
 * a known sender with known messages. Where that is not so, a guarantee that the judge did not find
 * broken may be broken all the same, and is not called held.
 */
export function qualifyVerdicts(
  comparison: Pick<Comparison, 'guarantees' | 'perPeer'>,
  run: RunOfLogs,
  told: ToldOfLogs,
): Guarantees {
  const { guarantees, perPeer } = comparison;
  const unknown = reasonOfNothing(run, told);
  if (unknown !== null) {
    const each = Object.entries(guarantees).map(([name, verdict]) => {
      return [name, unlessBroken(verdict, unknown)];
    });
    return Object.fromEntries(each) as Guarantees;
  }
  const living = perPeer.filter((_peer, log) => !run.crashed.has(log));
  const isComplete = living.every(({ missing }) => missing === 0);
  return {
    ...guarantees,
    integrity: unlessBroken(guarantees.integrity, reasonOfCut(run) ?? reasonOfStrangers(run)),
    validity: unlessBroken(guarantees.validity, reasonOfValidity(run, told, isComplete)),
    fifo:
      guarantees.fifo.held === false && areIdentifiers(run)
        ? { held: null, reason: IDENTIFIERS }
        : guarantees.fifo,
    causal: withReason(guarantees.causal, reasonOfCausality(run)),
  };
}

function unlessBroken(verdict: VerdictDocument, reason: string | null): VerdictDocument {
  return reason === null || verdict.held === false ? verdict : { held: null, reason };
}

function withReason(verdict: VerdictDocument, reason: string | null): VerdictDocument {
  return reason === null || verdict.held !== null ? verdict : { held: null, reason };
}

/** Why nothing is known: of no message every guarantee would be called held. */
function reasonOfNothing({ rounds, set }: RunOfLogs, { messages }: ToldOfLogs): string | null {
  if (rounds > 0) return null;
  if (set.shown.deliveries > 0) return 'nothing that the logs show is taken for multicast';
  return messages === null
    ? 'no log shows any message; --messages tells how many there were'
    : 'no message is known to have been multicast';
}

/** Why it is not known whether the peer of a log that seems to be cut off multicast what others show. */
function reasonOfCut(run: RunOfLogs): string | null {
  const [log] = run.cutOff;
  if (log === undefined) return null;
  const peer = nameOfPeer(run, log);
  return `the log of ${peer} seems to be cut off, by what others show of ${peer}; --crashed tells of crashes`;
}

/** Why it is not known whether the senders multicast what the logs show. */
function reasonOfStrangers({ set, senderAt, others }: RunOfLogs): string | null {
  const { parties, owners, shown } = set;
  const size = parties.files.length;
  if (owners.by === 'unknown' && shown.senders.length <= size) {
    return endsInOneLog(shown) ? UNKNOWN_OWNERS : null;
  }
  const names = senderAt.slice(size, size + others.length).map((at) => parties.senders[at]!);
  if (names.length === 0) return null;
  const who = nameSenders(names);
  if (owners.by === 'unknown') {
    return `there are fewer logs than senders: nobody knows whether ${who} multicast what is shown`;
  }
  return `no log of ${who} was given: nobody knows whether what the logs show was multicast`;
}

/** Whether one log alone shows a message beyond all that several show: it was multicast if that is its sender's own log. */
function endsInOneLog({ bySender }: ShownNumbers): boolean {
  let [last, several] = [-1, -1];
  for (const numbers of bySender) {
    for (const [number, witnesses] of numbers) {
      last = Math.max(last, number);
      if (isSeveral(witnesses)) several = Math.max(several, number);
    }
  }
  return last > several;
}

/** Why it is not known whether the peers delivered what they multicast. */
function reasonOfValidity(
  { set, numbering, sendings, crashed }: RunOfLogs,
  told: ToldOfLogs,
  isComplete: boolean,
): string | null {
  // Where every log has every message, each has those of its own peer, whoever that is.
  if (set.owners.by === 'unknown' && !isComplete) return UNKNOWN_OWNERS;
  const areTold = sendings.every((sending, log) => sending.told !== null || crashed.has(log));
  if (numbering.first !== null || told.messages !== null || areTold) return null;
  return (
    'the numbers jump, so that a message which no log shows is not missed; --first N says that they ' +
    'count from N on'
  );
}

const UNKNOWN_OWNERS = 'it is not known whose log is whose; --senders tells it';

const IDENTIFIERS =
  "the numbers jump, and all logs have each sender's in one order, in which they do not grow: they may be identifiers, " +
  'which tell no order; --first N says that they count from N on';

/**
 * Whether numbers that jump, and that fall somewhere, may be chosen at random: all logs have each sender's in one order. Times
 * do not fall, and where a peer delivered messages of a sender in a wrong order, hardly all others did the same.
 */
function areIdentifiers({ numbering, set }: RunOfLogs): boolean {
  if (numbering.first !== null) return false;
  const orders = set.logs.map(({ columns }) => deliveredBySender(columns, set.senders.count));
  return set.shown.senders.every((sender) => areAlike(orders.map((each) => [...each[sender]!])));
}

/** Whether no log has numbers in another order than the longest one has them. */
function areAlike(orders: readonly (readonly number[])[]): boolean {
  const longest = orders.reduce((most, order) => (order.length > most.length ? order : most), []);
  const places = new Map(longest.map((number, place) => [number, place]));
  return orders.every((order) => {
    const known = order.flatMap((number) => places.get(number) ?? []);
    return known.every((place, at) => at === 0 || place > known[at - 1]!);
  });
}

function reasonOfCausality({ set }: RunOfLogs): string | null {
  const isTimed = set.logs.some(({ columns }, log) => {
    return set.announcements[log] !== null || columns.remarks?.deliveredBefore != null;
  });
  return isTimed && set.owners.by === 'unknown' ? UNKNOWN_OWNERS : null;
}
