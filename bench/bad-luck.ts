import { Kind, type Message } from '../core/message.ts';
import type { Create } from '../core/ordering.ts';
import { ORDERINGS, type OrderingEntry } from '../core/orderings/registry.ts';

/** The senders of the multicasts that reached a member, and their numbers, in the order in which they came. */
type Arrivals = readonly Pick<Message, 'sender' | 'sequence'>[];

/**
 * Orderings that break only where packets reach one member in a certain order, for whoever looks for them. They
 * deliver everything as it comes, and the message that completes the order twice. The number in a name says how many
 * packets have to be in that order.
 */
export const BAD_LUCK: readonly OrderingEntry[] = [
  ...[3, 4, 5, 6].map((count) => unlucky(`descending-${count}`, isDescending(count))),
  ...[2, 4, 6, 8].map((count) => unlucky(`overtaken-by-${count}`, isOvertaken(count))),
  ...[2, 4, 6, 8].map((count) => unlucky(`last-behind-${count}`, isLastBehind(count))),
];

function unlucky(name: string, isUnlucky: (arrivals: Arrivals) => boolean): OrderingEntry {
  const create: Create = (_group, out) => {
    const arrivals: Message[] = [];
    return {
      deadline: Infinity,
      held: 0,
      multicast(_now, message) {
        out.multicast(message);
        out.deliver(message);
      },
      receive(_now, _from, message) {
        if (message.kind !== Kind.data) return;
        arrivals.push(message);
        out.deliver(message);
        if (isUnlucky(arrivals)) out.deliver(message);
      },
      advance: () => undefined,
    };
  };
  return { ...ORDERINGS.get('unordered')!, name, create, guarantees: ['integrity'] };
}

/** The first that came from each of the first `count` senders came in the opposite order of these. */
function isDescending(count: number): (arrivals: Arrivals) => boolean {
  return (arrivals) => {
    const senders = [...new Set(arrivals.map(({ sender }) => sender))];
    if (senders.length !== count) return false;
    return senders.every((sender, place) => place === 0 || sender < senders[place - 1]!);
  };
}

/** A message comes when `count` later ones of its sender have. */
function isOvertaken(count: number): (arrivals: Arrivals) => boolean {
  return (arrivals) => {
    const { sender, sequence } = arrivals.at(-1)!;
    const later = arrivals.filter((each) => each.sender === sender && each.sequence > sequence);
    return later.length === count;
  };
}

/** The first message of a sender comes when `count` have come from each of two others. */
function isLastBehind(count: number): (arrivals: Arrivals) => boolean {
  return (arrivals) => {
    const { sender, sequence } = arrivals.at(-1)!;
    if (sequence !== 0) return false;
    const counts = new Map<number, number>();
    for (const each of arrivals) counts.set(each.sender, (counts.get(each.sender) ?? 0) + 1);
    const others = [...counts].filter(([other, sum]) => other !== sender && sum >= count);
    return counts.get(sender) === 1 && others.length >= 2;
  };
}
