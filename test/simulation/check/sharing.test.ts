import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import type { Create, Group, Ordering, Out } from '../../../core/ordering.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import { drawOptionsFor } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import type { Finding } from '../../../simulation/check/finding.ts';
import { InformationFlow } from '../../../simulation/check/sharing/information-flow.ts';
import { smallScenario } from '../../../simulation/check/small-scenario.ts';
import { ChosenRun } from '../../../simulation/choices/chosen-run.ts';

function entryOf(create: Create): OrderingEntry {
  return { ...ORDERINGS.get('unordered')!, create };
}

function orderingOf(does: Partial<Ordering>): Ordering {
  const nothing = (): void => undefined;
  return {
    deadline: Infinity,
    held: 0,
    multicast: nothing,
    receive: nothing,
    advance: nothing,
    ...does,
  };
}

/** Whoever multicasts has everybody deliver, and nobody sends. */
function actingForOthers(): Create {
  const outs: Out[] = [];
  return ({ self }, out) => {
    outs[self] = out;
    return orderingOf({
      multicast: (_now, message) => outs.forEach((each) => each.deliver(message)),
    });
  };
}

/** Each delivers its own at once, and every millisecond what it finds in memory that all have. */
function withSharedInbox(): Create {
  const all: Message[] = [];
  return ({ self }, out) => {
    let read = 0;
    const ordering = orderingOf({
      multicast(_now, message) {
        all.push(message);
        out.deliver(message);
      },
      advance(now) {
        for (; read < all.length; read += 1) {
          if (all[read]!.sender !== self) out.deliver(all[read]!);
        }
        ordering.deadline = now + 1_000;
      },
    }) as { -readonly [Name in keyof Ordering]: Ordering[Name] };
    ordering.deadline = 0;
    return ordering;
  };
}

describe('members reach each other by packets alone', () => {
  test('one that acts in the step of another is found, in a timed run and in single steps', () => {
    const { findings } = checkScenario(entryOf(actingForOthers()), smallScenario(1));
    expect(findings[0]).toMatchObject({
      name: 'sharing',
      text: expect.stringMatching(/member 1 sends or delivers in a step of member 0/),
    });
    const run = new ChosenRun(actingForOthers(), smallScenario(1));
    run.take({ act: 'multicast', member: 0 });
    expect(run.failures).toMatchObject([{ member: 0, error: { name: 'SharingError' } }]);
  });

  test('what acts after its run is over is refused', () => {
    const kept: Out[] = [];
    const create: Create = (_group, out) => {
      kept.push(out);
      return orderingOf({});
    };
    checkScenario(entryOf(create), smallScenario(1));
    const late = new Message(Kind.data, 0, 0);
    expect(() => kept[0]!.deliver(late)).toThrow(/when none of its methods runs/);
    expect(() => kept[0]!.send(1, late)).toThrow(/when none of its methods runs/);
  });

  test('what is delivered and no packet brought is found, also where each acts for itself', () => {
    const { findings } = checkScenario(entryOf(withSharedInbox()), smallScenario(2));
    const [{ name, text, observations }] = findings as [(typeof findings)[0]];
    expect([name, observations.length]).toEqual(['sharing', 1]);
    expect(text).toMatch(/delivered \(\d, 0\) at position \d, of which no packet could have told/);
    const unwatched = { judgesSharing: false };
    expect(checkScenario(entryOf(withSharedInbox()), smallScenario(2), unwatched).findings).toEqual(
      [],
    );
  });
});

/** Member 0 numbers what everybody multicasts by one counter, which `take` has; each delivers in the order of the numbers. */
function numbering(take: (self: number) => number): Create {
  return ({ self }, out) => {
    const waiting = new Map<number, Message>();
    let next = 0;
    const accept = (message: Message): void => {
      waiting.set(message.position, message);
      for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
        out.deliver(ready);
        next += 1;
      }
    };
    return orderingOf({
      multicast(_now, message) {
        const numbered = message.withPosition(take(self));
        out.multicast(numbered);
        accept(numbered);
      },
      receive: (_now, _from, message) => accept(message),
    });
  };
}

describe('a member that is told the same again by itself', () => {
  const findingsOf = (create: Create): readonly Finding[] =>
    checkScenario({ ...entryOf(create), createApart: create }, smallScenario(3)).findings;

  test('does otherwise where all of them count with one counter, wherever that is', () => {
    let count = 0;
    const create = numbering(() => count++);
    const fresh: Create = (group, out) => {
      if (group.self === 0) count = 0;
      return create(group, out);
    };
    const [finding] = findingsOf(fresh);
    expect(finding).toMatchObject({ name: 'sharing' });
    expect(finding!.text).toMatch(/peer 0, told the same again .* it .* and delivers \(0, 1\) by/);
  });

  test('is accused of nothing where it counts for itself, nor where no run comes out as another', () => {
    const own = ({ self, ...group }: Group, out: Out): Ordering => {
      let count = self;
      return numbering(() => (count += group.size) - group.size)({ self, ...group }, out);
    };
    expect(findingsOf(own)).toEqual([]);
    let draws = 0;
    const byChance: Create = (group, out) => {
      const ordering = own(group, out);
      return orderingOf({
        multicast(now, message) {
          draws += 1;
          if ((draws * draws) % 7 < 3) out.send(1 - group.self, new Message(200, group.self, 0));
          ordering.multicast(now, message);
        },
        receive(now, from, message) {
          if (message.kind === Kind.data) ordering.receive(now, from, message);
        },
      });
    };
    expect(findingsOf(byChance)).toEqual([]);
  });
});

describe('the flow of information', () => {
  const [first, second] = [new Message(Kind.data, 0, 0), new Message(Kind.data, 0, 1)];

  test('goes over others, and what was sent before a multicast brings nothing of it', () => {
    const flow = new InformationFlow(3);
    const [early, relayed] = [new Message(20, 0, 0), new Message(21, 1, 0)];
    flow.multicast(0, 0, first);
    flow.send(0, 0, 1, early);
    flow.multicast(1, 0, second);
    flow.arrive(2, 0, 1, early);
    flow.send(3, 1, 2, relayed);
    flow.arrive(4, 1, 2, relayed);
    flow.deliver(5, 2, first);
    expect(flow.finding).toBeNull();
    flow.deliver(6, 2, second);
    expect(flow.finding?.text).toMatch(
      /^peer 2 delivered \(0, 1\) at position 1, of which no packet/,
    );
  });

  test('accuses nobody of what was never multicast, which breaks integrity', () => {
    const flow = new InformationFlow(2);
    flow.deliver(0, 1, first);
    expect(flow.finding).toBeNull();
  });

  test.each([...ORDERINGS.keys()])('is kept by %s in schedules with all faults', (name) => {
    const entry = ORDERINGS.get(name)!;
    const options = drawOptionsFor(entry, { peersMax: 6, peersLargeMax: 6, faults: FAULT_CHOICES });
    for (let seed = 1; seed <= 25; seed += 1) {
      const { findings } = checkScenario(entry, drawScenario(seed, options));
      expect([seed, findings]).toEqual([seed, []]);
    }
  });
});
