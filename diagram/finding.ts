import type { Comparison } from '../control/comparison-document.ts';
import type { Observation } from '../core/judge/comparison.ts';
import { EventType, type EventLog } from '../core/records/event-log.ts';

/** A message of the application: the `sequence`-th of `sender`, both counted from 0. */
export interface MessageId {
  readonly sender: number;
  readonly sequence: number;
}

/** What a picture is to show. */
export interface DiagramFinding {
  /** One sentence. */
  readonly sentence: string;
  /** The messages that it is about: two at most. */
  readonly messages: readonly MessageId[];
  /** The peers that it is about. */
  readonly peers: readonly number[];
}

const MESSAGES_MAX = 2;
/** No picture has room for more. */
const PEERS_MAX = 8;

export function messageName({ sender, sequence }: MessageId): string {
  return `(${sender},${sequence})`;
}

export function isSameMessage(one: MessageId, other: MessageId): boolean {
  return one.sender === other.sender && one.sequence === other.sequence;
}

/** What a peer delivered, in its order. */
export function orderOf({ events }: EventLog): MessageId[] {
  return events.filter(({ type }) => type === EventType.deliver);
}

/** What a comparison has to show: a declared guarantee that was broken, else the first divergence. */
export function findingOf(
  comparison: Comparison,
  orders: readonly (readonly MessageId[])[],
): DiagramFinding {
  for (const name of comparison.declared) {
    const { held, counterexample } = comparison.guarantees[name];
    if (held === false && counterexample !== undefined) {
      return findingOfObservations(counterexample.text, counterexample.observations);
    }
  }
  return findingOfDivergence(comparison, orders);
}

/** A counterexample, with what `text` says of it unless it can be said shorter. */
export function findingOfObservations(
  text: string,
  observations: readonly Observation[],
): DiagramFinding {
  const messages: MessageId[] = [];
  for (const { sender, sequence } of observations) {
    if (messages.some((known) => isSameMessage(known, { sender, sequence }))) continue;
    if (messages.length < MESSAGES_MAX) messages.push({ sender, sequence });
  }
  const peers = [...new Set(observations.map(({ peer }) => peer))].slice(0, PEERS_MAX);
  const sentence =
    sayOpposite(messages, peers, observations) ??
    sayNever(messages, peers, observations) ??
    asSentence(text);
  return { sentence, messages, peers };
}

/** Two peers that delivered two messages in opposite orders; `null` when it is something else. */
function sayOpposite(
  [first, second]: readonly MessageId[],
  peers: readonly number[],
  observations: readonly Observation[],
): string | null {
  if (first === undefined || second === undefined || peers.length !== 2) return null;
  const positionOf = (peer: number, message: MessageId): number | null =>
    observations.find((seen) => seen.peer === peer && isSameMessage(seen, message))?.position ??
    null;
  const [p, q] = [peers[0]!, peers[1]!];
  const [a, b] = [positionOf(p, first), positionOf(p, second)];
  const [c, d] = [positionOf(q, first), positionOf(q, second)];
  if (a === null || b === null || c === null || d === null || a < b === c < d) return null;
  const [earlier, later] = a < b ? [first, second] : [second, first];
  return opposite(p, q, earlier, later);
}

/** Peers that never delivered a message; `null` when it is something else. */
function sayNever(
  [message, ...others]: readonly MessageId[],
  peers: readonly number[],
  observations: readonly Observation[],
): string | null {
  const isNever = observations.every(({ position }) => position === null);
  if (message === undefined || others.length > 0 || !isNever) return null;
  return `${peersText(peers)} never delivered ${messageName(message)}.`;
}

function peersText(peers: readonly number[]): string {
  if (peers.length === 1) return `Peer ${peers[0]}`;
  return `Peers ${peers.slice(0, -1).join(', ')} and ${peers.at(-1)}`;
}

function opposite(peer: number, other: number, earlier: MessageId, later: MessageId): string {
  return (
    `Peer ${peer} delivered ${messageName(earlier)} before ${messageName(later)}, ` +
    `peer ${other} the other way round.`
  );
}

function findingOfDivergence(
  { firstDivergence, peers: size, rounds, perPeer }: Comparison,
  orders: readonly (readonly MessageId[])[],
): DiagramFinding {
  if (firstDivergence === null) {
    const sentence = `All ${size} peers delivered the same ${rounds} messages in the same order.`;
    return { sentence, messages: firstOfTwoSenders(orders[0] ?? []), peers: [] };
  }
  const { position, deliveries } = firstDivergence;
  const first = deliveries.find(({ message }) => message !== null);
  if (first === undefined) {
    const sentence =
      position === 0
        ? 'No peer delivered anything.'
        : `No peer delivered anything at position ${position} or after it: messages are missing.`;
    return { sentence, messages: [], peers: [] };
  }
  const mine = first.message!;
  const other = deliveries.find(({ message }) => message === null || !isSameMessage(message, mine));
  const theirs = other?.message ?? null;
  const peers = [first.peer, ...(other === undefined ? [] : [other.peer])];
  if (theirs === null || other === undefined) {
    const isGone = perPeer[other?.peer ?? 0]?.standing === 'crashed';
    const sentence =
      `At position ${position} peer ${first.peer} delivered ${messageName(mine)}, ` +
      `and peer ${other?.peer ?? 0}${isGone ? ', which left no report,' : ''} nothing any more.`;
    return { sentence, messages: [mine], peers };
  }
  const later = (peer: number, message: MessageId): boolean =>
    (orders[peer] ?? []).some((seen, place) => place > position && isSameMessage(seen, message));
  const isOpposite = later(first.peer, theirs) && later(other.peer, mine);
  const sentence = isOpposite
    ? opposite(first.peer, other.peer, mine, theirs)
    : `At position ${position} peer ${first.peer} delivered ${messageName(mine)}, ` +
      `peer ${other.peer} ${messageName(theirs)}.`;
  return { sentence, messages: [mine, theirs], peers };
}

/** Two messages that show how an order comes about: the first, and the first of another sender. */
function firstOfTwoSenders(order: readonly MessageId[]): MessageId[] {
  const first = order[0];
  const second = order.find(({ sender }) => sender !== first?.sender);
  return [first, second].flatMap((message) => (message === undefined ? [] : [message]));
}

function asSentence(text: string): string {
  const line = text.split('\n', 1)[0]!.replaceAll(/\((\d+), (\d+)\)/g, '($1,$2)');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}${/[.!?:]$/.test(line) ? '' : '.'}`;
}
