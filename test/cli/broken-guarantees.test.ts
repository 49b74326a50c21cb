import { describe, expect, test } from '@jest/globals';
import { brokenGuarantees, exitStatus } from '../../cli/broken-guarantees.ts';
import { sampleComparison } from './sample-comparison.ts';

const BROKEN = { held: false };

function withCrash(changes: Parameters<typeof sampleComparison>[0] = {}) {
  const comparison = sampleComparison(changes);
  const perPeer = comparison.perPeer.map((peer) =>
    peer.peer === 2 ? { ...peer, standing: 'crashed' as const } : peer,
  );
  return { ...comparison, perPeer };
}

describe('exitStatus', () => {
  test('is 0 while only undeclared guarantees broke', () => {
    expect(exitStatus(sampleComparison())).toBe(0);
  });

  test('is 1 when a declared guarantee broke, 0 when it could not be judged', () => {
    expect(exitStatus(sampleComparison({ declared: ['total'] }))).toBe(1);
    expect(exitStatus(sampleComparison({ declared: ['causal'] }))).toBe(0);
  });

  test('a crash excuses agreement and validity of an ordering that survives none', () => {
    const { guarantees } = sampleComparison();
    const changes = {
      ordering: 'fifo',
      declared: ['integrity', 'validity', 'agreement', 'fifo'] as const,
      guarantees: { ...guarantees, validity: BROKEN },
    };
    const declared = [...changes.declared];
    expect(brokenGuarantees(sampleComparison({ ...changes, declared }))).toEqual([
      'validity',
      'agreement',
    ]);
    expect(brokenGuarantees(withCrash({ ...changes, declared }))).toEqual([]);
  });

  test('a crash excuses no broken order, and nothing of an ordering that nobody knows', () => {
    const { guarantees } = sampleComparison();
    const fifoBroken = { ...guarantees, fifo: BROKEN };
    const declared = ['agreement' as const, 'fifo' as const];
    expect(
      brokenGuarantees(withCrash({ ordering: 'fifo', declared, guarantees: fifoBroken })),
    ).toEqual(['fifo']);
    expect(exitStatus(withCrash({ ordering: 'unheard-of', declared }))).toBe(1);
  });
});
