import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { PlannedMember, RunPlan } from '../../../control/command.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import { ByteWriter } from '../../../core/base/byte-writer.ts';
import { createRandom } from '../../../core/base/random.ts';
import { Kind, Message } from '../../../core/message.ts';
import {
  DATAGRAM_BYTES_DEFAULT,
  DatagramType,
  endDatagram,
  writeHeader,
  writeMessages,
  takeApart,
} from '../../../core/wire/datagram.ts';
import { halfOf, receiverBit } from '../../../core/wire/receivers.ts';
import { readOrCreateSecret } from '../../../local/state/secret.ts';
import { deriveRunKey, type RunKey } from '../../../peer/transport/authentication.ts';
import { DatagramChannel } from '../../../peer/transport/datagram-channel.ts';
import { type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';

const DATAGRAMS_A_RUN = 1_000_000;
const PEERS = 3;
const RUN = { peers: PEERS, messages: 200, ordering: 'sequencer', deadlineMs: 300_000 } as const;
/** Different datagrams of one flood, for each member; each is sent many times. */
const KINDS_EACH = 4_000;
/** Datagrams handed to the system before it is asked whether it took them. */
const BURST = 64;
/** A number that no message of the run has: whoever accepted it would deliver what nobody sent. */
const SEQUENCE_INVENTED = 90_000;

export const hostileDatagrams: Trial = {
  name: 'hostile-datagrams',
  summary:
    'a million datagrams a run that are no member’s, at the ports of the members: none is accepted',
  backends: ['embedded'],
  runsDefault: 10,
  msMax: (runs) => 120_000 + runs * 240_000,
  run: (context) => withLaboratory(context, { peers: PEERS }, (trial) => floodAll(context, trial)),
};

async function floodAll(context: TrialContext, trial: TrialLaboratory): Promise<void> {
  const random = createRandom(context.seed, 0);
  const secret = await readOrCreateSecret(trial.laboratory.directory);
  const socket = createSocket('udp4');
  let [sent, opened, runs] = [0, 0, 0];
  try {
    while (sent < context.runs * DATAGRAMS_A_RUN) {
      const plan = await trial.begin(RUN);
      const key = deriveRunKey(secret, plan.runId);
      const other = deriveRunKey(secret, '20000101-000000-00000000');
      const pools = plan.members.map((_member, to) => hostilePool(random, { key, other, to }));
      context.check(pools.every(isRefused(key)), `${plan.runId}: a channel accepts none of them`);
      const flood = new Flood(socket, plan.members, pools);
      const [comparison, count] = await floodUntil(flood, trial.comparison(plan));
      sent += count;
      opened += droppedIn(comparison);
      runs += 1;
      check(context, plan, comparison);
      context.say(`  ${plan.runId}: ${count} sent, ${droppedIn(comparison)} opened and dropped`);
    }
  } finally {
    socket.close();
    await once(socket, 'close');
  }
  context.measured('runs', runs);
  context.measured('datagrams sent', sent);
  context.measured('opened and dropped by a member', opened);
}

interface Target {
  readonly key: RunKey;
  /** The keys of another run of the same laboratory. */
  readonly other: RunKey;
  readonly to: number;
}

/** Datagrams for one member that nobody may accept, of every kind in equal parts. */
function hostilePool(random: () => number, target: Target): Uint8Array[] {
  return Array.from({ length: KINDS_EACH }, (_, index) => {
    return HOSTILE[index % HOSTILE.length]!(random, target);
  });
}

type Hostile = (random: () => number, target: Target) => Uint8Array;

const HOSTILE: readonly Hostile[] = [
  // Bytes that mean nothing.
  (random) => noise(random, Math.floor(random() * 1_300)),
  // Everything is right in it but the tag; and the same with something behind it, which may be further datagrams.
  withWrongTag,
  (random, target) => {
    const added = noise(random, 1 + Math.floor(random() * 8));
    return Buffer.concat([withWrongTag(random, target), added]);
  },
  // A datagram of another run, as it is, and under this run's name.
  (random, { other, to }) => lie(random, other, to, true),
  (random, { key, other, to }) => {
    const datagram = lie(random, key, to);
    other.seal(datagram);
    return datagram;
  },
  // A good one of which one bit was changed.
  (random, { key, to }) => {
    const datagram = lie(random, key, to, true);
    const bit = Math.floor(random() * datagram.length * 8);
    datagram[bit >> 3]! ^= 1 << (bit & 7);
    return datagram;
  },
  // A good one that was cut. (One to which something was added is still good: a datagram says how long it is.)
  (random, { key, to }) => {
    const datagram = lie(random, key, to, true);
    return datagram.subarray(0, Math.floor(random() * (datagram.length - 1)));
  },
  // A good one for everybody else, and one that a member seems to have sent to itself.
  (random, { key, to }) => lie(random, key, to, true, { receivers: ~receiverBit(to) >>> 0 }),
  (random, { key, to }) => lie(random, key, to, true, { sender: to }),
];

function withWrongTag(random: () => number, { key, to }: Target): Uint8Array {
  const datagram = lie(random, key, to);
  datagram.set(noise(random, 16), datagram.length - 16);
  return datagram;
}

/** A datagram with messages that nobody multicast, from another member to member `to`. */
function lie(
  random: () => number,
  key: RunKey,
  to: number,
  isSealed = false,
  change: { readonly sender?: number; readonly receivers?: number } = {},
): Uint8Array {
  const sender = (to + 1 + Math.floor(random() * (PEERS - 1))) % PEERS;
  const packet = 1 + Math.floor(random() * 100_000);
  const header = {
    type: DatagramType.messages,
    sender,
    half: halfOf(to),
    receivers: receiverBit(to),
    packet,
    ...change,
  };
  const sequence = SEQUENCE_INVENTED + Math.floor(random() * 1_000);
  const writer = new ByteWriter(new Uint8Array(DATAGRAM_BYTES_DEFAULT));
  writeHeader(writer, header, key.runTag);
  writeMessages(writer, [new Message(Kind.data, sender, sequence)]);
  const datagram = endDatagram(writer);
  if (isSealed) key.seal(datagram);
  return datagram;
}

function noise(random: () => number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256));
}

