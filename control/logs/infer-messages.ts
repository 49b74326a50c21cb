import type { MemberLog } from '../comparison/member-log.ts';

type Logs = readonly Pick<MemberLog, 'peerId' | 'sequence'>[];

/**
 * How many messages each peer multicast, from logs of which the first is that of peer 0: the most
 * that any sender shows. One impossible message must not decide that, so of a sender without a log
 * nothing counts; a sender that delivered messages of its own is asked for the greatest of those (or
 * how many it notes to have multicast); and of any other sender what two logs show counts before
 * what only one does.
 */
export function inferMessages(logs: Logs): number {
  const own = logs.map((_log, sender) => ownMessages(logs, sender));
  const noted = logs.map(({ sequence }) => sequence.multicasts);
  let messages = Math.max(0, ...own, ...noted);
  for (const sender of logs.keys()) {
    if (own[sender] === 0 && noted[sender] === 0) {
      messages = Math.max(messages, witnessedMessages(logs, sender));
    }
  }
  return messages;
}

/** One more than the greatest number of its own that the sender delivered. */
function ownMessages(logs: Logs, sender: number): number {
  return greatest(logs[sender]!, sender) + 1;
}

/** -1 where the log has nothing of the sender. */
function greatest({ sequence }: Logs[number], sender: number): number {
  const { senders, sequences } = sequence;
  let most = -1;
  for (let i = 0; i < senders.length; i += 1) {
    if (senders[i] === sender && sequences[i]! > most) most = sequences[i]!;
  }
  return most;
}

/** One more than the greatest number of the sender in two logs; without one, in any log. */
function witnessedMessages(logs: Logs, sender: number): number {
  const firstWitness = new Map<number, number>();
  let [alone, confirmed] = [-1, -1];
  for (const [witness, { sequence }] of logs.entries()) {
    const { senders, sequences } = sequence;
    for (let i = 0; i < senders.length; i += 1) {
      const number = sequences[i]!;
      // What is no greater than a confirmed number cannot matter any more.
      if (senders[i] !== sender || number <= confirmed) continue;
      const first = firstWitness.get(number);
      if (first === undefined) firstWitness.set(number, witness);
      else if (first !== witness) confirmed = number;
      alone = Math.max(alone, number);
    }
  }
  return (confirmed < 0 ? alone : confirmed) + 1;
}

/** Sentences about what the inferred number of messages leaves out, at most two a log. */
export function describeIgnored(logs: Logs, messages: number): string[] {
  return logs.flatMap((log) => [
    ...describeStrangers(log, logs.length),
    ...describeBeyond(log, logs.length, messages),
  ]);
}

function describeStrangers({ peerId, sequence }: Logs[number], size: number): string[] {
  const { senders } = sequence;
  const first = senders.findIndex((sender) => sender >= size);
  if (first < 0) return [];
  return [
    `The number of messages was inferred without what ${peerId} shows of sender ${senders[first]} ` +
      `at position ${first}: of ${size} logs the last is that of sender ${size - 1}.`,
  ];
}

function describeBeyond(
  { peerId, sequence }: Logs[number],
  size: number,
  messages: number,
): string[] {
  const { senders, sequences } = sequence;
  const first = sequences.findIndex((number, i) => number >= messages && senders[i]! < size);
  if (first < 0) return [];
  return [
    `The number of messages was inferred without message ${sequences[first]} of sender ` +
      `${senders[first]}, which ${peerId} shows at position ${first}: neither the log of that ` +
      'sender nor, where that has none of its own, a second log shows so many.',
  ];
}
