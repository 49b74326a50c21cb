import { describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../control/comparison-document.ts';
import type { Create } from '../../core/ordering.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { simulate } from '../../simulation/simulate.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';
import { scenarioWith } from './scenarios.ts';

const UNORDERED = ORDERINGS.get('unordered')!;

function compare(scenario: Scenario, create: Create = UNORDERED.create) {
  const result = simulate(create, scenario, null, { measure: true });
  return { result, comparison: simulatedComparison(UNORDERED, scenario, result) };
}

describe('the comparison of a simulated run', () => {
  test('has the schema of a real one, filled, and is the same for the same scenario', () => {
    const zones = ['us-west1-b', 'asia-east1-b', 'europe-north1-a'];
    const scenario = scenarioWith({ network: { delay: { kind: 'zones', zones, jitter: true } } });
    const { comparison, result } = compare(scenario);
    expect(comparisonSchema.parse(comparison)).toEqual(comparison);
    expect(comparison).toMatchObject({
      network: 'simulated',
      backend: 'simulation',
      ordering: 'unordered',
      seed: 1,
      rounds: 30,
      declared: UNORDERED.guarantees,
      runId: 'simulated-1',
    });
    expect(comparison.unorderedRounds).toBeGreaterThan(15);
    expect(comparison.guarantees.integrity.held).toBe(true);
    expect(comparison.guarantees.causal.held).not.toBeNull();
    expect(comparison.perPeer.map(({ zone }) => zone)).toEqual(zones);
    expect(comparison.perPeer[0]).toMatchObject({
      standing: 'reported',
      outcome: 'complete',
      delivered: 30,
      datagrams: { sent: 20, received: 20 },
      messagesSent: { data: 20, control: 0 },
      ownLatencyMs: { p50: 0, max: 0 },
      heldMs: { p99: 0 },
    });
    expect(comparison.cost).toMatchObject({
      datagramsPerMulticast: 2,
      controlMessagesPerMulticast: 0,
    });
    expect(comparison.createdAtMs).toBe(Math.ceil(result.endedAtUs / 1_000));
    expect(compare(scenario).comparison).toEqual(comparison);
  });

  test('tells what was lost, and in the report of whom', () => {
    const { comparison, result } = compare(scenarioWith({ network: { loss: 0.3 } }));
    const missing = comparison.perPeer.reduce((sum, peer) => sum + peer.missing, 0);
    expect(missing).toBe(result.faultsHappened.loss);
    expect(comparison.perPeer.some(({ outcome }) => outcome === 'settled')).toBe(true);
    const losses = comparison.perPeer.reduce((sum, peer) => sum + (peer.emulatedLosses ?? 0), 0);
    expect(losses).toBe(result.faultsHappened.loss);
  });

  test('tells a crash, a failure, and a run that was cut off, apart', () => {
    const crash = { kind: 'crash', member: 2, atUs: 300_000 } as const;
    const crashed = compare(scenarioWith({ faults: [crash] })).comparison;
    expect(crashed.perPeer[2]).toMatchObject({ standing: 'crashed', outcome: null });
    expect(crashed.perPeer[2]!.multicasts).toBeLessThan(10);
    expect(crashed.guarantees.agreement.held).toBe(true);

    const failing: Create = (group, out) => ({
      ...UNORDERED.create(group, out),
      deadline: Infinity,
      held: 0,
      receive: () => undefined,
      advance: () => undefined,
      multicast: () => {
        throw new Error('out of ink');
      },
    });
    const failed = compare(scenarioWith(), failing).comparison;
    expect(failed.perPeer[0]).toMatchObject({ standing: 'reported', outcome: 'failed' });
    expect(failed.perPeer[0]!.reason).toMatch(/failed at \d+(\.\d+)? ms: out of ink/);

    const short = compare(scenarioWith({ endUs: 200_000 })).comparison;
    expect(short.perPeer[0]!.outcome).toBe('deadline');
    expect(short.findings.join(' ')).toContain('the scenario ended before everything');
  });

  test('needs a run that was measured', () => {
    const scenario = scenarioWith();
    const result = simulate(UNORDERED.create, scenario);
    expect(() => simulatedComparison(UNORDERED, scenario, result)).toThrow(/was measured/);
  });
});
