import { describe, expect, test } from '@jest/globals';
import { reliable } from '../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import { beginChosenRun } from '../../simulation/choices/begin-chosen-run.ts';
import { simulate } from '../../simulation/simulate.ts';
import { scenarioWith, unorderedWith } from './scenarios.ts';

describe('an ordering that fails', () => {
  const failsAt = (method: 'multicast' | 'receive'): Create =>
    unorderedWith((_inner, self) =>
      self === 1
        ? {
            [method]: () => {
              throw new Error('no such clock');
            },
          }
        : {},
    );

  test('stops its member, is reported with member and time, and the others go on', () => {
    const result = simulate(failsAt('receive'), scenarioWith());
    const { failure } = result;
    expect(failure).toMatchObject({ member: 1, error: { message: 'no such clock' } });
    expect(failure!.atUs).toBeGreaterThan(10_000);
    expect(result.members.map(({ crashed }) => crashed)).toEqual([false, true, false]);
    expect(result.members[1]!.failure).toBe(failure);
    expect(result.members[0]!.distinct).toBeGreaterThanOrEqual(20);
    expect(simulate(failsAt('multicast'), scenarioWith()).failure?.member).toBe(1);
  });

  test('when it is made fails its member at once', () => {
    const stillborn: Create = (group, out) => {
      if (group.self === 2) throw new Error('cannot be made');
      return unordered(group, out);
    };
    const result = simulate(stillborn, scenarioWith());
    expect(result.failure).toMatchObject({
      member: 2,
      atUs: 0,
      error: { message: 'cannot be made' },
    });
    expect(result.allDelivered).toBe(true);
  });

  test('by a deadline that stays in the past, or is no number, is told so', () => {
    const spinning = simulate(
      unorderedWith(() => ({ deadline: 0 })),
      scenarioWith(),
    );
    expect(spinning.failure?.error.message).toMatch(/left deadline in the past/);
    const none = simulate(
      unorderedWith(() => ({ deadline: NaN })),
      scenarioWith(),
    );
    expect(none.failure?.error.message).toMatch(/deadline is NaN/);
    for (const deadline of ['5', 5n]) {
      const text: Create = () => {
        const nothing = (): void => undefined;
        const ordering = { held: 0, deadline: Infinity, receive: nothing, advance: nothing };
        const multicast = (): void => void Object.assign(ordering, { deadline });
        return Object.assign(ordering, { multicast });
      };
      for (const create of [text, reliable(text)]) {
        expect(simulate(create, scenarioWith()).failure?.error.message).toMatch(
          /^deadline is ("5", a string|5n, a bigint); allowed: a time, or Infinity$/,
        );
      }
    }
    const forgetting: Create = (_group, out) => {
      const ordering = {
        deadline: Infinity,
        held: 0,
        multicast: (_now: number, message: Message) => out.multicast(message),
        receive: () => {
          ordering.deadline = undefined as unknown as number;
        },
        advance: () => undefined,
      };
      return ordering;
    };
    const forgotten = simulate(forgetting, scenarioWith());
    expect(forgotten.failure?.error.message).toMatch(/deadline is undefined; allowed: a time/);
  });

  test('by throwing when it is asked what it waits for fails its member, and the run has its result', () => {
    const result = simulate(
      unorderedWith((_inner, self) =>
        self === 1
          ? {
              blockage: () => {
                throw new Error('no such queue');
              },
            }
          : {},
      ),
      scenarioWith(),
    );
    expect(result.failure).toMatchObject({ member: 1, error: { message: 'no such queue' } });
    expect(result.members[1]!.failure).toBe(result.failure);
    expect(result.allDelivered).toBe(true);
  });

  test('so in a game, which may be asked again and again', () => {
    const create: Create = unorderedWith(() => ({
      blockage: () => {
        throw new Error('no such queue');
      },
    }));
    const entry = { ...ORDERINGS.get('unordered')!, create, createUnpacked: create };
    const run = beginChosenRun(entry, { peers: 2, messages: 1 });
    for (const result of [run.result(), run.result()]) {
      expect(result.failure).toMatchObject({ member: 0, error: { message: 'no such queue' } });
    }
    expect(run.failures).toEqual([]);
  });

  class Telling extends Message {
    readonly seen = new Set<number>();
  }
  test.each([
    ['a message of a class of its own', () => new Telling(240, 0, 0)],
    ['a message with one more field', () => Object.assign(new Message(240, 0, 0), { seen: 1 })],
  ])('by sending %s is told that it would not go over the wire', (_, made) => {
    const telling: Create = unorderedWith((_inner, self, out) => ({
      multicast: () => out.send(self === 0 ? 1 : 0, made()),
    }));
    const { failure } = simulate(telling, scenarioWith(), null, { strict: true });
    expect(failure?.error.message).toMatch(/what else is put on it does not go over the wire/);
  });

  test('by sending a vector that is no array is told so', () => {
    const vector = new Uint32Array(3) as unknown as number[];
    const typed: Create = unorderedWith((_inner, self, out) => ({
      multicast: () => out.send(self === 0 ? 1 : 0, new Message(240, 0, 0).withVector(vector)),
    }));
    const { failure } = simulate(typed, scenarioWith(), null, { strict: true });
    expect(failure?.error.message).toMatch(
      /the vector of a message is an array of numbers, and no Uint32Array$/,
    );
  });

  test.each([
    ['bare', (create: Create) => create],
    ['behind a reliable link', reliable],
  ])('by sending to itself or to nobody is told whom it may send to: %s', (_how, layered) => {
    const wrongs = [0, 3, 99, -1, 0.5, NaN, undefined, '1', 1n, new Message(240, 0, 0)];
    const told = wrongs.map((to) => {
      const wrong = unorderedWith((_inner, self, out) => ({
        multicast: (_now, message) => {
          if (self === 0) out.send(to as number, message);
        },
      }));
      return simulate(layered(wrong), scenarioWith()).failure?.error.message;
    });
    for (const each of told) {
      expect(each).toMatch(/^an ordering sent to .*; allowed: 0 to 2, but not itself \(0\)$/);
    }
    expect(told.slice(-3)).toEqual([
      expect.stringContaining('sent to member "1", a string;'),
      expect.stringContaining('sent to member 1n, a bigint;'),
      expect.stringContaining('(send takes the member first, then the message);'),
    ]);
  });

  test('by changing what it sent is found out when the run is strict', () => {
    const changing = unorderedWith((_inner, _self, out) => {
      const vector = [0];
      return {
        multicast: (_now, message) => {
          vector[0]! += 1;
          out.multicast(
            new Message(Kind.data, message.sender, message.sequence, undefined, 0, 0, 0, 0, vector),
          );
        },
      };
    });
    expect(simulate(changing, scenarioWith()).failure).toBeNull();
    const strict = simulate(changing, scenarioWith(), null, { strict: true });
    expect(strict.failure?.error).toBeInstanceOf(TypeError);
  });

  test('by a field that the wire cannot carry is found out when the run is strict', () => {
    const wrong = unorderedWith((_inner, _self, out) => ({
      multicast: (_now, { sender, sequence }) =>
        out.multicast(new Message(Kind.data, sender, sequence, undefined, 0, -1)),
    }));
    const { failure } = simulate(wrong, scenarioWith(), null, { strict: true });
    expect(failure?.error.message).toMatch(/timestamp of a message is -1; allowed/);
  });
});

