import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../core/base/random.ts';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { PlacesKind } from '../../../core/orderings/sequencer-bb.ts';
import { PlaceKind } from '../../../core/orderings/sequencer-uub.ts';
import { ExclusionError } from '../../../core/views/view.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import { drawOptionsFor } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { calmNetwork, type Fault, type Scenario } from '../../../simulation/scenario.ts';
import { simulate } from '../../../simulation/simulate.ts';
import { scenarioWith } from '../../simulation/scenarios.ts';

/** Random schedules for each variant; the environment may ask for more. */
const SEEDS = Number(process.env['MPCOMM_SEEDS'] ?? 50);
const DELAY_US = 10_000;
/**
 * What a multicast of member 1 and one of the sequencer cost among `size` members: messages by kind, and
 * steps.
 */
const VARIANTS = [
  {
    name: 'sequencer-bb',
    own: [PlacesKind.places],
    steps: 2,
    cost: (size: number) => ({ data: size - 1, own: size - 1, ownOfSequencer: size - 1 }),
  },
  {
    name: 'sequencer-uub',
    own: [PlaceKind.placeRequest, PlaceKind.placeGrant],
    steps: 3,
    cost: (size: number) => ({ data: size - 1, own: 2, ownOfSequencer: 0 }),
  },
] as const;

/** Five members with twenty messages each, whose packets take DELAY_US. */
function scenarioOf(changes: Partial<Scenario>): Scenario {
  const intervalUs = { min: 50_000, max: 150_000 };
  const network = calmNetwork({ kind: 'constant', us: DELAY_US });
  return scenarioWith({ peers: 5, messages: 20, intervalUs, network, ...changes });
}

describe.each(VARIANTS)('$name', ({ name, own, steps, cost }) => {
  const entry = ORDERINGS.get(name)!;
  const ownKinds: readonly number[] = own;

  test.each([2, 3, 5, 8])('costs what its header says with %i members', (peers) => {
    const messages = 4;
    // Multicasts are so far apart that no message speaks for two of them.
    const scenario = scenarioOf({ peers, messages, intervalUs: { min: 900_000, max: 999_000 } });
    const sent = { data: 0, own: 0 };
    simulate(entry.create, scenario, {
      send: (_at, _from, _to, { kind }) => {
        if (kind === Kind.data) sent.data += 1;
        else if (ownKinds.includes(kind)) sent.own += 1;
      },
    });
    const each = cost(peers);
    expect(sent).toEqual({
      data: messages * peers * each.data,
      own: messages * ((peers - 1) * each.own + each.ownOfSequencer),
    });
    const mean = each.data + ((peers - 1) * each.own + each.ownOfSequencer) / peers;
    expect(entry.theory.messages(peers)).toBeCloseTo(mean);
  });

  test('delivers after the communication steps that its header says', () => {
    const scenario = scenarioOf({ messages: 5, intervalUs: { min: 400_000, max: 499_000 } });
    const { members } = simulate(entry.create, scenario);
    for (const [member, { ownLatencyUs }] of members.entries()) {
      // A sender has its own message: it waits only for the place, or for a place that was given before.
      const latencyUs = member === 0 ? 0 : 2 * DELAY_US;
      expect(Math.min(...ownLatencyUs)).toBe(latencyUs);
      expect(Math.max(...ownLatencyUs)).toBeLessThanOrEqual(latencyUs + 2 * DELAY_US);
    }
    const unit = (from: number, to: number): number => (from === to ? 0 : 1);
    expect(entry.theory.latency!(unit, 5, 1, 2)).toBe(steps);
  });

  test.each([0, 1, 2, 5])(
    'goes on when a sender dies %i packets into what it sends, and nobody waits for it for good',
    (afterSends) => {
      for (const member of [0, 3]) {
        const crash: Fault = { kind: 'crash', member, atUs: 700_000, afterSends };
        const { result, findings } = checkScenario(entry, scenarioOf({ faults: [crash] }));
        expect([findings, result.faultsHappened.crash]).toEqual([[], 1]);
        expect(result.allDelivered).toBe(true);
      }
    },
  );

  test('whoever was cut off with the sequencer, and went astray, stops as if it had crashed', () => {
    const sides = { from: [0, 1], to: [2, 3, 4], symmetric: true };
    const cut: Fault = { kind: 'partition', ...sides, atUs: 500_000, untilUs: 6_000_000 };
    const { result, findings } = checkScenario(entry, scenarioOf({ faults: [cut] }));
    expect(findings).toEqual([]);
    expect(result.failure?.error).toBeInstanceOf(ExclusionError);
  });

  test(`keeps what it declares in ${SEEDS} random schedules with all faults`, () => {
    const options = drawOptionsFor(entry, { peersMax: 8, faults: FAULT_CHOICES });
    let crashes = 0;
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const { result, findings } = checkScenario(entry, drawScenario(seed, options));
      crashes += result.faultsHappened.crash;
      expect({ name, seed, findings }).toEqual({ name, seed, findings: [] });
    }
    expect(crashes).toBeGreaterThan(SEEDS / 8);
  });
});

