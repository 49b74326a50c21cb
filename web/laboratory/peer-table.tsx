import type { JSX } from 'preact';
import { liveStatus } from './live-status.ts';

/** A table of the registered peers, which tells whose heartbeat was heard lately. */
export function PeerTable(): JSX.Element {
  const status = liveStatus.value;
  const peers = status?.peers ?? [];
  if (status === null || peers.length === 0) return <p class="quiet">No peer is registered.</p>;
  const live = peers.filter((peer) => peer.live).length;
  return (
    <>
      <p>
        {live} of {peers.length} peers are live.
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Peers, to be scrolled">
        <table>
          <thead>
            <tr>
              <th scope="col">Peer</th>
              <th scope="col">Zone</th>
              <th scope="col">Address</th>
              <th scope="col">Heartbeat</th>
            </tr>
          </thead>
          <tbody>
            {peers.map(({ peerId, zone, address, heartbeatAtMs, live: isLive }) => (
              <tr key={peerId}>
                <th scope="row">{peerId}</th>
                <td>{zone}</td>
                <td>{address}</td>
                <td>
                  {isLive ? '✓ live' : '✗ silent'}
                  <small> {describeAge(status.lookedAtMs - heartbeatAtMs)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const MINUTE_MS = 60_000;

/** Such as "4 s ago" or "12 min ago": how old a heartbeat was when it was looked at. */
export function describeAge(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.round(ms / 1_000))} s ago`;
  if (ms < 60 * MINUTE_MS) return `${Math.round(ms / MINUTE_MS)} min ago`;
  return `${Math.round(ms / (60 * MINUTE_MS))} h ago`;
}
