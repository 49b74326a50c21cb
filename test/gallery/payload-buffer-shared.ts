import { Kind, Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { CentralBase } from './central-base.ts';

const BYTES_MAX = 1_000;

/**
 * Keeps one buffer for what it hands on, so that a content that waits is overwritten by the next one:
 * its own messages wait until the sequencer gives them their places.
 */
class PayloadBufferShared extends CentralBase {
  readonly #buffer = new Uint8Array(BYTES_MAX);
  readonly #own = new Map<number, Uint8Array>();

  protected override packed({ sequence, payload }: Message): Uint8Array {
    this.#buffer.set(payload);
    const kept = this.#buffer.subarray(0, payload.length);
    this.#own.set(sequence, kept);
    return kept;
  }

  protected override deliver(message: Message): void {
    const { sender, sequence, payload } = message;
    const own = sender === this.group.self ? this.#own.get(sequence) : undefined;
    super.deliver(new Message(Kind.data, sender, sequence, own ?? payload));
  }
}

export const create = reliable((group, out) => new PayloadBufferShared(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];