/** A member of three, with what it sends and delivers. */
function memberOf(name: string, self: number, kinds: readonly number[]) {
  const told: string[] = [];
  const group = { self, size: 3, random: createRandom(1) };
  const ordering = ORDERINGS.get(name)!.createUnpacked!(group, {
    multicast: () => undefined,
    send: (to, { kind, sequence, position, vector }) => {
      const about = [sequence, position, ...vector].join();
      if (kinds.includes(kind)) told.push(`to ${to}: ${about}`);
    },
    deliver: ({ sender, sequence }) => void told.push(`(${sender}, ${sequence})`),
  });
  return { ordering, told };
}

const data = (sender: number, sequence: number, link: number): Message =>
  new Message(Kind.data, sender, sequence).onLink(link);

describe('at one instant', () => {
  test('the sequencer of sequencer-bb tells all the places that it gives in one message', () => {
    const { ordering, told } = memberOf('sequencer-bb', 0, [PlacesKind.places]);
    ordering.receive(0, 1, data(1, 0, 1));
    ordering.multicast(0, new Message(Kind.data, 0, 0));
    ordering.receive(0, 2, data(2, 0, 1));
    ordering.receive(0, 2, data(2, 1, 2));
    expect(told).toEqual(['(1, 0)', '(0, 0)', '(2, 0)', '(2, 1)']);
    ordering.advance(0);
    expect(told.slice(4)).toEqual(['to 1: 0,1,1,1,0,1,2,2', 'to 2: 0,1,1,1,0,1,2,2']);
  });

  test('a sender of sequencer-uub asks for all its places in one message', () => {
    const { ordering, told } = memberOf('sequencer-uub', 1, Object.values(PlaceKind));
    for (let sequence = 0; sequence < 3; sequence += 1) {
      ordering.multicast(0, new Message(Kind.data, 1, sequence));
    }
    ordering.advance(0);
    expect(told).toEqual(['to 0: 2,0']);
    // The places 2 to 4 are its own: it waits for the message at place 1.
    const grant = new Message(PlaceKind.placeGrant, 1, 2).withPosition(4);
    ordering.receive(1, 0, grant.onLink(1));
    expect(told.slice(1)).toEqual([]);
    ordering.receive(2, 2, data(2, 0, 1).withPosition(1).onLink(1));
    expect(told.slice(1)).toEqual(['(2, 0)', '(1, 0)', '(1, 1)', '(1, 2)']);
  });
});

test('sequencer-bb delivers a message once it has both, the message and its place', () => {
  const { ordering, told } = memberOf('sequencer-bb', 1, [PlacesKind.places]);
  const places = new Message(PlacesKind.places, 0, 0).withPosition(1).withVector([2, 2, 0, 1]);
  ordering.receive(0, 0, data(0, 0, 1));
  ordering.receive(0, 0, places.onLink(2));
  expect(told).toEqual([]);
  ordering.receive(0, 2, data(2, 0, 1));
  expect(told).toEqual(['(2, 0)']);
  expect(ordering.held).toBe(1);
  ordering.receive(0, 2, data(2, 1, 2));
  expect(told).toEqual(['(2, 0)', '(2, 1)', '(0, 0)']);
  expect(ordering.held).toBe(0);
});

test('sequencer-bb says so when it is told of places of nobody', () => {
  const { ordering } = memberOf('sequencer-bb', 1, [PlacesKind.places]);
  const places = new Message(PlacesKind.places, 0, 0).withPosition(1).withVector([9, 1]);
  expect(() => ordering.receive(0, 0, places.onLink(1))).toThrow('places belong to members');
});
