import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import type { Create, Group, Ordering, Out } from '../../../core/ordering.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { reliable } from '../../../core/channels/reliable-link.ts';
import { ExclusionError } from '../../../core/views/view.ts';
import { checkSeeds } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import type { FindingName } from '../../../simulation/check/finding.ts';

/**
 * Orderings of kinds that a check once judged wrong, each with what is right. They stand on member 0, which
 * gives every message its place; `give` says when a member delivers what has a place.
 */
type Give = (
  deliver: (message: Message) => void,
  group: Group,
) => {
  readonly take: (message: Message, now: number) => void;
  readonly advance?: (now: number) => void;
  readonly deadline?: () => number;
};

function sequenced(give: Give): Create {
  return reliable((group: Group, out: Out): Ordering => {
    const given = give((message) => out.deliver(message), group);
    const order = (now: number, message: Message): void => {
      out.multicast(message);
      given.take(message, now);
    };
    return {
      held: 0,
      get deadline() {
        return given.deadline?.() ?? Infinity;
      },
      multicast(now, message) {
        const { sender, sequence, payload } = message;
        if (group.self === 0) order(now, message);
        else out.send(0, new Message(200, sender, sequence, payload));
      },
      receive(now, _from, { kind, sender, sequence, payload }) {
        const message = new Message(Kind.data, sender, sequence, payload);
        if (kind === 200) order(now, message);
        else given.take(message, now);
      },
      advance: (now) => given.advance?.(now),
    };
  });
}

/** Delivers each message `waitUs` after it got its place here. */
function after(waitUs: number): Give {
  return (deliver) => {
    const waiting: { at: number; message: Message }[] = [];
    return {
      take: (message, now) => void waiting.push({ at: now + waitUs, message }),
      deadline: () => waiting[0]?.at ?? Infinity,
      advance(now) {
        while (waiting.length > 0 && waiting[0]!.at <= now) deliver(waiting.shift()!.message);
      },
    };
  };
}

/** Delivers what has come by then whenever a period of `periodUs` ends. */
function inBatches(periodUs: number): Give {
  return (deliver) => {
    let waiting: Message[] = [];
    let deadline = Infinity;
    return {
      take(message, now) {
        waiting.push(message);
        if (deadline === Infinity) deadline = (Math.floor(now / periodUs) + 1) * periodUs;
      },
      deadline: () => deadline,
      advance() {
        deadline = Infinity;
        for (const message of waiting) deliver(message);
        waiting = [];
      },
    };
  };
}

/** Delivers everything once nothing has come for `silenceUs`; the first `quick` at once, to be less conspicuous. */
function afterSilence(silenceUs: number, quick = 0): Give {
  return (deliver) => {
    const waiting: Message[] = [];
    let deadline = Infinity;
    let count = 0;
    return {
      take(message, now) {
        count += 1;
        if (count <= quick) return deliver(message);
        waiting.push(message);
        deadline = now + silenceUs;
      },
      deadline: () => deadline,
      advance() {
        deadline = Infinity;
        for (const message of waiting.splice(0)) deliver(message);
      },
    };
  };
}

/** Falls behind: one delivery every `periodUs`, however many wait. */
function atMostOneEvery(periodUs: number): Give {
  return (deliver) => {
    const waiting: Message[] = [];
    let nextAt = 0;
    return {
      take: (message) => void waiting.push(message),
      deadline: () => (waiting.length > 0 ? nextAt : Infinity),
      advance(now) {
        deliver(waiting.shift()!);
        nextAt = now + periodUs;
      },
    };
  };
}

/** Delivers at once, but nothing more after `most` messages. */
function upTo(most: number): Give {
  return (deliver) => {
    let count = 0;
    return {
      take(message) {
        count += 1;
        if (count <= most) deliver(message);
      },
    };
  };
}

const onlyOwn: Give = (deliver, { self }) => ({
  take: (message) => (message.sender === self ? deliver(message) : undefined),
});

