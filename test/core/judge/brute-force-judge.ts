import type { PeerLog } from '../../../core/judge/comparison.ts';
import type { GuaranteeName } from '../../../core/guarantees.ts';
import { contentText, type MulticastContents } from '../../../core/records/content.ts';

/**
 * The definitions written down as they are read, without any regard for speed: what the real judge
 * is held against. Messages are strings 'sender,sequence'; relations are explicit sets.
 */
export interface Judged {
  verdicts: Record<GuaranteeName, boolean | null>;
  /** Whether the first message is in the causal past of the second, as far as known. */
  precedes: (first: string, second: string) => boolean;
  /** The same, also where the logs contradict each other, so that a message may precede itself. */
  relates: (first: string, second: string) => boolean;
  /** Whether its sender multicast it, as far as known. */
  genuine: (message: string) => boolean;
  /** Whether the peer delivered at the position another content than the sender multicast. */
  altered: (peer: number, position: number) => boolean;
  /** Whether it is known of the delivery itself that the message was multicast only later. */
  premature: (peer: number, position: number) => boolean;
  /** How many altered deliveries each peer has; `null` where contents are not known. */
  alterations: (number | null)[];
  unorderedRounds: number;
  missingRounds: number;
  conflictingRounds: number;
  firstDivergence: number | null;
  missing: number[];
  duplicates: number[];
  invented: number[];
}

type Order = readonly string[];

/** Every delivery of a log, as 'sender,sequence'. */
export function deliveriesOf(log: PeerLog): string[] {
  return [...log.sequence.senders].map((sender, i) => `${sender},${log.sequence.sequences[i]!}`);
}

export function judgeByBruteForce(
  logs: readonly PeerLog[],
  messages: number,
  contents: MulticastContents | null = null,
): Judged {
  const all = logs.map(deliveriesOf);
  const firsts = all.map((log) => log.filter((message, i) => log.indexOf(message) === i));
  const limit = logs.map((log) => Math.min(log.multicasts ?? messages, messages));
  const genuine = (message: string) => {
    const [sender, sequence] = message.split(',').map(Number) as [number, number];
    return sender < logs.length && sequence < limit[sender]!;
  };
  const correct = logs.flatMap((log, peer) => (log.correct ? [peer] : []));
  const everyone = logs.map((_, peer) => peer);
  const causality = closeCausality(logs, all, limit, genuine);
  const existing = existingMessages(logs, firsts, messages, limit, genuine);
  const rounds = countRounds(all, logs.length * messages);
  const agreed = (deliverers: number[]) =>
    deliverers.every((p) => all[p]!.every((m) => correct.every((q) => all[q]!.includes(m))));
  const order = (isBroken: boolean, peers: number[], logsMin: number) => {
    if (isBroken) return false;
    if (peers.some((p) => all[p]!.length === 0 && logs[p]!.correct)) return null;
    return peers.filter((p) => all[p]!.length > 0).length >= logsMin ? true : null;
  };
  const causalBroken = firsts.some((log) => breaksCausality(log, causality, genuine));
  const causalKnown = !causality.contradictory && !causality.incomplete;
  const noted = logs.some((log) => log.multicastsNoted);
  const offences = findOffences(logs, all, limit, genuine, contents);
  // With fewer than two common messages, nothing can be said of an order.
  const total = (peers: number[]) => {
    const chosen = peers.map((p) => firsts[p]!);
    const seen = pairs(chosen).some(([a, b]) => a.filter((m) => b.includes(m)).length > 1);
    const verdict = order(breaksTotal(chosen), peers, 2);
    return verdict === true && !seen ? null : verdict;
  };
  return {
    verdicts: {
      integrity:
        !causality.contradictory &&
        offences.none &&
        all.every((log, p) => log.every(genuine) && log.length === firsts[p]!.length),
      validity:
        correct.length === 0
          ? null
          : correct.every((p) => range(limit[p]!).every((k) => all[p]!.includes(`${p},${k}`))),
      agreement: correct.length === 0 ? null : agreed(correct),
      uniformAgreement: correct.length === 0 ? null : agreed(everyone),
      fifo: order(
        firsts.some((log) => breaksFifo(log.filter(genuine))),
        everyone,
        1,
      ),
      causal: !noted || (!causalBroken && !causalKnown) ? null : order(causalBroken, everyone, 1),
      total: total(correct),
      uniformTotal: total(everyone),
      gapFree: order(breaksGapFreedom(firsts), everyone, 2),
    },
    precedes: (first, second) => causality.judged(second) && causality.precedes(first, second),
    relates: causality.precedes,
    genuine,
    altered: offences.altered,
    premature: offences.premature,
    alterations: offences.alterations,
    ...rounds,
    missing: firsts.map((log) => [...existing].filter((message) => !log.includes(message)).length),
    duplicates: all.map((log, p) => log.length - firsts[p]!.length),
    invented: firsts.map((log) => log.filter((message) => !genuine(message)).length),
  };
}

/** What is wrong with deliveries of messages that were multicast, and are delivered once. */
function findOffences(
  logs: readonly PeerLog[],
  all: readonly Order[],
  limit: readonly number[],
  genuine: (message: string) => boolean,
  contents: MulticastContents | null,
) {
  const altered = (peer: number, position: number) =>
    genuine(all[peer]![position]!) && isAltered(logs[peer]!, position, contents);
  const premature = (peer: number, position: number) => isPremature(logs, peer, position, limit);
  const none = all.every((log, peer) =>
    range(log.length).every((i) => !altered(peer, i) && !premature(peer, i)),
  );
  const alterations = logs.map((log, p) =>
    contents === null || log.contentsNoted !== true
      ? null
      : range(all[p]!.length).filter((i) => altered(p, i)).length,
  );
  return { altered, premature, alterations, none };
}

