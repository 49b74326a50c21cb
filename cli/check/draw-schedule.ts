import type { EventLog } from '../../core/records/event-log.ts';
import { findingOfObservations } from '../../diagram/finding.ts';
import { renderDiagram } from '../../diagram/render-diagram.ts';
import type { Finding } from '../../simulation/check/finding.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import type { ChosenSetup } from '../../simulation/choices/chosen-setup.ts';
import { count } from '../render/table.ts';
import { MEANINGS } from './meanings.ts';

/** A schedule of choices and what it breaks. */
export interface ScheduleToDraw {
  readonly scope: Pick<ChosenSetup, 'peers' | 'messages'>;
  readonly choices: readonly Choice[];
  readonly finding: Finding;
}

/** A schedule that breaks something as a space-time diagram, an SVG document. */
export function drawSchedule(
  ordering: string,
  { scope, choices, finding }: ScheduleToDraw,
  logs: readonly EventLog[],
): string {
  const { name, text, observations } = finding;
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
