import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { SimulatedRun } from '../../support/simulated-run.ts';

const HOLDING = [...ORDERINGS.values()].filter(
  ({ guarantees, name }) => guarantees.includes('total') || name === 'causal',
);

/** A run of four that is looked at when it has gone on for `endUs`, and what each member says that it waits for. */
function lookedAt(name: string, endUs: number) {
  const { create, createUnpacked } = ORDERINGS.get(name)!;
  const run = new SimulatedRun(createUnpacked ?? create, { endUs, messages: 20 });
  return run.result.members.map(({ blockage, sequence }, self) => ({
    blockage,
    delivered: run.delivered[self]!,
    ownLeft:
      sequence.multicasts - run.delivered[self]!.filter((id) => id.startsWith(`${self}.`)).length,
  }));
}

describe.each(HOLDING)('$name in the middle of a run', ({ name }) => {
  test('says what a member waits for that has not delivered its own messages, and nothing that it delivered', () => {
    let asked = 0;
    for (let endUs = 20_000; endUs <= 400_000; endUs += 20_000) {
      for (const { blockage, delivered, ownLeft } of lookedAt(name, endUs)) {
        if (ownLeft > 0) expect(blockage).not.toBeNull();
        if (blockage === null) continue;
        asked += 1;
        const { sender, sequence, waitsFor } = blockage;
        expect(delivered).not.toContain(`${sender}.${sequence}`);
        expect(waitsFor).toEqual([...new Set(waitsFor)].sort());
        expect(waitsFor.every((member) => member >= 0 && member < 4)).toBe(true);
      }
    }
    expect(asked).toBeGreaterThan(10);
  });
});

describe.each([
  ['sequencer-bb', 1],
  ['sequencer-uub', 1],
  ['ring', 1],
])('a member of %s that hears nobody', (name, self) => {
  test('waits for the word of whoever it hears from', () => {
    const faults = [{ kind: 'pause', member: 0, atUs: 0, untilUs: 500_000 }] as const;
    const { create, createUnpacked } = ORDERINGS.get(name)!;
    const shape = { endUs: 300_000, messages: 20, faults };
    const { result } = new SimulatedRun(createUnpacked ?? create, shape);
    // The first member is the sequencer, and the predecessor of this one on the ring.
    expect(result.members[self]!.blockage!.waitsFor).toEqual([0]);
  });
});

test('the sequencer waits for who does not hold a position, and others for its word', () => {
  const faults = [2, 3].map((member) => {
    return { kind: 'pause', member, atUs: 0, untilUs: 500_000 } as const;
  });
  const create = ORDERINGS.get('sequencer')!.createUnpacked!;
  const { result } = new SimulatedRun(create, { endUs: 300_000, messages: 20, faults });
  expect(result.members.slice(0, 2).map(({ blockage }) => blockage!.waitsFor)).toEqual([
    [2, 3],
    [0],
  ]);
});
