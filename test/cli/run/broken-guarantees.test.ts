import { describe, expect, test } from '@jest/globals';
import { brokenGuarantees, exitStatus } from '../../../cli/run/broken-guarantees.ts';
import { describeIncomplete } from '../../../cli/run/incomplete-run.ts';
import type { PeerResult } from '../../../control/comparison-document.ts';
import { sampleComparison } from '../render/sample-comparison.ts';

const BROKEN = { held: false };

function withCrash(changes: Parameters<typeof sampleComparison>[0] = {}) {
  const comparison = sampleComparison(changes);
  const perPeer = comparison.perPeer.map((peer) =>
    peer.peer === 2 ? { ...peer, standing: 'crashed' as const } : peer,
  );
  return { ...comparison, perPeer };
}

type Outcome = PeerResult['outcome'];

/** The sample with an outcome a peer; `null` for one that wrote nothing. */
function withOutcomes(
  outcomes: readonly Outcome[],
  changes: Parameters<typeof sampleComparison>[0],
) {
  const comparison = sampleComparison(changes);
  const perPeer = comparison.perPeer.map((peer, index) => {
    const outcome = outcomes[index]!;
    const standing = outcome === null ? ('silent' as const) : ('reported' as const);
    return { ...peer, standing, outcome };
  });
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

  test.each(['abandoned', 'failed'] as const)('so does a peer whose outcome is %s', (outcome) => {
    const changes = { ordering: 'fifo', declared: ['agreement' as const] };
    expect(brokenGuarantees(withOutcomes(['settled', outcome, 'settled'], changes))).toEqual([]);
  });

  test('a crash excuses no broken order, but an ordering of which nothing is known', () => {
    const { guarantees } = sampleComparison();
    const fifoBroken = { ...guarantees, fifo: BROKEN };
    const declared = ['agreement' as const, 'fifo' as const];
    expect(
      brokenGuarantees(withCrash({ ordering: 'fifo', declared, guarantees: fifoBroken })),
    ).toEqual(['fifo']);
    expect(exitStatus(withCrash({ ordering: 'unheard-of', declared }))).toBe(0);
  });
});

describe('a run that was not done to the end', () => {
  test.each<[readonly Outcome[], string | null]>([
    [['complete', 'settled', 'complete'], null],
    [['complete', 'abandoned', 'settled'], null],
    [['handshake', null, 'handshake'], 'The run did not begin: peer-1 never answered'],
    [[null, null, null], 'The run did not begin: peer-0, peer-1, peer-2 never answered'],
    [
      ['handshake', 'handshake', 'handshake'],
      'The run did not begin: the peers did not all hear each other in time',
    ],
    [
      ['settled', 'handshake', 'settled'],
      'The run was not done to the end: peer-1 gave up in the handshake',
    ],
    [
      ['settled', 'failed', null],
      'The run was not done to the end: peer-1 failed; peer-2 wrote nothing',
    ],
    [
      ['abandoned', 'abandoned', null],
      'The run was not done to the end: peer-0 was told to stop; peer-1 was told to stop; ' +
        'peer-2 wrote nothing',
    ],
    [['deadline', 'complete', 'complete'], 'The deadline passed before everything was delivered'],
    [
      ['deadline', 'deadline', null],
      'The deadline passed before everything was delivered; peer-2 wrote nothing',
    ],
  ])('%j: %s', (outcomes, sentence) => {
    const comparison = withOutcomes(outcomes, {});
    expect(describeIncomplete(comparison)).toBe(sentence);
    expect(exitStatus(comparison)).toBe(sentence === null ? 0 : 2);
  });

  test('a guarantee of safety that broke nevertheless is status 1, one of liveness is not', () => {
    const outcomes = ['deadline', 'deadline', 'complete'] as const;
    expect(exitStatus(withOutcomes(outcomes, { declared: ['total'] }))).toBe(1);
    expect(exitStatus(withOutcomes(outcomes, { declared: ['agreement'] }))).toBe(2);
  });
});
