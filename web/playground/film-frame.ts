import { Kind } from '../../core/message.ts';
import type { Film, FilmedDelivery } from './film.ts';

/** A packet between two peers: `share` of its way, 0 to 1, lies behind it. */
export interface FlyingPacket {
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly sender: number;
  readonly sequence: number;
  /** Whether it carries a message of the application, or only says something about one. */
  readonly isData: boolean;
}

/** What one peer looks like at one time. */
export interface PeerFrame {
  readonly delivered: number;
  /** The last few deliveries, the newest first. */
  readonly latest: readonly FilmedDelivery[];
  /** Messages that came and wait, the oldest first. */
  readonly held: readonly FilmedDelivery[];
  readonly isStopped: boolean;
}

export interface FilmFrame {
  readonly packets: readonly FlyingPacket[];
  /** Packets under way that are not among `packets`. */
  readonly packetsLeftOut: number;
  readonly peers: readonly PeerFrame[];
}

const LATEST_MAX = 4;
const FLYING_MAX = 160;

/** The picture of `film` at `atUs`. */
export function frameAt(film: Film, atUs: number): FilmFrame {
  const under = film.packets.flatMap((packet, key): FlyingPacket[] => {
    const { from, to, sentAtUs, arrivesAtUs, sender, sequence } = packet;
    if (arrivesAtUs === null || sentAtUs > atUs || arrivesAtUs <= atUs) return [];
    const share = (atUs - sentAtUs) / (arrivesAtUs - sentAtUs);
    return [{ key, from, to, share, sender, sequence, isData: packet.kind === Kind.data }];
  });
  // The application's messages are what the picture is about; what is said about them comes after.
  const sorted = under.sort((a, b) => Number(b.isData) - Number(a.isData));
  return {
    packets: sorted.slice(0, FLYING_MAX),
    packetsLeftOut: Math.max(0, sorted.length - FLYING_MAX),
    peers: film.deliveries.map((deliveries, peer) => peerAt(film, deliveries, peer, atUs)),
  };
}

function peerAt(
  film: Film,
  deliveries: readonly FilmedDelivery[],
  peer: number,
  atUs: number,
): PeerFrame {
  const done = deliveries.filter(
    ({ deliveredAtUs }) => deliveredAtUs !== null && deliveredAtUs <= atUs,
  );
  const held = deliveries
    .filter(({ cameAtUs, deliveredAtUs }) => cameAtUs <= atUs && (deliveredAtUs ?? Infinity) > atUs)
    .sort((a, b) => a.cameAtUs - b.cameAtUs);
  const stoppedAtUs = film.stoppedAtUs[peer] ?? null;
  return {
    delivered: done.length,
    latest: done.slice(-LATEST_MAX).reverse(),
    held,
    isStopped: stoppedAtUs !== null && stoppedAtUs <= atUs,
  };
}