describe('a scenario that cannot be run', () => {
  const run = (changes: Parameters<typeof scenarioWith>[0]) => () =>
    simulate(unordered, scenarioWith(changes));

  test('is refused with the field, its value and what is allowed', () => {
    expect(run({ peers: 1 })).toThrow(/peers is 1; allowed: a whole number from 2 to 4096/);
    expect(run({ messages: 0 })).toThrow(/messages is 0; allowed/);
    expect(run({ endUs: 2 ** 32 })).toThrow(/endUs is 4294967296; allowed/);
    expect(run({ intervalUs: { min: 9, max: 8 } })).toThrow(/intervalUs.max is 8; allowed/);
    expect(run({ network: { loss: 0.6 } })).toThrow(/loss is 0.6; allowed: a number from 0 to 0.5/);
    expect(run({ network: { burst: 0 } })).toThrow(/burst is 0; allowed/);
    expect(run({ network: { delay: { kind: 'zones', zones: ['x'], jitter: true } } })).toThrow(
      /zones.length is 1; allowed: a whole number from 3 to 3/,
    );
    const fault = { kind: 'pause', member: 3, atUs: 0, untilUs: 1 } as const;
    expect(run({ faults: [fault] })).toThrow(/faults\[0\].member is 3; allowed.* 0 to 2/);
    expect(run({ faults: [{ ...fault, member: 1, atUs: 2 }] })).toThrow(/untilUs is 1; allowed/);
    const skew = { kind: 'clockSkew', member: 1, rate: 1, offsetUs: 0 } as const;
    expect(run({ faults: [skew, skew] })).toThrow(/a second clockSkew of member 1/);
    expect(run({ faults: [{ ...skew, rate: 0 }] })).toThrow(/rate is 0; allowed/);
  });
});
