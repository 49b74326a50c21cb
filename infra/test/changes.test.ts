import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at } from '../rules/resource.ts';
import { type Graph, graphOf, SETTINGS } from './graph.ts';

describe('in a laboratory that is there already', () => {
  /** Who is granted what, by the name of the grant. */
  const grantsOf = ({ resources }: Graph) =>
    new Map(
      resources
        .filter(({ inputs }) => at(inputs, 'member') !== undefined)
        .map(({ type, name, inputs }) => [`${type} ${name}`, at(inputs, 'member')] as const),
    );

  test('whoever stays keeps every right when others come and go, or are named in another order', async () => {
    const people = (invokers: string) => graphOf({ ...SETTINGS, checkJob: 'true', invokers });
    const before = grantsOf(await people('alice@example.org,bob@example.org,carol@example.org'));
    const after = grantsOf(await people('dave@example.org,Carol@Example.org,bob@example.org'));
    for (const [name, member] of before) {
      const isLeaving = member === 'user:alice@example.org';
      assert.equal(after.get(name), isLeaving ? undefined : member, name);
    }
    assert.ok([...after.values()].includes('user:dave@example.org'));
  });

  test('the machine of a peer that moves to another zone goes before the new one comes', async () => {
    const { replacements } = await graphOf();
    const groups = [...replacements].filter(([name]) => name.includes(':InstanceGroupManager '));
    assert.equal(groups.length, 8);
    for (const [name, { isDeletedFirst }] of groups) assert.ok(isDeletedFirst, name);
  });
});
