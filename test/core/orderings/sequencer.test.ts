import { describe, expect, test } from '@jest/globals';
import { compareDeliveries, type Disagreement } from '../../../core/judge/comparison.ts';
import { bareOf } from '../../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../../core/message.ts';
import { create, SequencerKind } from '../../../core/orderings/sequencer.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { ExclusionError } from '../../../core/views/view.ts';
import { checkScenario } from '../../../simulation/check/check-scenario.ts';
import { drawOptionsFor } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { drawScenario } from '../../../simulation/check/draw-scenario.ts';
import { calmNetwork, type Fault, type Scenario } from '../../../simulation/scenario.ts';
import { simulate, type SimulationResult } from '../../../simulation/simulate.ts';
import { peerLogOf } from '../../../simulation/peer-log.ts';
import { scenarioWith } from '../../simulation/scenarios.ts';

/** Random schedules for each variant; the environment may ask for more. */
const SEEDS = Number(process.env['MPCOMM_SEEDS'] ?? 150);
const VARIANTS = ['sequencer', 'sequencer-fast'];
const DELAY_US = 10_000;

/** Five members with twenty messages each, whose packets take DELAY_US. */
function scenarioOf(changes: Partial<Scenario>): Scenario {
  const intervalUs = { min: 50_000, max: 150_000 };
  const network = calmNetwork({ kind: 'constant', us: DELAY_US });
  return scenarioWith({ peers: 5, messages: 20, intervalUs, network, ...changes });
}

/** How long a run goes on after the last delivery: survivors have to find what only a crashed member had. */
const SETTLE_US = 10_000_000;

function run(
  name: string,
  scenario: Scenario,
): { result: SimulationResult; verdicts: Disagreement['guarantees'] } {
  const result = simulate(ORDERINGS.get(name)!.create, scenario, null, { settleUs: SETTLE_US });
  const logs = result.members.map((member) => peerLogOf(member, false));
  return { result, verdicts: compareDeliveries(logs, scenario.messages).guarantees };
}

function expectDeclared(name: string, verdicts: Disagreement['guarantees']): void {
  for (const guarantee of ORDERINGS.get(name)!.guarantees) {
    expect([guarantee, verdicts[guarantee]]).toEqual([guarantee, { held: true }]);
  }
}

test('the sequencer takes no word for a position that it never gave out', () => {
  const out = { multicast: () => undefined, send: () => undefined, deliver: () => undefined };
  const sequencer = bareOf(create)!({ self: 0, size: 3, random: () => 0.5 }, out);
  const beyond = new Message(SequencerKind.positionAck, 1, 0).withPosition(10_000_000);
  expect(() => sequencer.receive(0, 1, beyond)).toThrow(/was not given out/);
});

/** Messages of `kinds` that were put on the network, each destination counted. */
function countSent(name: string, scenario: Scenario, kinds: readonly number[]): number {
  let sent = 0;
  simulate(ORDERINGS.get(name)!.create, scenario, {
    send: (_at, _from, _to, message) => {
      if (kinds.includes(message.kind)) sent += 1;
    },
  });
  return sent;
}

const crash = (member: number, atUs: number, afterSends = 0): Fault => ({
  kind: 'crash',
  member,
  atUs,
  afterSends,
});
const cutOff = (
  from: number[],
  to: number[],
  atUs: number,
  untilUs: number,
): Extract<Fault, { kind: 'partition' }> => ({
  kind: 'partition',
  from,
  to,
  symmetric: true,
  atUs,
  untilUs,
});