/** Keeps what it has seen under names in which member 1's message 11 and member 11's message 1 are the same. */
const confusedNames: Give = (deliver) => {
  const seen = new Set<string>();
  return {
    take(message) {
      const name = `${message.sender}${message.sequence}`;
      if (!seen.has(name)) deliver(message);
      seen.add(name);
    },
  };
};

function quits(everybody: boolean): Create {
  return (group, out) => {
    const ordering = ORDERINGS.get('sequencer')!.create(group, out);
    if (everybody || group.self === 1) {
      ordering.multicast = () => {
        throw new ExclusionError('the others went on without this member');
      };
    }
    return ordering;
  };
}

const TOTAL = ['integrity', 'total'] as const;
const RIGHT = ['integrity', 'validity', 'agreement', 'total'] as const;

function entryOf(
  create: Create,
  guarantees: OrderingEntry['guarantees'],
  changes: Partial<OrderingEntry> = {},
): OrderingEntry {
  const base = { name: 'tried', summary: 'tried', retransmits: true, survives: 'none' } as const;
  return { ...base, create, guarantees, ...changes };
}

const BROKEN: readonly (readonly [string, OrderingEntry, FindingName])[] = [
  ['nothing', entryOf(sequenced(upTo(0)), TOTAL), 'liveness'],
  ['only its own messages', entryOf(sequenced(onlyOwn), ['integrity']), 'liveness'],
  ['the first ten', entryOf(sequenced(upTo(10)), TOTAL), 'liveness'],
  ['the first 255', entryOf(sequenced(upTo(255)), TOTAL), 'liveness'],
  ['the first 1,000', entryOf(sequenced(upTo(1_000)), RIGHT), 'liveness'],
  ['names without a separator', entryOf(sequenced(confusedNames), TOTAL), 'liveness'],
  ['after a second of silence', entryOf(sequenced(afterSilence(1e6)), RIGHT), 'sorting'],
  ['three, then after silence', entryOf(sequenced(afterSilence(3e6, 3)), RIGHT), 'sorting'],
  ['while all are excluded', entryOf(quits(true), TOTAL, { survives: 'minority' }), 'excluded'],
  ['while one is, though none may', entryOf(quits(false), TOTAL), 'excluded'],
];

const FAIR: readonly (readonly [string, OrderingEntry])[] = [
  ['at once', entryOf(sequenced(after(0)), RIGHT)],
  ['after 1.5 s', entryOf(sequenced(after(1_500_000)), RIGHT)],
  ['after 10 s', entryOf(sequenced(after(10_000_000)), RIGHT)],
  ['every 2 s', entryOf(sequenced(inBatches(2_000_000)), RIGHT)],
  ['every 7 s', entryOf(sequenced(inBatches(7_000_000)), RIGHT)],
  ['slower than messages come', entryOf(sequenced(atMostOneEvery(100_000)), RIGHT)],
];

const OPTIONS = { peersMax: 8, peersLargeMax: 16, faults: FAULT_CHOICES };
const SEEDS = 200;
/** Without the largest schedule, in which a slow ordering takes long. */
const SEEDS_FAIR = 60;

describe('an ordering that delivers', () => {
  test.each(BROKEN)('%s is caught', (_what, entry, name) => {
    const { failing } = checkSeeds(entry, 0, SEEDS, OPTIONS);
    expect(failing?.findings.map((finding) => finding.name)).toContain(name);
  });

  test.each(FAIR)('%s is acquitted', (_what, entry) => {
    const { failing, judged } = checkSeeds(entry, 0, SEEDS_FAIR, { ...OPTIONS, faults: [] });
    expect(failing?.findings ?? []).toEqual([]);
    expect(judged.sorting).toBeGreaterThan(0);
  });
});

test('what could be judged in no schedule is not among what was judged', () => {
  const silent: Create = () => ({
    deadline: Infinity,
    held: 0,
    multicast: () => undefined,
    receive: () => undefined,
    advance: () => undefined,
  });
  const { failing, judged } = checkSeeds(
    entryOf(silent, TOTAL, { retransmits: false }),
    0,
    SEEDS,
    OPTIONS,
  );
  expect(failing).toBeNull();
  expect(judged.total).toBeUndefined();
  expect(judged.progress).toBeUndefined();
});
