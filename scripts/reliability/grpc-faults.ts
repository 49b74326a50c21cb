import { createHash } from 'node:crypto';
import type { Interceptor } from './grpc-proxy.ts';

const SUBSCRIBER = '/google.pubsub.v1.Subscriber';
const ACKNOWLEDGE = `${SUBSCRIBER}/Acknowledge`;
const STREAMING_PULL = `${SUBSCRIBER}/StreamingPull`;
const MODIFY_ACK_DEADLINE = `${SUBSCRIBER}/ModifyAckDeadline`;
const COMMIT = '/google.firestore.v1.Firestore/Commit';

/** A field of a protobuf message, as it lies in the bytes. */
interface Field {
  readonly number: number;
  readonly value: Buffer;
}

/**
 * Pub/Sub delivers each message `times` times to each subscription, after it was handled each time: an
 * acknowledgement becomes a refusal (a deadline of 0 s) until the last.
 */
export class Redelivery implements Interceptor {
  readonly paths = [ACKNOWLEDGE];
  /** Acknowledgements that became refusals. */
  refusals = 0;
  readonly #times: number;
  /** The message that each delivery was of. */
  readonly #messageOf = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  constructor(times: number) {
    this.#times = times;
  }

  /** StreamingPullResponse: received_messages = 1, each with ack_id = 1 and message = 2. */
  observe(path: string, response: Buffer): void {
    if (path !== STREAMING_PULL) return;
    for (const received of parse(response).filter(({ number }) => number === 1)) {
      const fields = parse(received.value);
      const message = parse(fields.find(({ number }) => number === 2)!.value);
      const ackId = String(fields.find(({ number }) => number === 1)!.value);
      // PubsubMessage: message_id = 3.
      this.#messageOf.set(ackId, String(message.find(({ number }) => number === 3)!.value));
    }
  }

  decide(path: string, request: Buffer) {
    const fields = parse(request);
    const subscription = String(fields.find(({ number }) => number === 1)?.value);
    const ackIds = fields.filter(({ number }) => number === 2).map(({ value }) => String(value));
    const counts = ackIds.map((ackId) => this.#countOf(subscription, ackId));
    // Several in one request are refused together: each comes at least as often as it should.
    if (counts.every((count) => count >= this.#times)) {
      return { path, message: request, loseAnswer: false };
    }
    this.refusals += 1;
    // AcknowledgeRequest has its ids as field 2, ModifyAckDeadlineRequest as field 4.
    const renumbered = fields.map(({ number, value }) => encode(number === 2 ? 4 : number, value));
    const refusal = Buffer.concat(renumbered);
    return { path: MODIFY_ACK_DEADLINE, message: refusal, loseAnswer: false };
  }

  #countOf(subscription: string, ackId: string): number {
    const delivered = `${subscription} ${this.#messageOf.get(ackId) ?? ackId}`;
    const count = (this.#counts.get(delivered) ?? 0) + 1;
    this.#counts.set(delivered, count);
    return count;
  }
}

/**
 * Every write to Firestore takes effect, and its first answer is lost: the client has to write again.
 * A transaction is another one each time that it is begun, so that every second one is spared.
 */
export class LostAnswers implements Interceptor {
  readonly paths = [COMMIT];
  lost = 0;
  readonly #seen = new Set<string>();
  #transactions = 0;

  decide(path: string, message: Buffer) {
    const transaction = parse(message).find(({ number }) => number === 3)?.value;
    let loseAnswer = this.#isNew(transaction ?? message);
    if (loseAnswer && transaction !== undefined) loseAnswer = (this.#transactions += 1) % 2 === 1;
    if (loseAnswer) this.lost += 1;
    return { path, message, loseAnswer };
  }

  #isNew(bytes: Buffer): boolean {
    const hash = createHash('sha256').update(bytes).digest('base64');
    const isNew = !this.#seen.has(hash);
    this.#seen.add(hash);
    return isNew;
  }
}

/** The fields of a message that are text, bytes or messages; numbers are skipped. */
function parse(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    if ((tag & 7) === 0) {
      varint();
      continue;
    }
    if ((tag & 7) !== 2) throw new Error(`field ${tag >> 3} is of a kind that no message here has`);
    const length = varint();
    fields.push({ number: tag >> 3, value: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

function encode(number: number, value: Buffer): Buffer {
  const length: number[] = [];
  let rest = value.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), value]);
}
