import type { JSX } from 'preact';
import { connection, liveStatus } from './live-status.ts';

const CONNECTIONS = {
  connecting: 'The dashboard is being asked ...',
  lost: 'The dashboard is not heard any more: has "mpcomm dashboard" ended, or is its machine asleep? What is below is old. The page goes on trying.',
  refused:
    'This page has not the right key. Open the whole address that "mpcomm dashboard" printed when it began.',
} as const;

/** Whether there is somebody behind the page, in a sentence: a slow laboratory is told, and so is a dead one. */
export function LaboratoryStanding(): JSX.Element {
  const status = liveStatus.value;
  const isHeard = connection.value === 'live';
  if (connection.value !== 'live') {
    const sentence = CONNECTIONS[connection.value];
    return connection.value === 'connecting' ? (
      <p role="status">{sentence}</p>
    ) : (
      <p role="alert">{sentence}</p>
    );
  }
  if (status === null) return <p role="status">The laboratory is being looked at ...</p>;
  const isWell = status.state === 'up' && isHeard;
  return isWell ? <p role="status">{status.sentence}</p> : <p role="alert">{status.sentence}</p>;
}
