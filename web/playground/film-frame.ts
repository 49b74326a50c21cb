import { Kind } from '../../core/message.ts';
import type { Film, FilmedDelivery } from './film.ts';
import type { PacketColumns } from './packet-columns.ts';

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
  const under = flyingAt(film.packets, atUs);
  // The application's messages come first, as the picture is about them; messages about them come after.
  const sorted = under.sort((a, b) => Number(b.isData) - Number(a.isData));
  return {
    packets: sorted.slice(0, FLYING_MAX),
    packetsLeftOut: Math.max(0, sorted.length - FLYING_MAX),
    peers: film.deliveries.map((deliveries, peer) => peerAt(film, deliveries, peer, atUs)),
  };
}

function flyingAt(columns: PacketColumns, atUs: number): FlyingPacket[] {
  const { from, to, kinds, senders, sequences, sentAtUs, arrivesAtUs } = columns;
  const flying: FlyingPacket[] = [];
  for (let key = 0; key < sentAtUs.length && sentAtUs[key]! <= atUs; key += 1) {
    const arrives = arrivesAtUs[key]!;
    if (arrives <= atUs || arrives === Infinity) continue;
    const share = (atUs - sentAtUs[key]!) / (arrives - sentAtUs[key]!);
    flying.push({
      key,
      from: from[key]!,
      to: to[key]!,
      share,
      sender: senders[key]!,
      sequence: sequences[key]!,
      isData: kinds[key] === Kind.data,
    });
  }
  return flying;
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