describe.each(VARIANTS)('%s', (name) => {
  test.each([2, 3, 5, 8])('costs what its header says with %i members', (peers) => {
    const messages = 4;
    // Multicasts are so far apart that no acknowledgement serves two positions.
    const scenario = scenarioOf({ peers, messages, intervalUs: { min: 900_000, max: 999_000 } });
    const ordering = messages * (peers - 1) * peers + messages * (peers - 1);
    expect(countSent(name, scenario, [Kind.data])).toBe(ordering);
    const uniformity = name === 'sequencer' ? 2 * (peers - 1) * peers * messages : 0;
    const acknowledging = [SequencerKind.positionAck, SequencerKind.positionCommit];
    expect(countSent(name, scenario, acknowledging)).toBe(uniformity);
    expect(countSent(name, scenario, [Kind.viewPrepare])).toBe(0);
  });

  test('delivers after the communication steps that its header says', () => {
    const scenario = scenarioOf({ messages: 5, intervalUs: { min: 400_000, max: 499_000 } });
    const { result } = run(name, scenario);
    const steps = name === 'sequencer' ? 4 : 2;
    const [sequencer, ...others] = result.members;
    for (const latency of sequencer!.ownLatencyUs) expect(latency).toBe((steps - 2) * DELAY_US);
    for (const { ownLatencyUs } of others) {
      for (const latency of ownLatencyUs) expect(latency).toBe(steps * DELAY_US);
    }
  });

  test.each([0, 1, 3, 4, 7, 12])(
    'goes on when the sequencer crashes after %i more sends',
    (afterSends) => {
      const { result, verdicts } = run(
        name,
        scenarioOf({ seed: afterSends, faults: [crash(0, 700_000, afterSends)] }),
      );
      expect(result.faultsHappened.crash).toBe(1);
      expect(result.allDelivered).toBe(true);
      expectDeclared(name, verdicts);
    },
  );

  test('survives the crash of two sequencers in a row, but delivers nothing without a majority', () => {
    const two = [crash(0, 500_000), crash(1, 1_800_000)];
    const { result, verdicts } = run(name, scenarioOf({ faults: two }));
    expect(result.allDelivered).toBe(true);
    expectDeclared(name, verdicts);
    const three = run(name, scenarioOf({ faults: [...two, crash(2, 600_000)] }));
    expect(three.result.allDelivered).toBe(false);
    expect(three.result.failure).toBeNull();
  });

  test('a sequencer that was paused and comes back does no harm', () => {
    const pause: Fault = { kind: 'pause', member: 0, atUs: 600_000, untilUs: 4_000_000 };
    const { result, verdicts } = run(name, scenarioOf({ faults: [pause] }));
    expect(result.faultsHappened.pause).toBe(1);
    expect(result.failure).toBeNull();
    expect(result.allDelivered).toBe(true);
    expectDeclared(name, verdicts);
  });

  test('the members of a minority that was cut off without the sequencer catch up', () => {
    const cut = cutOff([3, 4], [0, 1, 2], 500_000, 5_000_000);
    const { result, verdicts } = run(name, scenarioOf({ faults: [cut] }));
    expect(result.faultsHappened.partition).toBeGreaterThan(0);
    expect(result.allDelivered).toBe(true);
    expectDeclared(name, verdicts);
  });

  test(`keeps what it declares in ${SEEDS} random schedules with all faults`, () => {
    const entry = ORDERINGS.get(name)!;
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

describe('a sequencer that is cut off with a minority', () => {
  const cut = cutOff([0, 1], [2, 3, 4], 500_000, 6_000_000);

  test('sequencer: delivers nothing there, and everyone delivers the same in the end', () => {
    const before = run('sequencer', scenarioOf({ faults: [cut], endUs: 5_900_000 }));
    const [cutOffSequencer, , survivor] = before.result.members;
    expect(survivor!.sequence.length).toBeGreaterThan(2 * cutOffSequencer!.sequence.length);
    const { result, verdicts } = run('sequencer', scenarioOf({ faults: [cut] }));
    expect(result.allDelivered).toBe(true);
    expect(result.failure).toBeNull();
    expectDeclared('sequencer', verdicts);
  });

  test('sequencer-fast: went astray there, and stops as if it had crashed', () => {
    const { result, verdicts } = run('sequencer-fast', scenarioOf({ faults: [cut] }));
    expect(result.failure?.error).toBeInstanceOf(ExclusionError);
    expect(result.failure?.error.message).toContain('excluded from its view');
    expect(result.members.map(({ crashed }) => crashed)).toEqual([true, true, false, false, false]);
    expectDeclared('sequencer-fast', verdicts);
  });

  test('sequencer-fast: stops there too where it is to rest before it is taken back', () => {
    // All had delivered everything, it in another order, before anybody asked for its log again.
    const entry = ORDERINGS.get('sequencer-fast')!;
    const options = drawOptionsFor(entry, { peersMax: 8, faults: FAULT_CHOICES });
    expect(checkScenario(entry, drawScenario(65_489, options)).findings).toEqual([]);
  });

  test('sequencer-fast is not uniform: what it had delivered there nobody else delivers', () => {
    // It hears them still, and orders what they multicast, but nobody hears it.
    const deaf: Fault = { ...cutOff([0], [1, 2, 3, 4], 500_000, 6_000_000), symmetric: false };
    const faults = [deaf, crash(0, 1_200_000)];
    const { result, verdicts } = run('sequencer-fast', scenarioOf({ faults }));
    expect(result.allDelivered).toBe(true);
    expectDeclared('sequencer-fast', verdicts);
    for (const guarantee of ['uniformAgreement', 'uniformTotal', 'gapFree'] as const) {
      expect([guarantee, verdicts[guarantee].held]).toEqual([guarantee, false]);
    }
  });
});
