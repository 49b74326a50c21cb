import { describe, expect, test } from '@jest/globals';
import { reliable, bareOf } from '../../core/channels/reliable-link.ts';
import type { Create, Group, Out } from '../../core/ordering.ts';
import { createByMember } from '../../custom/create-by-member.ts';
import { addressInInstance } from '../../custom/module-instances.ts';

const THIRD = 'file:///mine/best.ts?mpcomm-process=3';

describe('what a module of an instance imports', () => {
  test.each([
    [
      'a file beside it is of the same instance',
      'file:///mine/tables.ts',
      THIRD,
      'file:///mine/tables.ts?mpcomm-process=3',
    ],
    ['a module of Node is shared', 'node:fs', THIRD, 'node:fs'],
    [
      'a package is shared',
      'file:///node_modules/zod/index.js',
      THIRD,
      'file:///node_modules/zod/index.js',
    ],
    [
      'the project is left alone',
      'file:///mine/tables.ts',
      'file:///mine/best.ts',
      'file:///mine/tables.ts',
    ],
    ['the first module has no parent', 'file:///mine/best.ts', undefined, 'file:///mine/best.ts'],
  ])('%s', (_what, address, parent, expected) => {
    expect(addressInInstance(address, parent)).toBe(expected);
  });

  test("the project's core is shared, since messages go from one member to another", () => {
    const core = new URL('../../core/message.ts', import.meta.url).href;
    expect(addressInInstance(core, THIRD)).toBe(core);
  });
});

test('no member is given the object of the simulator for its effects, nor anything that this inherits', () => {
  class Simulators implements Out {
    readonly record = [];
    multicast(): void {}
    send(): void {}
    deliver(): void {}
  }
  const given: Out[] = [];
  const made: Create = reliable((_group, out) => {
    given.push(out);
    throw new Error('it was only looked at');
  });
  const create = createByMember(made, () => made);
  const direct = createByMember(made, () => (_group, out) => {
    given.push(out);
    throw new Error('it was only looked at');
  });
  const group: Group = { self: 0, size: 2, random: () => 0 };
  for (const each of [create, direct, bareOf(create)!]) {
    expect(() => each(group, new Simulators())).toThrow('only looked at');
  }
  expect(given).toHaveLength(3);
  expect(given.some((out) => 'record' in out || out instanceof Simulators)).toBe(false);
});

test('each process is made by the create of its own, with its channels and without', () => {
  const made: string[] = [];
  const named = (name: string): Create =>
    reliable(() => {
      made.push(name);
      const nothing = (): void => undefined;
      return {
        deadline: Infinity,
        held: 0,
        multicast: nothing,
        receive: nothing,
        advance: nothing,
      };
    });
  const create = createByMember(named('first'), ({ self, incarnation = 0 }) =>
    named(`${self} in life ${incarnation}`),
  );
  const out: Out = { multicast: () => undefined, send: () => undefined, deliver: () => undefined };
  const group: Group = { self: 1, size: 3, random: () => 0 };
  create(group, out);
  create({ ...group, incarnation: 1 }, out);
  bareOf(create)!({ ...group, self: 2 }, out);
  expect(made).toEqual(['1 in life 0', '1 in life 1', '2 in life 0']);
});
