import type { JSX } from 'preact';
import type { FilmedDelivery } from './film.ts';
import type { FilmFrame } from './film-frame.ts';
import type { WaitingPeer } from './run-playground.ts';

const HELD_SHOWN = 8;

interface PeerListProps {
  readonly frame: FilmFrame;
  readonly waiting: readonly WaitingPeer[];
}

/** Each peer in words: what it delivered last, what it holds, and what that waits for. */
export function PeerList({ frame, waiting }: PeerListProps): JSX.Element {
  return (
    <ul class="peers">
      {frame.peers.map(({ delivered, latest, held, isStopped }, peer) => {
        const wait = waiting.find((each) => each.peer === peer);
        return (
          <li key={peer}>
            <strong>Peer {peer}</strong> {isStopped ? 'has stopped; it ' : ''}delivered {delivered}
            {latest.length > 0 ? ', last ' : ' '}
            {latest.map((each) => (
              <Chip key={nameOf(each)} message={each} />
            ))}
            {held.length === 0 ? null : (
              <>
                {' '}
                holds{' '}
                {held.slice(0, HELD_SHOWN).map((each) => (
                  <Chip key={nameOf(each)} message={each} isHeld />
                ))}
                {held.length > HELD_SHOWN ? `and ${held.length - HELD_SHOWN} more` : ''}
              </>
            )}
            {wait === undefined ? null : <em> {wait.text}</em>}
          </li>
        );
      })}
    </ul>
  );
}

function Chip({
  message,
  isHeld = false,
}: {
  readonly message: FilmedDelivery;
  readonly isHeld?: boolean;
}): JSX.Element {
  const { sender, sequence } = message;
  return (
    <span
      class={isHeld ? 'chip held' : 'chip'}
      style={{ '--colour': `var(--series-${sender % 8})` }}
    >
      {sender},{sequence}
    </span>
  );
}

function nameOf({ sender, sequence }: FilmedDelivery): string {
  return `${sender},${sequence}`;
}
