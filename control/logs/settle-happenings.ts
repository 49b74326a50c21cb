import { HAPPENING, type Happening } from './fields/happenings.ts';
import { doubtfulDelivery } from './fields/sayings.ts';
import { NO_SENDER, type LogColumns } from './log-columns.ts';
import { refuseDoubtful } from './refusals/refuse-doubtful.ts';
import type { LogError } from './text/log-text.ts';

/** What the messages of the logs were taken for. */
export interface Settled {
  /** By log: how many messages were left out, because they are not said to be delivered. */
  readonly leftOut: readonly number[];
  /** Whether messages that are said to have arrived were taken for delivered ones. */
  readonly arrivals: boolean;
}

/**
 * Leaves only deliveries and multicasts in the logs. Where any log says of a message that it was
 * delivered, only messages of which that is said count as deliveries. Where none does, all messages do,
 * provided that they are of one kind: of `sent` and `received` in one log nobody can tell which was
 * delivered.
 * @throws LogError that names a message of which it is not certain.
 */
export function settleHappenings(logs: readonly LogColumns[]): Settled {
  for (const log of logs) checkLayers(log);
  const total = (happening: Happening) => logs.reduce((sum, log) => sum + log.count(happening), 0);
  const rows = logs.reduce((sum, log) => sum + log.length, 0);
  const [deliveries, multicasts] = [total(HAPPENING.delivery), total(HAPPENING.multicast)];
  if (deliveries > 0 || (multicasts > 0 && multicasts === rows && isOfOwnMessages(logs))) {
    for (const log of logs) refuseDoubtful(log);
    refuseOtherWord(logs);
    refuseUnsaid(logs);
    return { leftOut: logs.map(keepDeliveries), arrivals: false };
  }
  const arrivals = total(HAPPENING.arrival);
  const isOneKind = [arrivals, multicasts, total(HAPPENING.unsaid)].includes(rows);
  if (!isOneKind) throw uncertain(logs);
  for (const log of logs) {
    log.takeAllForDeliveries();
    refuseDoubtful(log);
  }
  return { leftOut: logs.map(() => 0), arrivals: arrivals > 0 };
}

/** Refuses a log in which two layers deliver: most messages would seem to be delivered twice. */
function checkLayers({ layers, source }: LogColumns): void {
  const [first, second] = [...layers];
  if (first === undefined || second === undefined) return;
  const [one, other] = [first[0], second[0]].map((layer) => `"${layer}deliver"`);
  throw source.error(
    second[1],
    `this is said to be a delivery by another word (${other}) than before (${one}); allowed are the ` +
      'deliveries of one layer, those to the application',
  );
}

/** Refuses a log that tells of arrivals alone, where those that tell of deliveries tell of no arrival: it may call these so. */
function refuseOtherWord(logs: readonly LogColumns[]): void {
  const { delivery, arrival } = HAPPENING;
  const only = logs.find((log) => log.count(arrival) > 0 && log.count(delivery) === 0);
  if (only === undefined || logs.some((log) => log.count(arrival) * log.count(delivery) > 0))
    return;
  throw uncertain([only]);
}

/**
 * Refuses a log that says nothing of the messages of a sender of whom it has no delivery, where others have some: its own
 * may be told in other words, as in `self P1 3` beside `deliver P2 3`.
 */
function refuseUnsaid(logs: readonly LogColumns[]): void {
  const { delivery, unsaid } = HAPPENING;
  if (logs.every((log) => log.count(unsaid) === 0)) return;
  const delivered = logs.map(({ senders, happenings }) => {
    return new Set(senders.filter((_, row) => happenings[row] === delivery));
  });
  for (const [index, log] of logs.entries()) {
    if (delivered[index]!.size === 0) continue;
    const row = log.happenings.findIndex((happening, at) => {
      const sender = log.senders[at]!;
      const isElsewhere = happening === unsaid && delivered.some((of) => of.has(sender));
      return isElsewhere && !delivered[index]!.has(sender);
    });
    if (row >= 0) throw notSaid(log, row);
  }
}

/** Whether each log tells only of its own multicasts: then nothing was delivered at all. */
function isOfOwnMessages(logs: readonly LogColumns[]): boolean {
  const senders = logs.flatMap(({ senders: each }) => (each.length > 0 ? [new Set(each)] : []));
  const all = new Set(senders.flatMap((own) => [...own]));
  const areApart = all.size > 1 || senders.length === 1 || all.has(NO_SENDER);
  return areApart && senders.every((own) => own.size === 1);
}

function keepDeliveries(log: LogColumns): number {
  const before = log.length;
  const { delivery, multicast } = HAPPENING;
  log.keep((happening) => happening === delivery || happening === multicast);
  return before - log.length;
}

function uncertain(logs: readonly LogColumns[]): LogError {
  const { other, deferred, arrival, multicast } = HAPPENING;
  const said: readonly number[] = [other, deferred, arrival, multicast];
  const doubtful = logs.find(({ doubts }) => doubts.size > 0);
  if (doubtful !== undefined) {
    const [place, doubt] = [...doubtful.doubts][0]!;
    return doubtful.source.error(place, doubtfulDelivery(doubt));
  }
  const log = logs.find(({ happenings }) => happenings.some((one) => said.includes(one)))!;
  const index = log.happenings.findIndex((happening) => said.includes(happening));
  return notSaid(log, index);
}

function notSaid({ source, places }: LogColumns, index: number): LogError {
  return source.error(
    places[index]!,
    'this is not said to be a delivery, and nothing else is; allowed are logs that say "deliver" of ' +
      'what was delivered, and logs that hold nothing but deliveries',
  );
}
