import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { SequenceDigest } from '../../core/base/digest.ts';
import { NO_FIGURES, type MemberFigures } from '../../cli/bench/member-figures.ts';
import type { MemberTask } from '../../cli/bench/member-task.ts';
import { residentMiBMaxOf } from '../../cli/bench/resident-memory.ts';

/**
 * The bare prototype: a total order in as little JavaScript as there can be, to say what the machine and
 * Node cost by themselves. Data is multicast by its sender in full datagrams, member 0 multicasts the
 * places (Kaashoek's BB). Nothing is authenticated, nothing is sent again: a lost datagram stops it.
 *
 * For each run it is told its task and then the ports of all. A datagram of data: type 1, sender, u16 messages, u32
 * number of the datagram, u32 blocks that its sender has delivered; then the messages, each with a u16
 * of its length. One of places: type 3, 0, u16 count, then a sender (u8) and number (u32) each. One of
 * credit: type 4, sender, u16 0, u32 blocks delivered.
 */
type BareTask = Pick<
  MemberTask,
  'self' | 'messages' | 'payloadBytes' | 'secondsMax' | 'datagramBytes'
>;

const HEADER = 12;
/** How many datagrams a member may be ahead of the slowest one; of its own, a share of these may be undelivered. */
const AHEAD_MAX = 128;
const AHEAD_MIN = 4;
const OWN_SHARE = 0.25;
/** The kernel counts the room that a datagram takes in a receive buffer: at most twice its bytes. */
const ROOM = 2;
const PLACES_MAX = 250;

let self = 0;
let messages = 0;
let payloadBytes = 0;
let secondsMax = 0;
let datagramBytes = 0;
let perDatagram = 0;
let aheadMax = AHEAD_MAX;
let receiver: Socket | null = null;
let sockets: (Socket | null)[] = [];
let sent = 0;
let multicasts = 0;
let ownDelivered = 0;
let blocks = 0;
let credited = 0;
let deliveries = 0;
let datagrams = 0;
let expected = 0;
let startedAt = 0;
let lastDeliveryAt = 0;
let cpuBefore = process.cpuUsage();
let blocksOf: number[] = [];
let waiting: Map<number, Buffer>[] = [];
let sequences: number[] = [];
let placed: [number, number][] = [];
let placedHead = 0;
let newPlaces: [number, number][] = [];
/** Whether it may send: before, its sockets are not all there. */
let isReady = false;
let isPumping = false;
let areDue = false;
let hasEnded = false;
let deadline: NodeJS.Timeout | undefined;
let digest = new SequenceDigest();

/** Forgets the run before, of which all members said their figures, and binds a socket for the next one. */
async function open(task: BareTask): Promise<void> {
  for (const socket of [receiver, ...sockets]) socket?.close();
  clearTimeout(deadline);
  ({ self, messages, payloadBytes, secondsMax, datagramBytes } = task);
  perDatagram = Math.floor((datagramBytes - HEADER) / (2 + payloadBytes));
  sockets = [];
  sent = multicasts = ownDelivered = blocks = credited = deliveries = datagrams = placedHead = 0;
  placed = [];
  newPlaces = [];
  // What another member sends may come before this one is told the ports.
  blocksOf = [];
  sequences = [];
  waiting = [];
  expected = Infinity;
  isReady = isPumping = areDue = hasEnded = false;
  digest = new SequenceDigest();
  receiver = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  receiver.on('message', onDatagram);
  receiver.bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  process.send!({ port: receiver.address().port });
}

function toAll(datagram: Buffer): void {
  for (const socket of sockets) {
    if (socket === null) continue;
    datagrams += 1;
    socket.send(datagram);
  }
}

function onDatagram(datagram: Buffer): void {
  const type = datagram[0];
  const sender = datagram[1]!;
  if (type === 1) {
    blocksOf[sender] = datagram.readUInt32LE(8);
    accept(sender, datagram.readUInt32LE(4), datagram);
  } else if (type === 3) {
    const count = datagram.readUInt16LE(2);
    for (let index = 0; index < count; index += 1) {
      const offset = 4 + 5 * index;
      placed.push([datagram[offset]!, datagram.readUInt32LE(offset + 1)]);
    }
    drain();
  } else if (type === 4) blocksOf[sender] = datagram.readUInt32LE(4);
  // Who began sooner must not make this one send to those whom it has no socket for yet.
  if (!isReady) return;
  if (blocks - credited >= OWN_SHARE * aheadMax) credit();
  pumpSoon();
}

function accept(sender: number, number: number, datagram: Buffer): void {
  if (self !== 0) {
    (waiting[sender] ??= new Map()).set(number, datagram);
    drain();
    return;
  }
  newPlaces.push([sender, number]);
  deliver(datagram);
  if (!isReady) return;
  if (newPlaces.length >= PLACES_MAX) tellPlaces();
  else if (!areDue) {
    areDue = true;
    setImmediate(tellPlaces);
  }
}

