import type { GuaranteeName } from '../../core/guarantees.ts';
import type { MemberResult } from '../simulate.ts';

type Members = readonly MemberResult[];

/** What a run can show. */
type Sight = 'othersHeard' | 'twoOfOne' | 'cause';

/** What a run has to show before a guarantee is judged by it. */
const SHOWN: Readonly<Record<GuaranteeName, readonly Sight[]>> = {
  integrity: ['othersHeard'],
  validity: [],
  agreement: ['othersHeard'],
  uniformAgreement: ['othersHeard'],
  fifo: ['othersHeard', 'twoOfOne'],
  causal: ['othersHeard', 'cause'],
  total: ['othersHeard'],
  uniformTotal: ['othersHeard'],
  gapFree: ['othersHeard'],
};

/** The words for the absence of each. */
const ABSENCE: Readonly<Record<Sight, string>> = {
  othersHeard: 'no peer delivered a message of another',
  twoOfOne: 'no peer delivered two messages of one sender',
  cause: 'no peer delivered two messages of which the sender of one knew the other',
};

/**
 * What a run shows about guarantees that it did not break. Most guarantees hold where nothing was delivered,
 * or one message of each sender: they speak of what is delivered, and in which order. Such a run is no
 * evidence, and is not counted as if it were. Questions that the judge itself leaves open
 * (core/judge/verdict.ts) are not asked here again.
 */
export class ObservedRun {
  readonly #members: Members;
  /** What was looked for, and whether it is there: several guarantees need the same. */
  readonly #found = new Map<Sight, boolean>();

  constructor(members: Members) {
    this.#members = members;
  }

  /** Why the run shows nothing about a guarantee; `null` where it shows something. */
  whyNot(name: GuaranteeName): string | null {
    const absent = SHOWN[name].find((sight) => !this.#shows(sight));
    return absent === undefined ? null : ABSENCE[absent];
  }

  #shows(sight: Sight): boolean {
    const known = this.#found.get(sight);
    if (known !== undefined) return known;
    const isFound = this.#look(sight);
    this.#found.set(sight, isFound);
    return isFound;
  }

  #look(sight: Sight): boolean {
    switch (sight) {
      case 'othersHeard':
        return hearsOthers(this.#members);
      case 'twoOfOne':
        return hasTwoOfOne(this.#members);
      case 'cause':
        // A sender knows its own earlier messages.
        return this.#shows('twoOfOne') || showsCause(this.#members);
    }
  }
}

/** Whether some peer delivered a message of another. */
export function hearsOthers(members: Members): boolean {
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
