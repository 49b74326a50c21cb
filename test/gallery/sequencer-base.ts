import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';
import { Heartbeats } from './heartbeats.ts';

const HEARTBEAT = 240;
const REQUEST = 241;
/** How many heartbeats have to be missing before a member is suspected. */
const HEARTBEATS_MISSED = 8;

/**
 * A fixed sequencer whose fail-over is as naive as a first attempt: the smallest member that is not
 * suspected gives out positions, without asking anybody. What it does when it takes over, and after
 * how long it does, is what the broken orderings differ in.
 */
export abstract class SequencerBase implements Ordering {
  protected readonly group: Group;
  protected nextToDeliver = 1;
  protected nextToAssign = 1;
  readonly #out: Out;
  readonly #heartbeats: Heartbeats;
  /** Own messages that were not delivered yet: their order is asked for again after a fail-over. */
  readonly #pending = new Map<number, Message>();
  readonly #ordered = new Map<number, Message>();
  readonly #delivered = new Set<string>();
  readonly #assigned = new Set<string>();
  #leader = 0;

  constructor(group: Group, out: Out, timeoutUs: number) {
    this.group = group;
    this.#out = out;
    this.#heartbeats = new Heartbeats(
      group.self,
      group.size,
      timeoutUs / HEARTBEATS_MISSED,
      timeoutUs,
    );
  }

  /** Called when this member becomes the sequencer. */
  protected abstract takeOver(): void;

  get deadline(): number {
    return this.#heartbeats.nextUs;
  }

  get held(): number {
    return this.#ordered.size;
  }

  multicast(_now: number, message: Message): void {
    this.#pending.set(message.sequence, message);
    this.#request(message);
  }

  receive(now: number, from: number, message: Message): void {
    this.#heartbeats.heard(now, from);
    if (message.kind === REQUEST) this.#assign(message);
    else if (message.kind === Kind.data) this.#accept(message);
  }

  advance(now: number): void {
    if (!this.#heartbeats.beat(now)) return;
    this.#out.multicast(new Message(HEARTBEAT, this.group.self, 0));
    const leader = this.#heartbeats.leader(now);
    if (leader === this.#leader) return;
    this.#leader = leader;
    if (leader === this.group.self) this.takeOver();
    for (const message of this.#pending.values()) this.#request(message);
  }

  #request(message: Message): void {
    if (this.#leader === this.group.self) this.#assign(message);
    else {
      const { sender, sequence, payload } = message;
      this.#out.send(this.#leader, new Message(REQUEST, sender, sequence, payload));
    }
  }

  #assign({ sender, sequence, payload }: Message): void {
    const key = `${sender} ${sequence}`;
    if (this.#assigned.has(key) || this.#delivered.has(key)) return;
    this.#assigned.add(key);
    const position = this.nextToAssign;
    this.nextToAssign += 1;
    const ordered = new Message(Kind.data, sender, sequence, payload, 0, 0, 0, position);
    this.#out.multicast(ordered);
    this.#accept(ordered);
  }

  #accept(message: Message): void {
    if (message.position < this.nextToDeliver) this.late(message);
    else this.#ordered.set(message.position, message);
    let next = this.#ordered.get(this.nextToDeliver);
    while (next !== undefined) {
      this.#ordered.delete(this.nextToDeliver);
      this.nextToDeliver += 1;
      this.deliver(next);
      next = this.#ordered.get(this.nextToDeliver);
    }
  }

  /** A message under a position that this member has delivered. */
  protected late(_message: Message): void {
    // It was delivered already, as far as this member knows.
  }

  protected deliver(message: Message): void {
    const key = `${message.sender} ${message.sequence}`;
    if (this.#delivered.has(key)) return;
    this.#delivered.add(key);
    if (message.sender === this.group.self) this.#pending.delete(message.sequence);
    this.#out.deliver(message);
  }
}
