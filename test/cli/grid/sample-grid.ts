import type { Comparison } from '../../../control/comparison-document.ts';
import { createParameters } from '../../../cli/grid/create-parameters.ts';
import type { GridCell } from '../../../cli/grid/cells.ts';
import { requestOf, type GridOptions } from '../../../cli/grid/grid-request.ts';
import type { GridParameters } from '../../../cli/grid/parameters.ts';
import type { RunRecord } from '../../../cli/grid/records.ts';
import { sampleComparison } from '../render/sample-comparison.ts';

const ENVIRONMENT = {
  project: { version: '0.1.0', commit: '0123456789abcdef', dirty: false },
  versions: { node: '24.0.0', packages: { zod: '4.0.0' } },
  machine: { platform: 'linux', architecture: 'x64', cores: 2, memoryGib: 8 },
};

/** The parameters of a small grid: two orderings, two and three peers, 10 messages, two runs. */
export function sampleParameters(changes: Partial<GridOptions> = {}): GridParameters {
  const options: GridOptions = {
    orderings: ['unordered', 'fifo'],
    peers: [2, 3],
    messages: [10],
    runs: 2,
    seed: 7,
    name: 'sample',
    out: 'results',
    state: 'state',
    ...changes,
  };
  return createParameters(requestOf(options, null), ENVIRONMENT, '2026-01-31T12:00:00.000Z');
}

/** A comparison of a run that succeeded. */
export function comparisonOf(
  { ordering, peers, messages }: Omit<GridCell, 'intervalMs'>,
  seed: number,
  changes: Partial<Comparison> = {},
): Comparison {
  const sample = sampleComparison();
  const perPeer = Array.from({ length: peers }, (_, peer) => ({
    ...sample.perPeer[0]!,
    peer,
    peerId: `peer-${peer}`,
    roundTripMs: { 'peer-9': 12 },
  }));
  const rounds = peers * messages;
  return { ...sample, ordering, peers, messages, rounds, seed, perPeer, ...changes };
}

export function recordOf(cell: GridCell, run: number, seed = 7 + run): RunRecord {
  return { cell: { ...cell, run }, ...comparisonOf(cell, seed) };
}
