import type { JSX } from 'preact';
import type { LiveProgress } from '../../control/api/dashboard-documents.ts';

const PHASES: Readonly<Record<LiveProgress['phase'], string>> = {
  joining: 'the peers look for each other',
  running: 'is running',
  comparing: 'all peers have reported, and are compared',
  overdue: 'its time is over, and nobody has closed it yet',
  compared: 'was compared',
};

/** How far each peer has come, by what it has uploaded. */
export function ProgressOfRun({ progress }: { readonly progress: LiveProgress }): JSX.Element {
  const { members, phase, deliveriesExpected, deadlineMs } = progress;
  const each = deliveriesExpected / Math.max(1, members.length);
  const done = members.reduce((sum, { deliveries }) => sum + deliveries, 0);
  const missing = members.filter(({ outcome }) => outcome === null).map(({ peerId }) => peerId);
  return (
    <div class="live">
      <p>
        <span role="status">{PHASES[phase]}</span>: {done} of {deliveriesExpected} deliveries
        {phase === 'compared' || missing.length === 0
          ? ''
          : `; no report yet of ${missing.join(', ')}`}
        {phase === 'compared' ? '' : `; at the latest over at ${clockTime(deadlineMs)}`}
      </p>
      <ul class="members">
        {members.map(({ peerId, zone, deliveries, multicasts, outcome }) => (
          <li key={peerId}>
            <span>
              {peerId} <small>{zone}</small>
            </span>
            <progress
              max={each}
              value={Math.min(each, deliveries)}
              aria-label={`Deliveries of ${peerId}`}
            />
            <small>
              {deliveries} delivered, {multicasts} multicast, {outcome ?? 'under way'}
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function clockTime(ms: number): string {
  return new Date(ms).toLocaleTimeString();
}