function tellPlaces(): void {
  areDue = false;
  const datagram = Buffer.alloc(4 + 5 * newPlaces.length);
  datagram[0] = 3;
  datagram.writeUInt16LE(newPlaces.length, 2);
  for (const [index, [sender, number]] of newPlaces.entries()) {
    datagram[4 + 5 * index] = sender;
    datagram.writeUInt32LE(number, 5 + 5 * index);
  }
  if (newPlaces.length > 0) toAll(datagram);
  newPlaces.length = 0;
}

function drain(): void {
  for (; placedHead < placed.length; placedHead += 1) {
    const [sender, number] = placed[placedHead]!;
    const datagram = waiting[sender]?.get(number);
    if (datagram === undefined) return;
    waiting[sender]!.delete(number);
    deliver(datagram);
  }
}

function deliver(datagram: Buffer): void {
  const sender = datagram[1]!;
  const count = datagram.readUInt16LE(2);
  let offset = HEADER;
  for (let index = 0; index < count; index += 1) {
    offset += 2 + (datagram[offset]! | (datagram[offset + 1]! << 8));
    const sequence = sequences[sender] ?? 0;
    digest.add(sender * messages + sequence);
    sequences[sender] = sequence + 1;
  }
  deliveries += count;
  lastDeliveryAt = performance.now();
  blocks += 1;
  if (sender === self) ownDelivered += 1;
  if (deliveries === expected) end();
}

function credit(): void {
  credited = blocks;
  const datagram = Buffer.alloc(8);
  datagram[0] = 4;
  datagram[1] = self;
  datagram.writeUInt32LE(blocks, 4);
  toAll(datagram);
}

function pumpSoon(): void {
  if (isPumping) return;
  isPumping = true;
  setImmediate(pump);
}

function pump(): void {
  isPumping = false;
  for (let burst = 0; burst < OWN_SHARE * aheadMax && mayMulticast(); burst += 1) multicast();
}

function mayMulticast(): boolean {
  // A turn that the run before asked for may come when this one is open, and has no sockets yet.
  if (!isReady || multicasts >= messages || sent - ownDelivered >= OWN_SHARE * aheadMax)
    return false;
  for (let member = 0; member < sockets.length; member += 1) {
    if (member !== self && blocks - (blocksOf[member] ?? 0) >= aheadMax) return false;
  }
  return true;
}

function multicast(): void {
  const count = Math.min(perDatagram, messages - multicasts);
  const datagram = Buffer.allocUnsafe(HEADER + count * (2 + payloadBytes));
  datagram[0] = 1;
  datagram[1] = self;
  datagram.writeUInt16LE(count, 2);
  datagram.writeUInt32LE(sent, 4);
  datagram.writeUInt32LE(blocks, 8);
  credited = blocks;
  for (let index = 0; index < count; index += 1) {
    const offset = HEADER + index * (2 + payloadBytes);
    datagram.writeUInt16LE(payloadBytes, offset);
    datagram.fill(index, offset + 2, offset + 2 + payloadBytes);
  }
  multicasts += count;
  const number = sent;
  sent += 1;
  toAll(datagram);
  accept(self, number, datagram);
  pumpSoon();
}

function end(): void {
  if (hasEnded) return;
  hasEnded = true;
  const { user, system } = process.cpuUsage(cpuBefore);
  const figures: MemberFigures = {
    ...NO_FIGURES,
    deliveries,
    perSecond: deliveries === 0 ? 0 : deliveries / ((lastDeliveryAt - startedAt) / 1_000),
    orderHash: `${digest.first}-${digest.second}`,
    cpuUs: user + system,
    datagrams,
    residentMiBMax: residentMiBMaxOf('self'),
  };
  tellPlaces();
  credit();
  process.send!({ figures });
}

/** Bounds what waits at a slow member, which is that and what the others may have undelivered, by its buffer. */
function aheadFor(members: number): number {
  const held = receiver!.getRecvBufferSize() / ROOM / datagramBytes;
  const ahead = Math.floor(held / (1 + OWN_SHARE * (members - 1)));
  return Math.min(Math.max(ahead, AHEAD_MIN), AHEAD_MAX);
}

async function connectTo(port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', sendBufferSize: 1024 * 1024 });
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

process.on('disconnect', () => process.exit(0));
process.on('message', (told: { task: BareTask } | { ports: number[] }) => {
  void ('task' in told ? open(told.task) : begin(told.ports));
});

async function begin(ports: readonly number[]): Promise<void> {
  expected = messages * ports.length;
  aheadMax = aheadFor(ports.length);
  for (const [member, port] of ports.entries()) {
    sockets.push(member === self ? null : await connectTo(port));
  }
  // The others connect as well: who began sooner would only wait for their credit.
  setTimeout(() => {
    startedAt = performance.now();
    cpuBefore = process.cpuUsage();
    isReady = true;
    tellPlaces();
    pump();
    deadline = setTimeout(end, 1_000 * secondsMax);
  }, 300);
}
