import type { EventLog } from '../../../core/records/event-log.ts';
import { findingOfObservations } from '../../../diagram/finding.ts';
import { renderDiagram } from '../../../diagram/render-diagram.ts';
import type { ShortestBroken } from '../../../simulation/exhaustive/explain-schedule.ts';
import { count } from '../../render/table.ts';
import { MEANINGS } from '../render-check.ts';

/** A schedule that breaks something as a space-time diagram, an SVG document. */
export function drawSchedule(
  ordering: string,
  { scope, choices, findings }: ShortestBroken,
  logs: readonly EventLog[],
): string {
  const { name, text, observations } = findings[0]!;
  return renderDiagram({
    logs,
    clocks: 'one',
    peers: logs.map(() => ({ name: null, zone: null })),
    finding: findingOfObservations(text, observations),
    facts: [
      `${ordering} breaks ${name} (${MEANINGS[name]})`,
      `${count(scope.peers, 'peer')} × ${count(scope.messages, 'message')}`,
      `a schedule of ${count(choices.length, 'choice')}`,
    ],
    notes: ['A step is drawn as a millisecond.'],
  });
}