/** Whether a member's own check refuses every datagram of a pool: exactly, and not by its effects. */
function isRefused(key: RunKey) {
  return (pool: readonly Uint8Array[], to: number): boolean => {
    const carrier = { losses: 0, send: () => true, close: () => undefined };
    const channel = new DatagramChannel(to, PEERS, key, carrier, DATAGRAM_BYTES_DEFAULT);
    const opens = (bytes: Uint8Array): boolean => {
      let isOpened = false;
      takeApart(bytes, (datagram) => (isOpened ||= channel.open(datagram) !== null));
      return isOpened;
    };
    return !pool.some(opens);
  };
}

/** Sends hostile datagrams to the members in turn, on and on. */
class Flood {
  sent = 0;
  readonly #socket: Socket;
  readonly #members: readonly PlannedMember[];
  readonly #pools: readonly (readonly Uint8Array[])[];

  constructor(
    socket: Socket,
    members: readonly PlannedMember[],
    pools: readonly (readonly Uint8Array[])[],
  ) {
    this.#socket = socket;
    this.#members = members;
    this.#pools = pools;
  }

  /** Hands some to the system, and resolves once it has taken them. */
  burst(): Promise<void> {
    return new Promise((resolve) => {
      let left = BURST;
      const taken = (): void => {
        if ((left -= 1) === 0) resolve();
      };
      for (let count = 0; count < BURST; count += 1) this.#sendNext(taken);
    });
  }

  #sendNext(taken: () => void): void {
    const to = this.sent % this.#members.length;
    const pool = this.#pools[to]!;
    const datagram = pool[Math.floor(this.sent / this.#members.length) % pool.length]!;
    this.sent += 1;
    // No other machine than this one is ever a target.
    this.#socket.send(datagram, this.#members[to]!.port, '127.0.0.1', taken);
  }
}

/** Floods until the run is compared, or enough was sent; gives the comparison and how many were sent. */
async function floodUntil(
  flood: Flood,
  compared: Promise<Comparison>,
): Promise<[Comparison, number]> {
  let isOver = false;
  void compared.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  while (!isOver && flood.sent < DATAGRAMS_A_RUN) {
    await flood.burst();
    // The run is followed by this process too.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [await compared, flood.sent];
}

function check(context: TrialContext, { runId }: RunPlan, { perPeer }: Comparison): void {
  for (const { peerId, outcome, missing, duplicates, invented } of perPeer) {
    context.check(outcome === 'complete', `${runId}: ${peerId} is complete: ${String(outcome)}`);
    const isTrue = missing + duplicates + invented === 0;
    const counts = `${missing} missing, ${duplicates} twice, ${invented} invented`;
    context.check(isTrue, `${runId}: ${peerId} delivered what was sent: ${counts}`);
  }
  const total = (of: (peer: Comparison['perPeer'][number]) => number | undefined): number =>
    perPeer.reduce((sum, peer) => sum + (of(peer) ?? 0), 0);
  const [accepted, sent] = [
    total(({ datagrams }) => datagrams?.received),
    total(({ datagrams }) => datagrams?.sent),
  ];
  context.check(accepted <= sent, `${runId}: the members sent ${sent}, and accepted ${accepted}`);
}

/** How many datagrams members opened and dropped: those that found a receive buffer full were never opened. */
function droppedIn({ perPeer }: Comparison): number {
  return perPeer
    .flatMap(({ dropped }) => Object.entries(dropped ?? {}))
    .reduce((sum, [reason, count]) => (reason === 'overflow' ? sum : sum + count), 0);
}
