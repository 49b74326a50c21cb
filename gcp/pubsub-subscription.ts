import {
  Duration,
  SubscriptionCloseBehaviors,
  type Message,
  type Subscription as Stream,
  type SubscriptionOptions,
} from '@google-cloud/pubsub';
import type { Subscription } from '../control/ports.ts';

/** The most handlers of one subscription that run at once; Pub/Sub holds the rest back. */
const HANDLERS_MAX = 8;

/** How long `close` waits for handlers under way; what they leave undone is delivered again. */
const CLOSE_SECONDS_MAX = 10;

/**
 * The client opens a stream that broke again after 100 ms, then twice as long, up to half a second. It
 * goes by what the stream delivered, and commands are rare: with a longer pause a network that fails
 * now and then would leave hardly any time in which a command could come.
 */
const RETRY_MAX_BACKOFF = Duration.from({ milliseconds: 500 });

/**
 * A subscription that the client gave up is opened again after half a second, then after twice as long
 * each time, up to 30 s, until it is closed.
 */
const REOPEN_MS_MIN = 500;
const REOPEN_MS_MAX = 30_000;

const OPTIONS: SubscriptionOptions = {
  flowControl: { maxMessages: HANDLERS_MAX, allowExcessMessages: false },
  streamingOptions: { maxStreams: 1, retryMaxBackoff: RETRY_MAX_BACKOFF },
  closeOptions: {
    behavior: SubscriptionCloseBehaviors.WaitForProcessing,
    timeout: Duration.from({ seconds: CLOSE_SECONDS_MAX }),
  },
};

export interface PubSubSubscriptionOptions {
  /** A fresh stream of the subscription's messages. */
  readonly open: (options: SubscriptionOptions) => Stream;
  /** Creates the subscription where it is absent. */
  readonly ensure: () => Promise<void>;
  readonly handler: (message: unknown) => Promise<void>;
  readonly onError: (error: Error) => void;
  /** Opens this subscription, and whatever shares its connection, over a new one. */
  readonly reconnect: () => Promise<void>;
  readonly onClose: () => void;
}

/**
 * Hands the messages of one subscription to a handler. The client itself reconnects when a
 * connection breaks; what it gives up on (the subscription is gone, a permission was withdrawn)
 * ends its stream, and a new one is opened here.
 */
export class PubSubSubscription implements Subscription {
  readonly #options: PubSubSubscriptionOptions;
  #stream: Stream;
  #reopening: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(options: PubSubSubscriptionOptions) {
    this.#options = options;
    this.#stream = this.#open();
  }

  reopen(): Promise<void> {
    return this.#closed ? Promise.resolve() : this.#options.reconnect();
  }

  /** Creates the subscription where it is absent. */
  ensure(): Promise<void> {
    return this.#options.ensure();
  }

  /** Opens a new stream; resolves once the one before has ended. */
  async moveOver(): Promise<void> {
    if (this.#closed) return;
    clearTimeout(this.#reopening);
    this.#reopening = undefined;
    const before = this.#stream;
    this.#stream = this.#open();
    await before.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#reopening);
    this.#options.onClose();
    await this.#stream.close();
  }

  #open(): Stream {
    const stream = this.#options.open(OPTIONS);
    stream.on('error', (error) => this.#mend(stream, error));
    stream.on('message', (message) => void this.#handle(message));
    return stream;
  }

  async #handle(message: Message): Promise<void> {
    // This message waited in the client when it was closed: another process may have it.
    if (this.#closed) return message.nack();
    this.#failures = 0;
    try {
      await this.#options.handler(parse(message.data.toString()));
      message.ack();
    } catch (error) {
      message.nack();
      this.#options.onError(error as Error);
    }
  }

  #mend(broken: Stream, error: Error): void {
    if (this.#isReplaced(broken) || this.#reopening !== undefined) return;
    this.#options.onError(error);
    const delayMs = Math.min(REOPEN_MS_MIN * 2 ** this.#failures, REOPEN_MS_MAX);
    this.#failures += 1;
    this.#reopening = setTimeout(() => void this.#reopen(broken), delayMs);
  }

  /** Whether nothing is to be done about a broken stream any more: a new one came meanwhile, or the end. */
  #isReplaced(broken: Stream): boolean {
    return this.#closed || broken !== this.#stream;
  }

  async #reopen(broken: Stream): Promise<void> {
    try {
      await broken.close();
      await this.#options.ensure();
      if (this.#isReplaced(broken)) return;
      this.#reopening = undefined;
      this.#stream = this.#open();
    } catch (error) {
      if (this.#isReplaced(broken)) return;
      this.#reopening = undefined;
      this.#mend(broken, error as Error);
    }
  }
}

/** A message as JSON if it is JSON, otherwise as its text: the handler decides what to do with it. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
