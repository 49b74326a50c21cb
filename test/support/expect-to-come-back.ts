import { expect } from '@jest/globals';
import type { Comparison } from '../../control/comparison-document.ts';
import type { RealLaboratory } from './real-laboratory.ts';
import { runHere } from './run-command.ts';

/** Expects `mpcomm simulate --from` to play a recorded run once more to its end; gives its answer. */
export async function expectToComeBack(
  { laboratory }: RealLaboratory,
  { runId, ordering, perPeer }: Comparison,
): Promise<string> {
  const state = laboratory.directory.path;
  const { text, status } = await runHere('simulate', '--from', runId!, '--state', state);
  expect([ordering, status, text.replaceAll(/\s+/g, ' ')]).toEqual([
    ordering,
    0,
    expect.stringContaining('every peer does what it recorded, and delivers the same in the same'),
  ]);
  const played = [...text.matchAll(/peer \d: (\d+) deliver/g)].map(([, count]) => Number(count));
  expect([ordering, played]).toEqual([ordering, perPeer.map(({ delivered }) => delivered)]);
  return text;
}
