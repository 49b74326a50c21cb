/** The deliveries of each peer as columns of numbers: message i of a peer is (senders[i], sequences[i]). */
export interface DeliveredColumns {
  readonly senders: Uint16Array;
  readonly sequences: Uint32Array;
}

/** How one peer's delivery in a round stands to the others' in the same round. */
export const RoundMark = {
  /** All peers delivered the same. */
  agreed: 0,
  /** What most others, or the first peer, delivered in a round in which they do not agree. */
  leading: 1,
  /** Another message than the leading one. */
  other: 2,
  /** Nothing. */
  nothing: 3,
} as const;

/** For every round one mark a peer: mark of `peer` in `round` is at `round * peers + peer`. */
export function markRounds(peers: readonly DeliveredColumns[], rounds: number): Uint8Array {
  const marks = new Uint8Array(rounds * peers.length);
  for (let round = 0; round < rounds; round += 1) markRound(peers, round, marks);
  return marks;
}

function markRound(peers: readonly DeliveredColumns[], round: number, marks: Uint8Array): void {
  const leading = leadingAt(peers, round);
  let isAgreed = true;
  const base = round * peers.length;
  for (const [peer, columns] of peers.entries()) {
    const message = messageAt(columns, round);
    const isLeading = message === leading;
    if (!isLeading) isAgreed = false;
    if (message < 0) marks[base + peer] = RoundMark.nothing;
    else marks[base + peer] = isLeading ? RoundMark.leading : RoundMark.other;
  }
  if (isAgreed && leading >= 0) marks.fill(RoundMark.agreed, base, base + peers.length);
}

/** The message that most peers delivered in `round`; of several, that of the first peer. -1: none did. */
function leadingAt(peers: readonly DeliveredColumns[], round: number): number {
  let [best, bestCount] = [-1, 0];
  for (const columns of peers) {
    const message = messageAt(columns, round);
    if (message < 0 || message === best) continue;
    let count = 0;
    for (const other of peers) if (messageAt(other, round) === message) count += 1;
    if (count > bestCount) [best, bestCount] = [message, count];
  }
  return best;
}

/** One number for a message; -1 where the peer has delivered nothing in that round. */
function messageAt({ senders, sequences }: DeliveredColumns, round: number): number {
  const sender = senders[round];
  return sender === undefined ? -1 : sender * 2 ** 32 + sequences[round]!;
}

/** Whether the peers disagree in `round`. */
export function isUnordered(marks: Uint8Array, peers: number, round: number): boolean {
  return marks[round * peers] !== RoundMark.agreed;
}
