import { expect, test } from '@jest/globals';
import { describeHoldingBack } from '../../../cli/run/incomplete-run.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import { sampleComparison } from '../render/sample-comparison.ts';

function comparisonOf(ordering: string, heldMax: number): Comparison {
  const sample = sampleComparison();
  const [first, ...others] = sample.perPeer;
  const stopped = { ...first!, outcome: 'deadline', missing: 4, heldMax } as const;
  return { ...sample, ordering, perPeer: [stopped, ...others] };
}

test('who held messages back until the deadline is named, with the command that looks for why', () => {
  expect(describeHoldingBack(comparisonOf('file-mine', 3))).toMatch(
    /^peer-0 held messages back and did not deliver all: .* "npx mpcomm check FILE" looks/,
  );
  expect(describeHoldingBack(comparisonOf('ring', 3))).toContain('"npx mpcomm check ring"');
  expect(describeHoldingBack(comparisonOf('ring', 3))).toContain('too little time (--deadline');
});

test('who waited for peers that left no report had too little time to go on without them', () => {
  const { perPeer, ...rest } = comparisonOf('ring', 3);
  const [first, second, ...others] = perPeer;
  const crashed = { ...second!, standing: 'crashed', outcome: null } as const;
  const comparison = { ...rest, perPeer: [first!, crashed, ...others] };
  expect(describeHoldingBack(comparison)).toContain(
    'too little time to go on without peer-1 (--deadline',
  );
});

test('nothing is said of peers that held nothing back, or that no deadline stopped', () => {
  expect(describeHoldingBack(comparisonOf('ring', 0))).toBeNull();
  expect(describeHoldingBack(sampleComparison())).toBeNull();
});
