import { z } from 'zod';
import {
  comparisonSchema,
  type Comparison,
  type VerdictDocument,
} from '../../control/comparison-document.ts';
import { describeIncomplete, tookPart } from '../run/incomplete-run.ts';
import { nameCell, type GridCell } from './cells.ts';

const cellSchema = z.object({
  ordering: z.string(),
  peers: z.int(),
  messages: z.int(),
  intervalMs: z.object({ min: z.int(), max: z.int() }),
});

/** A line of runs.ndjson: a comparison, and before it which run of which cell that is, from 0. */
export const runRecordSchema = comparisonSchema.extend({
  cell: cellSchema.extend({ run: z.int().min(0) }),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** A line of failures.ndjson: a run that does not count, and why. */
export const failureRecordSchema = z.object({
  cell: cellSchema.extend({ run: z.int().min(0) }),
  atMs: z.int(),
  reason: z.string(),
  /** Whether a machine was taken away meanwhile; lines that do not say were written before it was asked. */
  cause: z.enum(['failed', 'preempted']).default('failed'),
  /** The comparison; `null` where the run came to none. */
  comparison: comparisonSchema.nullable(),
});
export type FailureRecord = z.infer<typeof failureRecordSchema>;

/** What a line leaves out of its comparison, for parameters.json: half of its length. */
export const OMITTED = [
  'perPeer[].roundTripMs (null)',
  'kendallTau.pairs (empty; mean and max are there)',
  'observations of counterexamples (empty; their text is there)',
] as const;

/** A comparison without what no summary reads and what grows with the square of the peers. */
export function abridge(comparison: Comparison): Comparison {
  const guarantees = Object.entries(comparison.guarantees).map(([name, verdict]) => [
    name,
    abridgeVerdict(verdict),
  ]);
  return {
    ...comparison,
    guarantees: Object.fromEntries(guarantees) as Comparison['guarantees'],
    perPeer: comparison.perPeer.map((peer) => ({ ...peer, roundTripMs: null })),
    kendallTau: { ...comparison.kendallTau, pairs: [] },
  };
}

function abridgeVerdict(verdict: VerdictDocument): VerdictDocument {
  const { counterexample } = verdict;
  if (counterexample === undefined) return verdict;
  return { ...verdict, counterexample: { text: counterexample.text, observations: [] } };
}

/**
 * Why a run does not count as one of a cell: one sentence without its full stop. `null` for a run that
 * every member took part in to the end. Disorder, and messages that were lost, are results.
 */
export function failureOf(comparison: Comparison, cell: GridCell, seed: number): string | null {
  const { ordering, peers, messages } = comparison;
  const isAsked = ordering === cell.ordering && peers === cell.peers && messages === cell.messages;
  if (!isAsked || comparison.seed !== seed) {
    return `The comparison is of another run than ${nameCell(cell)} with seed ${seed}`;
  }
  const incomplete = describeIncomplete(comparison);
  if (incomplete !== null) return incomplete;
  const absent = comparison.perPeer.filter((peer) => !tookPart(peer));
  if (absent.length === 0) return null;
  const who = absent.map(({ peerId, standing }) => `${peerId} (${standing})`);
  return `Not every peer took part to the end: ${who.join(', ')}`;
}
