import type { Message } from '../../core/message.ts';
import { Kind, Message as MessageClass } from '../../core/message.ts';
import type { Create, Ordering } from '../../core/ordering.ts';
import { createRandom } from '../../core/base/random.ts';

export interface VirtualNetworkOptions {
  readonly size: number;
  readonly seed: number;
  /** Probabilities of each datagram to be lost, and to arrive twice. */
  readonly loss?: number;
  readonly repetition?: number;
  /** Delays are uniform up to this, so that datagrams overtake each other. */
  readonly delayUsMax?: number;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Members that run one ordering in virtual time over a network that loses, repeats and reorders:
 * enough to test a protocol's logic in microseconds of real time.
 */
export class VirtualNetwork {
  now = 0;
  /** What each member delivered, as `sender.sequence`. */
  readonly delivered: string[][] = [];
  lost = 0;
  repeated = 0;
  sent = 0;
  readonly members: Ordering[] = [];
  readonly #events: Event[] = [];
  readonly #random: () => number;
  readonly #options: Required<VirtualNetworkOptions>;
  #order = 0;

  constructor(create: Create, options: VirtualNetworkOptions) {
    this.#options = { loss: 0, repetition: 0, delayUsMax: 50_000, ...options };
    this.#random = createRandom(options.seed, 1);
    for (let self = 0; self < options.size; self += 1) {
      const delivered: string[] = [];
      this.delivered.push(delivered);
      const group = { self, size: options.size, random: createRandom(options.seed, 2, self) };
      const member = create(group, {
        multicast: (message) => {
          for (let to = 0; to < options.size; to += 1)
            if (to !== self) this.#carry(self, to, message);
        },
        send: (to, message) => this.#carry(self, to, message),
        deliver: (message) => delivered.push(`${message.sender}.${message.sequence}`),
      });
      this.members.push(member);
    }
  }

  /** Member `self` multicasts its `sequence`-th message at `at`. */
  multicastAt(at: number, self: number, sequence: number): void {
    this.#schedule(at, () =>
      this.members[self]!.multicast(this.now, new MessageClass(Kind.data, self, sequence)),
    );
  }

  /** Runs until nothing is left to happen, or `until`; returns whether nothing is left. */
  run(until: number): boolean {
    for (;;) {
      this.#events.sort((a, b) => a.at - b.at || a.order - b.order);
      const event = this.#events[0];
      const alarm = Math.min(...this.members.map((member) => member.deadline));
      const at = Math.min(event?.at ?? Infinity, Math.max(alarm, this.now));
      if (at === Infinity) return true;
      if (at > until) return false;
      this.now = at;
      if (event?.at === at) {
        this.#events.shift();
        event.run();
      } else {
        for (const member of this.members) if (member.deadline <= at) member.advance(at);
      }
    }
  }

  #carry(from: number, to: number, message: Message): void {
    this.sent += 1;
    if (this.#random() < this.#options.loss) {
      this.lost += 1;
      return;
    }
    const copies = this.#random() < this.#options.repetition ? 2 : 1;
    this.repeated += copies - 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delay = 1 + Math.floor(this.#random() * this.#options.delayUsMax);
      this.#schedule(this.now + delay, () => this.members[to]!.receive(this.now, from, message));
    }
  }

  #schedule(at: number, run: () => void): void {
    this.#events.push({ at, order: (this.#order += 1), run });
  }
}
