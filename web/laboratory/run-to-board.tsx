import type { JSX } from 'preact';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { formatRoute } from '../routing/route.ts';
import type { DrawnRun } from '../workers/diagram-worker.ts';

/** Leads to the board with the steps of a recorded run. */
export function RunToBoard({
  run,
  runId,
}: {
  readonly run: DrawnRun;
  readonly runId: string;
}): JSX.Element {
  const obstacle = whyNotOnBoard(run);
  if (obstacle !== null) return <p class="quiet">{obstacle}</p>;
  return (
    <p>
      <a class="button" href={formatRoute('board', { run: runId })}>
        Open it on the board
      </a>{' '}
      <small>Step by step what its peers did; from any step on you may do otherwise.</small>
    </p>
  );
}

function whyNotOnBoard({ recording, comparison }: DrawnRun): string | null {
  if (recording.clocks === 'none') return 'A run that was recorded opens on the board.';
  if (ORDERINGS.has(comparison.ordering ?? '')) return null;
  return 'The board does not know the ordering of this run.';
}