function isAltered(
  { sequence, contentsNoted }: PeerLog,
  position: number,
  contents: MulticastContents | null,
): boolean {
  const delivered = sequence.contents.find(position);
  if (delivered === null || contents === null || contentsNoted !== true) return false;
  const [sender, number] = [sequence.senders[position]!, sequence.sequences[position]!];
  return contentText(delivered) !== contentText(contents.of(sender, number));
}

/** A peer's own message, by its log; or by what somebody saw. */
function isPremature(
  logs: readonly PeerLog[],
  peer: number,
  position: number,
  limit: readonly number[],
): boolean {
  const { sequence, multicastsNoted, firstPremature } = logs[peer]!;
  if (position === firstPremature) return true;
  const [sender, number] = [sequence.senders[position]!, sequence.sequences[position]!];
  if (!multicastsNoted || sender !== peer || number >= limit[peer]!) return false;
  const mark = sequence.deliveredBefore[number];
  return mark !== undefined && position < mark;
}

function range(end: number): number[] {
  return Array.from({ length: end }, (_, i) => i);
}

/** All pairs of places of a list, the smaller one first. */
function pairs<Item>(items: readonly Item[]): [Item, Item][] {
  return items.flatMap((first, i) =>
    items.slice(i + 1).map((second): [Item, Item] => [first, second]),
  );
}

function breaksFifo(log: Order): boolean {
  return pairs(log).some(([first, second]) => {
    const [a, b] = [first.split(',').map(Number), second.split(',').map(Number)];
    return a[0] === b[0] && a[1]! > b[1]!;
  });
}

function breaksTotal(logs: readonly Order[]): boolean {
  return pairs(logs).some(([a, b]) =>
    pairs(a.filter((message) => b.includes(message))).some(([m, n]) => b.indexOf(m) > b.indexOf(n)),
  );
}

function breaksGapFreedom(logs: readonly Order[]): boolean {
  return pairs(logs).some(([a, b]) =>
    range(Math.min(a.length, b.length)).some((i) => a[i] !== b[i]),
  );
}

function existingMessages(
  logs: readonly PeerLog[],
  firsts: readonly Order[],
  messages: number,
  limit: readonly number[],
  genuine: (message: string) => boolean,
): Set<string> {
  const existing = new Set<string>();
  for (const [sender, log] of logs.entries()) {
    const known = log.multicasts !== null || log.correct;
    const noted = log.multicastsNoted ? Math.min(messages, log.sequence.multicasts) : 0;
    for (const k of range(known ? limit[sender]! : noted)) existing.add(`${sender},${k}`);
  }
  for (const message of firsts.flat()) if (genuine(message)) existing.add(message);
  return existing;
}

interface Causality {
  precedes: (first: string, second: string) => boolean;
  /** Whether no message of its causal past precedes itself. */
  judged: (message: string) => boolean;
  contradictory: boolean;
  incomplete: boolean;
}

/** The transitive closure (Warshall 1962) of what each log says of its peer's multicasts. */
function closeCausality(
  logs: readonly PeerLog[],
  all: readonly Order[],
  limit: readonly number[],
  genuine: (message: string) => boolean,
): Causality {
  const messages = logs.flatMap((_, s) => range(limit[s]!).map((k) => `${s},${k}`));
  const edges = new Set<string>();
  const timed = new Set<string>();
  for (const [s, log] of logs.entries()) {
    for (const k of range(limit[s]!)) {
      for (const j of range(k)) edges.add(`${s},${j}>${s},${k}`);
      const mark = log.multicastsNoted ? log.sequence.deliveredBefore[k] : undefined;
      if (mark === undefined) continue;
      timed.add(`${s},${k}`);
      for (const m of all[s]!.slice(0, mark)) if (genuine(m)) edges.add(`${m}>${s},${k}`);
    }
  }
  for (const via of messages) {
    for (const a of messages) {
      for (const b of messages) {
        if (edges.has(`${a}>${via}`) && edges.has(`${via}>${b}`)) edges.add(`${a}>${b}`);
      }
    }
  }
  const precedes = (first: string, second: string) => edges.has(`${first}>${second}`);
  const judged = (message: string) =>
    !messages.some((m) => precedes(m, m) && (m === message || precedes(m, message)));
  return {
    precedes,
    judged,
    contradictory: messages.some((message) => precedes(message, message)),
    incomplete: all.flat().some((message) => genuine(message) && !timed.has(message)),
  };
}

function breaksCausality(
  log: Order,
  causality: Causality,
  genuine: (message: string) => boolean,
): boolean {
  return pairs(log.filter(genuine)).some(
    ([first, second]) => causality.judged(first) && causality.precedes(second, first),
  );
}

function countRounds(all: readonly Order[], rounds: number) {
  const at = (position: number) => all.map((log) => log[position]);
  const present = (position: number) => new Set(at(position).filter((m) => m !== undefined));
  const missing = range(rounds).filter((position) => at(position).includes(undefined));
  const conflicting = range(rounds).filter((position) => present(position).size > 1);
  const unordered = range(rounds).filter((p) => missing.includes(p) || conflicting.includes(p));
  return {
    unorderedRounds: unordered.length,
    missingRounds: missing.length,
    conflictingRounds: conflicting.length,
    firstDivergence: unordered[0] ?? null,
  };
}
