import { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { type Entry, LamportBase } from '../../examples/broken/lamport-base.ts';

const ACK = 240;
const AGAIN_US = 200_000;

/**
 * Lamport's order with acknowledgements that are sent once more after a while, to be safe, and counted: two of one member
 * are taken for those of two.
 */
class AcknowledgementsCounted extends LamportBase {
  readonly #counts = new Map<string, number>();
  #sent: Message[] = [];
  #now = 0;

  override receive(now: number, from: number, message: Message): void {
    this.#now = now;
    super.receive(now, from, message);
  }

  override advance(now: number): void {
    super.advance(now);
    for (const acknowledgement of this.#sent) this.out.multicast(acknowledgement);
    this.#sent = [];
  }

  protected override acknowledge(message: Message): void {
    super.acknowledge(message);
    const { sender, sequence } = message;
    this.#sent.push(new Message(ACK, sender, sequence, undefined, 0, this.clock));
    this.deadline = Math.min(this.deadline, this.#now + AGAIN_US);
    this.#count(message);
  }

  protected override acknowledged(_from: number, about: Message): void {
    this.#count(about);
  }

  protected override isAcknowledged({ message }: Entry): boolean {
    return (this.#counts.get(keyOf(message)) ?? 0) >= this.group.size - 1;
  }

  #count(message: Message): void {
    this.#counts.set(keyOf(message), (this.#counts.get(keyOf(message)) ?? 0) + 1);
  }
}

function keyOf({ sender, sequence }: Message): string {
  return `${sender} ${sequence}`;
}

export const create = reliable((group, out) => new AcknowledgementsCounted(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];
