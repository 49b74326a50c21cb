import { describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../control/comparison-document.ts';
import { Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { create as unordered } from '../../core/orderings/unordered.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { simulate } from '../../simulation/simulate.ts';
import { SimulatedBank } from '../../simulation/observers/simulated-bank.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';
import { scenarioWith } from './scenarios.ts';

const ENTRIES = [...ORDERINGS.values()];
const TOTAL = ENTRIES.filter(({ guarantees }) => guarantees.includes('total'));
const OTHERS = ENTRIES.filter(({ guarantees }) => !guarantees.includes('total'));

function bankScenario(seed: number, loss: number): Scenario {
  return scenarioWith({
    peers: 4,
    messages: 25,
    seed,
    workload: 'bank',
    network: {
      delay: { kind: 'uniform', minUs: 1_000, maxUs: 90_000 },
      loss,
      reordering: loss,
      reorderingUs: 50_000,
    },
  });
}

function compareBank(
  create: Create,
  scenario: Scenario,
  entry = { name: 'some', guarantees: [] as Comparison['declared'] },
): Comparison {
  const bank = new SimulatedBank(scenario);
  const result = simulate(create, scenario, bank.observer(null), { measure: true });
  return simulatedComparison(entry, scenario, result, bank);
}

describe.each(TOTAL)('$name, a total order', ({ create }) => {
  test.each([1, 2, 3])('ends with one state, over a bad network as well: seed %d', (seed) => {
    for (const loss of [0, 0.1]) {
      const { bank } = compareBank(create, bankScenario(seed, loss));
      expect(bank).toMatchObject({ agree: true, distinctStates: 1, spreadCents: 0 });
      expect(bank!.perPeer.map(({ verified }) => verified)).toEqual([true, true, true, true]);
      expect(bank!.perPeer[0]!.applied).toBe(100);
    }
  });
});

test('the orderings that promise no total order are these', () => {
  expect(OTHERS.map(({ name }) => name)).toEqual(['unordered', 'fifo', 'causal']);
});

describe.each(OTHERS)('$name, no total order', ({ create }) => {
  test('ends with different states: seed 1, nothing lost', () => {
    const { bank, perPeer } = compareBank(create, bankScenario(1, 0));
    expect(perPeer.map(({ missing }) => missing)).toEqual([0, 0, 0, 0]);
    expect(bank!.agree).toBe(false);
    expect(bank!.distinctStates).toBeGreaterThan(1);
    expect(bank!.firstSwap).not.toBeNull();
    expect(bank!.perPeer.some(({ changedByOrder }) => changedByOrder)).toBe(true);
  });
});

test('a run repeats to the byte, and another seed is another bank', () => {
  const run = (seed: number): string =>
    JSON.stringify(compareBank(unordered, bankScenario(seed, 0.1)).bank);
  expect(run(1)).toBe(run(1));
  expect(run(2)).not.toBe(run(1));
});

test('an ordering that delivers another payload than was multicast is found out', () => {
  const careless: Create = (group, out) =>
    unordered(group, {
      multicast: (message) => out.multicast(message),
      send: (to, message) => out.send(to, message),
      deliver: (message) => {
        const { kind, sender, sequence } = message;
        const isLost = group.self === 1 && sequence === 3;
        out.deliver(isLost ? new Message(kind, sender, sequence) : message);
      },
    });
  const { bank, findings, guarantees } = compareBank(careless, bankScenario(1, 0));
  expect(bank!.perPeer.map(({ undecodable }) => undecodable)).toEqual([0, 4, 0, 0]);
  // What it reported follows from what it delivered, contents included.
  expect(bank!.perPeer.map(({ verified }) => verified)).toEqual([true, true, true, true]);
  expect(guarantees.integrity.counterexample?.text).toMatch(
    /^peer 1 delivered \(\d, 3\) at position \d+ with no bytes; peer \d multicast it with \d bytes/,
  );
  expect(findings).toEqual([
    'Peer 1 (peer-1) delivered 4 messages with another content than was multicast.',
  ]);
});

test('replicas that read nothing do not agree: there is nothing to agree on', () => {
  const empty: Create = (group, out) =>
    unordered(group, {
      multicast: (message) => out.multicast(message),
      send: (to, message) => out.send(to, message),
      deliver: ({ kind, sender, sequence }) => out.deliver(new Message(kind, sender, sequence)),
    });
  const { bank, guarantees } = compareBank(empty, bankScenario(1, 0));
  expect(bank!.perPeer.every(({ applied, verified }) => applied === 0 && verified)).toBe(true);
  expect(bank!.agree).toBeNull();
  expect(guarantees.integrity.held).toBe(false);
});

test('what nobody multicast changes nothing, and is counted on both sides', () => {
  const inventing: Create = (group, out) => {
    const inner = unordered(group, out);
    return {
      ...inner,
      get deadline() {
        return inner.deadline;
      },
      get held() {
        return inner.held;
      },
      advance: (now) => inner.advance(now),
      receive: (now, from, message) => inner.receive(now, from, message),
      multicast: (now, message) => {
        inner.multicast(now, message);
        const { kind, sender, sequence, payload } = message;
        if (sequence === 0) out.deliver(new Message(kind, sender, sequence + 1_000, payload));
      },
    };
  };
  const { bank, findings } = compareBank(inventing, bankScenario(1, 0));
  expect(bank!.perPeer.map(({ undecodable }) => undecodable)).toEqual([1, 1, 1, 1]);
  expect(bank!.perPeer.every(({ verified }) => verified)).toBe(true);
  expect(findings.some((text) => text.includes('does not follow'))).toBe(false);
});

test.each([
  [{ payloadBytes: 1 }, 'payloadBytes is 1'],
  [{ workload: 'shop' as 'bank' }, 'workload is shop; allowed: none or mixed or bank'],
])('a scenario with %j is refused', (wrong, message) => {
  const scenario = { ...bankScenario(1, 0), ...wrong };
  expect(() => simulate(unordered, scenario)).toThrow(message);
});
