import type { GuaranteeName } from '../../core/guarantees.ts';
import type { MemberResult } from '../simulate.ts';

type Members = readonly MemberResult[];

/** What a run has to show before a guarantee is judged by it, each with the words for its absence. */
const HEARS = { isShown: hearsOthers, absence: 'no peer delivered a message of another' };
const SHOWN: Readonly<
  Record<GuaranteeName, readonly { isShown: (members: Members) => boolean; absence: string }[]>
> = {
  integrity: [HEARS],
  validity: [],
  agreement: [HEARS],
  uniformAgreement: [HEARS],
  fifo: [HEARS, { isShown: hasTwoOfOne, absence: 'no peer delivered two messages of one sender' }],
  causal: [
    HEARS,
    {
      isShown: (members) => hasTwoOfOne(members) || showsCause(members),
      absence: 'no peer delivered two messages of which the sender of one knew the other',
    },
  ],
  total: [HEARS],
  uniformTotal: [HEARS],
  gapFree: [HEARS],
};

/**
 * Why a run shows nothing about a guarantee that it did not break; `null` where it shows something.
 * Most guarantees hold where nothing was delivered, or one message of each sender: they speak of what
 * is delivered, and in which order. Such a run is no evidence, and is not counted as if it were.
 * Questions that the judge itself leaves open (core/judge/verdict.ts) are not asked here again.
 */
export function whyUnobserved(name: GuaranteeName, members: Members): string | null {
  return SHOWN[name].find(({ isShown }) => !isShown(members))?.absence ?? null;
}

function hearsOthers(members: Members): boolean {
  return members.some(({ sequence: { senders } }, self) => senders.some((from) => from !== self));
}

function hasTwoOfOne(members: Members): boolean {
  return members.some(({ sequence: { senders } }) => {
    const seen = new Set<number>();
    return senders.some((sender) => seen.size === seen.add(sender).size);
  });
}

/** Whether some peer delivered a message after one that its sender had delivered before it multicast it. */
function showsCause(members: Members): boolean {
  return members.some(({ sequence: { senders, sequences } }) => {
    const delivered = new Set<string>();
    for (let position = 0; position < senders.length; position += 1) {
      const [sender, number] = [senders[position]!, sequences[position]!];
      if (knows(members[sender]?.sequence, number, delivered)) return true;
      delivered.add(`${sender} ${number}`);
    }
    return false;
  });
}

/** Whether the sender had delivered one of `messages` when it multicast its message `number`. */
function knows(
  sender: MemberResult['sequence'] | undefined,
  number: number,
  messages: ReadonlySet<string>,
): boolean {
  if (sender === undefined) return false;
  const { senders, sequences, deliveredBefore } = sender;
  const count = deliveredBefore[number] ?? 0;
  for (let position = 0; position < count; position += 1) {
    if (messages.has(`${senders[position]} ${sequences[position]}`)) return true;
  }
  return false;
}
