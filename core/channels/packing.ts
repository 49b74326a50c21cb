import { ByteBlocks } from '../base/byte-blocks.ts';
import { pack, packedSize, unpack } from './pack.ts';
import { underWayMaxOf } from './under-way.ts';
import { MESSAGES_BYTES_DEFAULT } from '../wire/datagram.ts';
import type { Message } from '../message.ts';
import {
  outThrough,
  type Blockage,
  type Create,
  type Group,
  type Ordering,
  type Out,
} from '../ordering.ts';
import { withCheckedShape } from '../ordering-shape.ts';
import { MessageQueue } from '../message-queue.ts';

/** The most bytes of a number on the wire: those of a run stay below 2^28 (LIMITS in control/limits.ts). */
const NUMBER_BYTES_MAX = 4;
/**
 * The most bytes that the fields of a pack's message take (message-codec.ts): kind, presence and sender, 5
 * numbers, the length of the payload; and the pack itself its kind, a number and a count.
 */
const FIELDS_BYTES_MAX = 3 + 5 * NUMBER_BYTES_MAX + 3 + 1 + NUMBER_BYTES_MAX + 3;
/** Orderings may put a list of numbers on a message, one for each member (a vector clock), after its length. */
const BYTES_PER_MEMBER = NUMBER_BYTES_MAX;
const LENGTH_BYTES = 1;
/** However large its packs are, each member may always have this number of them under way. */
const UNDER_WAY_MIN = 8;
/**
 * What an ordering orders is a pack of consecutive messages of one sender, because ordering costs about
 * the same however much is ordered. A message that is alone leaves at once, and so do several that are
 * multicast at one instant (`multicastAll`), together. What is multicast while as many packs as the ordering can use are
 * under way gathers until one of these is delivered at its sender. There is no timer, so that packs delay nothing where
 * there is no load.
 *
 * The ordering inside does not know: it sees multicasts with consecutive numbers, those of the packs, and
 * delivers them; here they are taken apart. A message that waits was not multicast yet as far as the
 * ordering is concerned, so it comes after more than it has to, never after less: causal order stays.
 * Source: Friedman and van Renesse, "Packing messages as a tool for boosting the performance of total
 * ordering protocols" (1997).
 */
class Packing implements Ordering {
  /** The layers outside see packs on the network (`Ordering.packs`). */
  readonly packs = true;
  readonly #self: number;
  readonly #inner: Ordering;
  readonly #bytesMax: number;
  readonly #underWayMax: number;
  readonly #blocks = new ByteBlocks();
  /** Messages that wait to be packed; bounded by what the application multicasts. */
  readonly #waiting = new MessageQueue();
  /** The number of the next pack; -1 before the first, which has the number of its message. */
  #next = -1;
  /** Own packs that are not delivered here. */
  #underWay = 0;
  readonly #handOn: (packed: Message) => void;

  constructor(group: Group, out: Out, createInner: Create) {
    this.#self = group.self;
    const messageBytesMax = group.messageBytesMax ?? MESSAGES_BYTES_DEFAULT;
    const listBytes = LENGTH_BYTES + BYTES_PER_MEMBER * group.size;
    this.#bytesMax = messageBytesMax - FIELDS_BYTES_MAX - listBytes;
    // Larger packs are fewer: a change of view has to carry what is under way, in bytes.
    const packsMax = (underWayMaxOf(group.size) * MESSAGES_BYTES_DEFAULT) / messageBytesMax;
    this.#underWayMax = Math.max(UNDER_WAY_MIN, Math.floor(packsMax));
    this.#handOn = handOnTo(out);
    const deliver = (packed: Message): void => this.#deliver(packed);
    this.#inner = createInner(group, outThrough(out, { deliver }));
  }

  get deadline(): number {
    return this.#inner.deadline;
  }

  get held(): number {
    return this.#inner.held;
  }

  get isBackedUp(): boolean {
    return this.#inner.isBackedUp ?? false;
  }

  blockage(): Blockage | null {
    return this.#inner.blockage?.() ?? null;
  }

  multicast(now: number, message: Message): void {
    if (this.#next < 0) this.#next = message.sequence;
    // While there is room, nothing waits, as each call ends with packs for which there is none; so a lone message need not
    // be queued, which would take a third of the time of `unordered` in the simulator.
    if (this.#hasRoom()) this.#leave(now, [message]);
    else this.#waiting.push(message);
  }

  multicastAll(now: number, messages: readonly Message[]): void {
    if (this.#next < 0) this.#next = messages[0]!.sequence;
    for (const message of messages) this.#waiting.push(message);
    this.#emit(now);
  }

  receive(now: number, from: number, message: Message): void {
    this.#inner.receive(now, from, message);
    this.#emit(now);
  }

  advance(now: number): void {
    this.#inner.advance(now);
    this.#emit(now);
  }

  /** Packs and multicasts the waiting messages for which there is room. */
  #emit(now: number): void {
    while (this.#waiting.length > 0 && this.#hasRoom()) this.#leave(now, this.#takeFull());
  }

  #leave(now: number, messages: readonly Message[]): void {
    // The pack is counted first, since the ordering may deliver it before the call returns.
    this.#underWay += 1;
    const sequence = this.#next;
    this.#next += 1;
    this.#inner.multicast(now, pack(sequence, messages, this.#blocks));
  }

  #hasRoom(): boolean {
    return this.#underWay < this.#underWayMax;
  }

  /** Takes as many waiting messages as fit one pack, and at least one. */
  #takeFull(): Message[] {
    const taken: Message[] = [];
    for (let bytes = 0; this.#waiting.length > 0;) {
      bytes += packedSize(this.#waiting.at(0));
      if (taken.length > 0 && bytes > this.#bytesMax) break;
      taken.push(this.#waiting.shift());
    }
    return taken;
  }

  #deliver(packed: Message): void {
    if (packed.sender === this.#self && this.#underWay > 0) this.#underWay -= 1;
    this.#handOn(packed);
  }
}

/** How the application gets the messages of a pack. */
function handOnTo(out: Out): (packed: Message) => void {
  if (out.deliver.pack !== undefined) return out.deliver.pack;
  // `out` may be an object of a class, whose method needs it.
  const deliver = (message: Message): void => out.deliver(message);
  return (packed) => unpack(packed, deliver);
}

/** Wraps `createInner`, whose messages become packs: outside all other layers, as they know of none. */
export function packing(createInner: Create): Create {
  const checked = withCheckedShape(createInner);
  return (group, out) => new Packing(group, out, checked);
}
