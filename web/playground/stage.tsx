import type { JSX } from 'preact';
import { pathBetween } from '../../network/network-model.ts';
import { zonesForPeers } from '../../network/zones.ts';
import type { FilmFrame, FlyingPacket } from './film-frame.ts';
import type { PlaygroundSettings } from './playground-settings.ts';
import { placesOnMap, placesOnRing, type StagePlace } from './stage-layout.ts';

interface StageProps {
  readonly settings: PlaygroundSettings;
  readonly frame: FilmFrame;
}

/** The peers where they are, and the messages between them. What it shows stands in the list below as well. */
export function Stage({ settings, frame }: StageProps): JSX.Element {
  const { peers, network } = settings;
  const zones = zonesForPeers(peers, settings.zones);
  const places = network === 'zones' ? placesOnMap(zones) : placesOnRing(peers);
  return (
    <div class="stage" aria-hidden="true">
      {frame.packets.map((packet) => (
        <PacketDot
          key={packet.key}
          packet={packet}
          from={places[packet.from]!}
          to={places[packet.to]!}
        />
      ))}
      {places.map((place, peer) => (
        <div
          key={peer}
          class={`peer ${frame.peers[peer]!.isStopped ? 'stopped' : ''}`}
          style={{
            ...placeOnStage(place),
            '--colour': `var(--series-${peer % 8})`,
          }}
          title={network === 'zones' ? describeZone(zones, peer) : `peer ${peer}`}
        >
          <b>{peer}</b>
          <span>{frame.peers[peer]!.delivered}</span>
          {network === 'zones' ? <small>{shortName(zones[peer]!)}</small> : null}
        </div>
      ))}
    </div>
  );
}

interface PacketDotProps {
  readonly packet: FlyingPacket;
  readonly from: StagePlace;
  readonly to: StagePlace;
}

function PacketDot({ packet, from, to }: PacketDotProps): JSX.Element {
  const { share, sender, sequence, isData } = packet;
  const x = from.x + (to.x - from.x) * share;
  const y = from.y + (to.y - from.y) * share;
  return (
    <span
      class={isData ? 'packet' : 'packet control'}
      style={{ ...placeOnStage({ x, y }), '--colour': `var(--series-${sender % 8})` }}
    >
      {isData ? `${sender},${sequence}` : ''}
    </span>
  );
}

/** A place as the style of an element, with room for a peer's box at the edges. */
function placeOnStage({ x, y }: StagePlace): { readonly left: string; readonly top: string } {
  return {
    left: `calc(2.9rem + (100% - 5.8rem) * ${x / 100})`,
    top: `calc(2rem + (100% - 4rem) * ${y / 100})`,
  };
}

function shortName(zone: string): string {
  return zone
    .replace(/-[a-z]$/, '')
    .replace('northamerica-', 'na-')
    .replace('southamerica-', 'sa-');
}

/** The zone, and the measured round trips from there to the other peers. */
function describeZone(zones: readonly string[], peer: number): string {
  const trips = zones.flatMap((zone, other) => {
    if (other === peer) return [];
    const ms = (pathBetween(zones[peer]!, zone).oneWayUs * 2) / 1_000;
    return [`${ms.toFixed(0)} ms to peer ${other} and back`];
  });
  return [`peer ${peer} in ${zones[peer]!}`, ...trips].join('\n');
}
