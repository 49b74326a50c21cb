import { contentText, isSameContent, type Content } from '../records/content.ts';
import type { CausalPast, Stop } from './causal-past.ts';
import type { LogTable } from './log-table.ts';
import { broken, held, messageText, observe, peerText, type Verdict } from './verdict.ts';

/** The most deliveries of a contradiction that a sentence names. */
const STOPS_TOLD_MAX = 4;
/**
 * The most messages among which the judge looks for the one whose content was delivered in
 * another's place.
 */
const MESSAGES_SEARCHED_MAX = 20_000;

/**
 * Integrity: every delivered message was multicast by its sender before that, with this content, and
 * each peer delivers it at most once (Hadzilacos & Toueg 1994, where a message is its content).
 *
 * The first counterexample is the offence at the smallest position; of several there, the one of the
 * peer with the smallest number. It is told as the first of these that it is: an invention, a
 * repetition, a delivery before the multicast, another content.
 *
 * That a message was delivered before its multicast is never taken from two clocks. It is known of a
 * peer's own messages, whose log has both; of any message where somebody saw both happen
 * (`firstPremature`); and, if nothing else is wrong, from causality: of deliveries that wait for each
 * other's multicasts in a circle, one at least came too early, though the logs do not tell which.
 */
export function judgeIntegrity(table: LogTable, past: CausalPast | null): Verdict {
  let [peer, position] = [-1, Infinity];
  for (let candidate = 0; candidate < table.size; candidate += 1) {
    const found = Math.min(
      firstUnfounded(table, candidate, position),
      firstBeforeMulticast(table, candidate),
      table.altered[candidate]?.[0] ?? Infinity,
    );
    if (found < position) [peer, position] = [candidate, found];
  }
  if (peer >= 0) return describe(table, peer, position);
  const cycle = past?.cycle() ?? [];
  return cycle.length === 0 ? held() : describeCycle(table, cycle);
}

/** The first position below `before` with an invention or a repetition; `Infinity` without one. */
function firstUnfounded(table: LogTable, peer: number, before: number): number {
  const length = table.length(peer);
  if (table.distinctOf(peer) === length && table.inventedBy(peer) === 0) return Infinity;
  const end = Math.min(length, before);
  for (let i = 0; i < end; i += 1) {
    if (!table.isFirst(peer, i) || table.invented(table.idAt(peer, i))) return i;
  }
  return Infinity;
}

/** The first position with a message that was multicast only later; `Infinity` without one. */
function firstBeforeMulticast(table: LogTable, peer: number): number {
  const { multicastsNoted, sequence, firstPremature } = table.logs[peer]!;
  const marks = multicastsNoted ? sequence.deliveredBefore : new Uint32Array(0);
  const end = Math.min(marks.length, table.multicastsMax[peer]!);
  const own = peer * table.messages;
  let first = firstPremature ?? Infinity;
  for (let k = 0; k < end; k += 1) {
    const position = table.positions[peer]![own + k]!;
    if (position >= 0 && position < marks[k]! && position < first) first = position;
  }
  return first;
}

function describe(table: LogTable, peer: number, position: number): Verdict {
  const id = table.idAt(peer, position);
  const first = observe(table, peer, id);
  const delivered = `${peerText(table, peer)} delivered ${messageText(table, id)}`;
  if (first.position !== position) {
    const text = `${delivered} twice, at positions ${first.position} and ${position}`;
    return broken({ text, observations: [first, { ...first, position }] });
  }
  const here = `${delivered} at position ${position}`;
  return broken({ text: here + describeOffence(table, peer, position), observations: [first] });
}

/**
 * What is wrong with a peer's first delivery of a message, to stand behind the message and its
 * position.
 */
function describeOffence(table: LogTable, peer: number, position: number): string {
  const id = table.idAt(peer, position);
  if (table.invented(id)) return ', which nobody multicast';
  if (firstBeforeMulticast(table, peer) !== position) {
    return ` with ${describeContents(table, peer, position)}`;
  }
  const sender = table.sender(id);
  return `, before ${sender === peer ? 'it' : peerText(table, sender)} multicast it`;
}

/**
 * The content that was delivered and the one that was multicast, such as `no bytes; peer 0
 * multicast it with 2 bytes 00c8 (hash ...)`.
 */
function describeContents(table: LogTable, peer: number, position: number): string {
  const id = table.idAt(peer, position);
  const [sender, sequence] = [table.sender(id), table.sequence(id)];
  const delivered = table.logs[peer]!.sequence.contents.find(position)!;
  const source = findSource(table, delivered);
  return (
    contentText(delivered) +
    (source < 0 ? '' : `, the content of ${messageText(table, source)}`) +
    `; ${peerText(table, sender)} multicast it with ${contentText(table.contents!.of(sender, sequence))}`
  );
}

/** The first message that was multicast with this content; -1 without one, or for no bytes. */
function findSource(table: LogTable, content: Content): number {
  if (content.length === 0) return -1;
  const end = Math.min(table.senders * table.messages, MESSAGES_SEARCHED_MAX);
  for (let id = 0; id < end; id += 1) {
    if (table.invented(id)) continue;
    const multicast = table.contents!.of(table.sender(id), table.sequence(id));
    if (isSameContent(multicast, content)) return id;
  }
  return -1;
}

function describeCycle(table: LogTable, cycle: readonly Stop[]): Verdict {
  const ids = cycle.map(({ peer, position }) => table.idAt(peer, position));
  const told = cycle.slice(0, STOPS_TOLD_MAX).map(({ peer }, index) => {
    const later = ids.at(index - 1)!;
    const [early, multicast] = [messageText(table, ids[index]!), messageText(table, later)];
    return `${peerText(table, peer)} delivered ${early} before it multicast ${multicast}`;
  });
  const more = cycle.length - told.length;
  const rest = more === 0 ? '' : ` (and so on, by ${more} more)`;
  const [only] = cycle.length === 1 ? told : [];
  const text =
    only ?? `${told.join('; ')}${rest}: one of these was delivered before it was multicast`;
  return broken({ text, observations: cycle.map(({ peer }, i) => observe(table, peer, ids[i]!)) });
}
