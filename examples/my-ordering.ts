import type { GuaranteeName } from '../core/guarantees.ts';
import { Kind, Message } from '../core/message.ts';
import type { Group, Ordering, Out } from '../core/ordering.ts';
import { reliable } from '../core/channels/reliable-link.ts';

/** A kind of message of its own: 200 to 255 are free for such files. */
const REQUEST = 200;

/** Whoever orders all messages. */
const SEQUENCER = 0;

/**
 * A template that works: member 0 orders everybody's messages.
 *
 * A member sends what it multicasts to the sequencer, which multicasts it to all; each delivers in the
 * order in which that arrives. The channels below (`reliable`) lose nothing and keep the order in
 * which was sent, so that this is the same order everywhere. If member 0 crashes, nothing goes on.
 */
class MyOrdering implements Ordering {
  /** Nothing is scheduled: no time has to come for it to go on. */
  readonly deadline = Infinity;
  /** Nothing that was received waits for its delivery. */
  readonly held = 0;
  readonly #group: Group;
  readonly #out: Out;

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  multicast(_now: number, message: Message): void {
    const { sender, sequence, payload } = message;
    if (this.#group.self === SEQUENCER) this.#order(message);
    else this.#out.send(SEQUENCER, new Message(REQUEST, sender, sequence, payload));
  }

  receive(_now: number, _from: number, message: Message): void {
    const { kind, sender, sequence, payload } = message;
    if (kind === REQUEST) this.#order(new Message(Kind.data, sender, sequence, payload));
    else this.#out.deliver(message);
  }

  advance(): void {
    // Never called, because nothing is scheduled.
  }

  #order(message: Message): void {
    this.#out.multicast(message);
    this.#out.deliver(message);
  }
}

export const create = reliable((group, out) => new MyOrdering(group, out));

/** What it promises in every run; `mpcomm check` looks for one that breaks it. */
export const guarantees: readonly GuaranteeName[] = [
  'integrity',
  'validity',
  'agreement',
  'fifo',
  'total',
];

/** Lost messages are sent again, by `reliable`. */
export const retransmits = true;

/** `none`: a crash may stop it; `minority`: it has to go on while more than half live. */
export const survives = 'none';

export const summary = 'a sequencer that never fails over';
